import { type ExclusiveLock, tryExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Launch } from './launch.ts';
import { pathsOf } from './pathsOf.ts';

/** Longer than any look of a hook at the lock, which takes a fraction of a millisecond. */
const LOCK_WAIT_MS = 1_000;

/**
 * Takes the drain lock before anything heavy is loaded: of several drainers all but one end here.
 *
 * @throws StorageError when the lock cannot be taken at all.
 */
export function enterDrainer(launch: Launch): ExclusiveLock | undefined {
  return tryExclusiveLock(pathsOf(launch).drainLock, LOCK_WAIT_MS);
}
