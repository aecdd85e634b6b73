import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, StorageError } from './StorageError.ts';

/**
 * A holder that was killed blocks for this long, the shortest that the library allows; it dates a fresh lock up to a
 * second ahead. Holding takes milliseconds.
 */
const STALE_MS = 2_000;
/** Waits longer than both together. */
const RETRIES = 40;
const RETRY_PAUSE_MS = 100;

/**
 * Runs `work` while no other process works on the same state file.
 *
 * @throws StorageError when the lock cannot be had; whatever `work` throws.
 */
export async function withFileLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  let release: () => Promise<void>;
  try {
    mkdirSync(dirname(path), { recursive: true });
    release = await acquire(path);
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

/**
 * What stands for the lock of a state file: a folder. Not `<name>.lock`, which the Python plugin uses as a file and leaves behind: such
 * a one could neither be taken over nor be taken for out of date.
 */
export function lockFolderOf(path: string): string {
  return `${path}.locked`;
}

/** Only a lock that somebody holds is worth waiting for; a folder that cannot be written stays so. */
async function acquire(path: string): Promise<() => Promise<void>> {
  // Loaded when it is needed, as in StateFile: most processes only read state files.
  const { default: lockfile } = await import('proper-lockfile');
  for (let retry = 0; ; retry += 1) {
    try {
      return await lockfile.lock(path, {
        realpath: false,
        lockfilePath: lockFolderOf(path),
        stale: STALE_MS,
        update: STALE_MS / 2,
        // A lock lost to a long pause of this machine: the file is written atomically, so nothing is torn.
        onCompromised: () => {},
      });
    } catch (error) {
      if (errorCode(error) !== 'ELOCKED' || retry === RETRIES) throw error;
    }
    await pause(RETRY_PAUSE_MS);
  }
}
