import { existsSync } from 'node:fs';
import type { Paths } from '../config/paths.ts';
import { claimDrainerStart } from '../queue/drainerRecord.ts';
import { dropScene } from '../queue/dropScene.ts';
import { recordSceneChange } from '../queue/recordSceneChange.ts';
import { openSpool } from '../spool/openSpool.ts';
import { tryExclusiveLock } from '../storage/exclusiveLock.ts';
import { type Database, openDatabase } from '../storage/openDatabase.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { Clock } from '../time/clock.ts';
import type { SceneEvent } from './sceneEvent.ts';
import { takeInEvents } from './takeInEvents.ts';

/** A hook event that asks for something. */
export type RelevantEvent = Exclude<SceneEvent, { action: 'ignore' }>;

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
 * Records a hook event that matters: it is durable when this returns. No network, no waiting for anything but
 * another process's short transaction.
 *
 * @throws StorageError when the event could not be recorded.
 */
export function recordEvent(event: RelevantEvent, dependencies: HookDependencies): RecordedEvent {
  const { paths, clock } = dependencies;
  if (event.action === 'forget' && !existsSync(paths.database)) return { needsDrainer: false };
  let db: Database;
  try {
    db = openDatabase(paths.database, { durability: 'full' });
    takeInFirst(db, dependencies);
    if (event.action === 'forget') {
      dropScene(db, event.sceneId);
      return { needsDrainer: false };
    }
    recordSceneChange(db, event.sceneId, clock.now());
  } catch (error) {
    throw StorageError.from(error, `The event for scene ${event.sceneId} could not be recorded`);
  }
  return { needsDrainer: isDrainerNeeded(db, dependencies) };
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
