import { existsSync } from 'node:fs';
import type { Paths } from '../config/paths.ts';
import { beginBulk, continuesBulk } from '../queue/bulkHooks.ts';
import { claimDrainerStart } from '../queue/drainerRecord.ts';
import { dropScene } from '../queue/dropScene.ts';
import { openQueue } from '../queue/openQueue.ts';
import { recordSceneChanges } from '../queue/recordSceneChange.ts';
import { tryExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Database } from '../storage/openDatabase.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { Clock } from '../time/clock.ts';
import type { SceneChangeEvent } from './sceneEvent.ts';

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
    isWorkLeft = writeEvent(event, db, clock.now());
  } catch (error) {
    throw StorageError.from(error, `The event for ${scenesOf(event)} could not be recorded`);
  }
  if (!isWorkLeft) return { needsDrainer: false };
  return { needsDrainer: isDrainerNeeded(db, dependencies) };
}

/** @returns whether somebody has to look at the queue: scenes were recorded, or inherit an item from one that is gone (A2). */
function writeEvent({ action, sceneIds, bulk }: SceneChangeEvent, db: Database, nowMs: number): boolean {
  const isRecorded = bulk !== undefined && continuesBulk(db, bulk, nowMs);
  const unrecorded = isRecorded ? sceneIds : [...(bulk?.sceneIds ?? []), ...sceneIds];
  // Its first hook may have been killed before it started a drainer.
  if (unrecorded.length === 0) return action === 'sync';
  return db
    .transaction(() => {
      if (bulk && !isRecorded) beginBulk(db, bulk, nowMs);
      if (action === 'forget') {
        return unrecorded.map((sceneId) => dropScene(db, sceneId, nowMs)).some((heirs) => heirs.length > 0);
      }
      recordSceneChanges(db, unrecorded, nowMs);
      return true;
    })
    .immediate();
}

function scenesOf({ sceneIds, bulk }: SceneChangeEvent): string {
  const [first, ...others] = [...sceneIds, ...(bulk?.sceneIds ?? [])];
  return others.length === 0 ? `scene ${first}` : `scene ${first} and ${others.length} others`;
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
