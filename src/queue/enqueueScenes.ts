import type { Database } from '../storage/openDatabase.ts';

/** What became of the scenes of a bulk. */
export interface EnqueuedScenes {
  /** Scenes that have a new job. */
  queued: number;
  /** Scenes that had one: it reads their data when its turn comes, so it is left as it is. */
  alreadyQueued: number;
}

/**
 * Records "these scenes have to be brought up to date" for scenes that no event speaks of, in one transaction. A job that is running
 * may have read its data already: it is marked to run once more. They wait behind the scenes of events.
 *
 * @param sceneIds without doubles; some thousand at most.
 */
export function enqueueScenes(db: Database, sceneIds: readonly number[], nowMs: number): EnqueuedScenes {
  const ids = JSON.stringify(sceneIds);
  return db
    .transaction(() => {
      db.prepare(
        `UPDATE jobs SET revision = revision + 1, cleared = 0
         WHERE state = 'running' AND scene_id IN (SELECT value FROM json_each(?))`,
      ).run(ids);
      const { changes } = db
        .prepare(
          `INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms, in_bulk)
           SELECT value, @nowMs, @nowMs, 1 FROM json_each(@ids)
           WHERE true ON CONFLICT (scene_id) DO NOTHING`,
        )
        .run({ ids, nowMs });
      return { queued: changes, alreadyQueued: sceneIds.length - changes };
    })
    .immediate();
}
