import type { Paths } from '../config/paths.ts';
import { type ExclusiveLock, tryExclusiveLock } from '../storage/exclusiveLock.ts';
import { giveSign, takeSignBack } from './signOfLife.ts';

/**
 * Takes the drain lock for longer than a look at it. Launchers see the sign of life that goes with it, and start nobody: whoever takes
 * it looks at the queue after releasing it, or has a drainer on standby who does.
 *
 * @returns undefined when another process holds it after `waitMs`.
 * @throws StorageError when it cannot be taken at all.
 */
export function takeDrainLock(
  paths: Pick<Paths, 'drainLock' | 'drainerSign' | 'drainerStart'>,
  waitMs = 0,
): ExclusiveLock | undefined {
  const lock = tryExclusiveLock(paths.drainLock, waitMs);
  if (!lock) return undefined;
  giveSign(paths);
  return {
    release() {
      takeSignBack(paths);
      lock.release();
    },
  };
}
