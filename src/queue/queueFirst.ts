import type { Database } from '../storage/openDatabase.ts';
import { recordSceneChange } from './recordSceneChange.ts';

/**
 * Records that the user wants a scene to be looked at now: as an event of it, and before all others that wait. One that is in work is
 * looked at once more.
 */
export function queueFirst(db: Database, sceneId: number, nowMs: number): void {
  const first = db
    .prepare("SELECT min(due_at_ms) FROM jobs WHERE state = 'pending' AND in_bulk = 0 AND scene_id <> ?")
    .pluck();
  const hasten = db.prepare(
    `UPDATE jobs SET due_at_ms = min(due_at_ms, @beforeMs) WHERE scene_id = @sceneId AND state = 'pending'`,
  );
  db.transaction(() => {
    recordSceneChange(db, sceneId, nowMs);
    const firstMs = first.get(sceneId) as number | null;
    if (firstMs !== null) hasten.run({ sceneId, beforeMs: firstMs - 1 });
  }).immediate();
}
