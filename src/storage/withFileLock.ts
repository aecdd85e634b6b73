import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as lockfile from 'proper-lockfile';
import { StorageError } from './StorageError.ts';

/** Waits up to about two seconds for whoever holds the lock; holding one takes milliseconds. */
const RETRIES = { retries: 20, minTimeout: 20, maxTimeout: 200, randomize: true };

/**
 * Runs `work` while no other process works on the same state file.
 *
 * @throws StorageError when the lock cannot be had; whatever `work` throws.
 */
export async function withFileLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  let release: () => Promise<void>;
  try {
    await mkdir(dirname(path), { recursive: true });
    release = await lockfile.lock(path, { realpath: false, retries: RETRIES });
  } catch (error) {
    throw StorageError.from(error, `The file ${path} cannot be locked`);
  }
  try {
    return await work();
  } finally {
    // A lock that was lost to a long pause is somebody else's now.
    await release().catch(() => {});
  }
}
