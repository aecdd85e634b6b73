import { isAutodrainOn } from '../config/environment.ts';
import type { Paths } from '../config/paths.ts';
import { claimDrainerStart } from '../queue/drainerRecord.ts';
import { tryExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';

/** Where a drainer would be, and how one is started. */
export interface WakeContext {
  paths: Pick<Paths, 'drainLock'>;
  db: Database;
  clock: Pick<Clock, 'now'>;
  env: NodeJS.ProcessEnv;
  startDrainer: () => void;
}

/**
 * Starts a drainer unless one is alive or just being started, as a hook does: whoever has the lock looks at the queue once more after
 * giving it back.
 *
 * @returns false when background work is switched off.
 */
export function wakeDrainer({ paths, db, clock, env, startDrainer }: WakeContext): boolean {
  if (!isAutodrainOn(env)) return false;
  try {
    const lock = tryExclusiveLock(paths.drainLock);
    lock?.release();
    if (!lock || !claimDrainerStart(db, clock.now())) return true;
  } catch {
    // What is queued is queued; the drainer will say what is wrong here.
  }
  startDrainer();
  return true;
}
