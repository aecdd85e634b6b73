import { closeSpool } from '../spool/openSpool.ts';
import { takeStartBack } from '../spool/signOfLife.ts';
import { takeDrainLock } from '../spool/takeDrainLock.ts';
import type { ExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Launch } from './launch.ts';
import { pathsOf } from './pathsOf.ts';

/** Longer than any look of a hook at the lock, which takes a fraction of a millisecond. */
export const LOCK_WAIT_MS = 1_000;
/** A task that works off a large queue holds the lock for long; whoever stops it leaves the rest to the one on standby. */
const STANDBY_ROUNDS = 24 * 3_600;

/**
 * Takes the drain lock before anything heavy is loaded: of several drainers all but one end here.
 *
 * @param options.isStandby waits for as long as the holder lives.
 * @throws StorageError when the lock cannot be taken at all; launchers leave their hooks to Node then, which says so.
 */
export function enterDrainer(
  launch: Launch,
  { isStandby }: { isStandby: boolean },
): ExclusiveLock | undefined {
  const paths = pathsOf(launch);
  try {
    for (let round = 0; round < (isStandby ? STANDBY_ROUNDS : 1); round += 1) {
      const lock = takeDrainLock(paths, LOCK_WAIT_MS);
      if (lock) return lock;
    }
    // A launcher that counted on this process has started nobody: whoever has the lock after this sees its event.
    takeStartBack(paths);
    return takeDrainLock(paths);
  } catch (error) {
    closeSpool(paths);
    throw error;
  }
}
