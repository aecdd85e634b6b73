import { beginBulk, continuesBulk } from '../queue/bulkHooks.ts';
import { dropScene } from '../queue/dropScene.ts';
import { recordSceneChanges } from '../queue/recordSceneChange.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { SceneChangeEvent } from './sceneEvent.ts';

/**
 * Writes what an event asks for, in one transaction.
 *
 * @returns whether somebody has to look at the queue: scenes were recorded, or inherit an item from one that is gone (A2).
 */
export function writeEvent(
  { action, sceneIds, bulk }: SceneChangeEvent,
  db: Database,
  nowMs: number,
): boolean {
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
