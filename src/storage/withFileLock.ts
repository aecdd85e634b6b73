import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as lockfile from 'proper-lockfile';
import { StorageError } from './StorageError.ts';

/**
 * A holder that was killed blocks for this long, the shortest that the library allows; it dates a fresh lock up to a
 * second ahead. Holding takes milliseconds.
 */
const STALE_MS = 2_000;
/** Waits longer than both together. */
const RETRIES = { retries: 40, factor: 1, minTimeout: 100, maxTimeout: 100 };

/**
 * Runs `work` while no other process works on the same state file.
 *
 * @throws StorageError when the lock cannot be had; whatever `work` throws.
 */
export async function withFileLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  let release: () => Promise<void>;
  try {
    await mkdir(dirname(path), { recursive: true });
    release = await lockfile.lock(path, {
      realpath: false,
      retries: RETRIES,
      stale: STALE_MS,
      update: STALE_MS / 2,
      // A lock lost to a long pause of this machine: the file is written atomically, so nothing is torn.
      onCompromised: () => {},
    });
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
