import { existsSync } from 'node:fs';
import type { Paths } from '../config/paths.ts';
import { claimDrainerStart } from '../queue/drainerRecord.ts';
import { openQueue } from '../queue/openQueue.ts';
import { openSpool } from '../spool/openSpool.ts';
import { tryExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Database } from '../storage/openDatabase.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { Clock } from '../time/clock.ts';
import type { SceneChangeEvent } from './sceneEvent.ts';
import { takeInEvents } from './takeInEvents.ts';
import { writeEvent } from './writeEvent.ts';

/** What a hook needs of its surroundings. */
export interface HookDependencies {
  paths: Paths;
  clock: Clock;
  /** Whether hooks start drainers at all. */
  isAutodrainOn: boolean;
}

/** What is left to do after the event is durable. */
export interface RecordedEvent {
  /** This process has to start a drainer. */
  needsDrainer: boolean;
}

/**
 * Records a hook event that matters: it is durable when this returns, for all scenes of its mutation. The first hook of a mutation records
 * all of them, the others find that done: their data was committed before the first hook, so it is what a job reads. No network, no
 * waiting for anything but another process's short transaction.
 *
 * @throws StorageError when the event could not be recorded.
 */
export function recordEvent(event: SceneChangeEvent, dependencies: HookDependencies): RecordedEvent {
  const { paths, clock } = dependencies;
  if (event.action === 'forget' && !existsSync(paths.database)) return { needsDrainer: false };
  let db: Database;
  let isWorkLeft: boolean;
  try {
    db = openQueue(paths.database, { durability: 'full' }, clock.now());
    takeInFirst(db, dependencies);
    isWorkLeft = writeEvent(event, db, clock.now());
  } catch (error) {
    throw StorageError.from(error, `The event for ${scenesOf(event)} could not be recorded`);
  }
  if (!isWorkLeft) return { needsDrainer: false };
  return { needsDrainer: isDrainerNeeded(db, dependencies) };
}

function scenesOf({ sceneIds, bulk }: SceneChangeEvent): string {
  const [first, ...others] = [...sceneIds, ...(bulk?.sceneIds ?? [])];
  return others.length === 0 ? `scene ${first}` : `scene ${first} and ${others.length} others`;
}

/** What launchers recorded came before this event. Whatever is wrong with it must not lose this one. */
function takeInFirst(db: Database, { paths, clock }: HookDependencies): void {
  try {
    openSpool(paths);
    takeInEvents({ paths, db, clock });
  } catch {
    // It stays where it is; the drainer tries again, and says what is wrong.
  }
}

/**
 * Whether this process has to start a drainer for what it has just committed.
 *
 * A drainer that leaves releases its lock first and looks at the queue afterwards, so who finds the lock held after
 * the commit is seen (W13). Who finds it free claims the start; of a herd one succeeds, and its drainer looks after it
 * has the lock, which is after every commit of the herd. A surplus drainer ends at the lock, so when in doubt: yes.
 */
function isDrainerNeeded(db: Database, { paths, clock, isAutodrainOn }: HookDependencies): boolean {
  if (!isAutodrainOn) return false;
  try {
    const lock = tryExclusiveLock(paths.drainLock);
    if (!lock) return false;
    lock.release();
    // A claim lost in a power cut costs nothing, so it does not pay for a flush.
    db.pragma('synchronous = NORMAL');
    return claimDrainerStart(db, clock.now());
  } catch {
    // The event is recorded; the drainer will say what is wrong here.
    return true;
  }
}
