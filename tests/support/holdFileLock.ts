import * as lockfile from 'proper-lockfile';
import { onTestFinished } from 'vitest';
import { lockFolderOf } from '../../src/storage/withFileLock.ts';

/** Holds a state file's lock as another process would, until the returned function is called or the test is over. */
export async function holdFileLock(path: string): Promise<() => Promise<void>> {
  const unlock = await lockfile.lock(path, {
    realpath: false,
    lockfilePath: lockFolderOf(path),
    stale: 2_000,
    update: 1_000,
  });
  let isHeld = true;
  const release = async () => {
    if (isHeld) await unlock();
    isHeld = false;
  };
  onTestFinished(release);
  return release;
}
