import type { Database } from '../storage/openDatabase.ts';

/**
 * Records "scene N has to be brought up to date", at most one live job per scene (W51).
 *
 * The job says which scene, never what: data is read from Stash at each attempt. The new revision tells a worker
 * that what it has read may be older than the event (W2, W3). A waiting job becomes due at once with a fresh
 * count of attempts, because the event is new work; for the same reason a clear before it no longer concerns the job (W17).
 */
export function recordSceneChange(db: Database, sceneId: number, nowMs: number): void {
  recordSceneChanges(db, [sceneId], nowMs);
}

/** As {@link recordSceneChange}, for several scenes in one statement: all or none. */
export function recordSceneChanges(db: Database, sceneIds: readonly number[], nowMs: number): void {
  db.prepare(
    `INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms)
     SELECT value, @nowMs, @nowMs FROM json_each(@ids)
     WHERE true ON CONFLICT (scene_id) DO UPDATE SET
       revision = revision + 1,
       cleared = 0,
       in_bulk = 0,
       due_at_ms = iif(state = 'running', due_at_ms, min(due_at_ms, @nowMs)),
       attempts = iif(state = 'running', attempts, 0),
       failures = iif(state = 'running', failures, 0)`,
  ).run({ ids: JSON.stringify(sceneIds), nowMs });
}
