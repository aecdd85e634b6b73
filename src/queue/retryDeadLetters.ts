import type { Database } from '../storage/openDatabase.ts';
import { enqueueScenes } from './enqueueScenes.ts';

/** What became of dead letters that were to get another try; every entry counts once. */
export interface RetriedDeadLetters {
  /** Their scenes are queued, and the entries marked. */
  retried: number;
  /** Their scenes have a job already; success or failure of that job decides about the entry. */
  alreadyQueued: number;
  /** Taken over from elsewhere without a scene: nothing can be tried. */
  withoutScene: number;
}

/**
 * Gives dead letters another try, in one transaction: each scene is queued and its entry marked, so that a second call finds nothing.
 *
 * @param errorType only entries of this class, as `DeadLetters.errorSummary` names it; undefined: all.
 */
export function retryDeadLetters(
  db: Database,
  errorType: string | undefined,
  nowMs: number,
): RetriedDeadLetters {
  const current = "recovered_at IS NULL AND (@type IS NULL OR coalesce(error_type, 'Unknown') = @type)";
  const type = errorType ?? null;
  const count = (condition: string) =>
    db.prepare(`SELECT count(*) FROM dead_letters WHERE ${current} AND ${condition}`).pluck().get({ type });
  return db
    .transaction(() => {
      const withoutScene = Number(count('scene_id IS NULL'));
      const alreadyQueued = Number(count('scene_id IN (SELECT scene_id FROM jobs)'));
      const sceneIds = db
        .prepare(
          `UPDATE dead_letters SET recovered_at = datetime(@nowSecs, 'unixepoch')
           WHERE ${current} AND scene_id IS NOT NULL AND scene_id NOT IN (SELECT scene_id FROM jobs)
           RETURNING scene_id`,
        )
        .pluck()
        .all({ type, nowSecs: Math.floor(nowMs / 1000) }) as number[];
      enqueueScenes(db, sceneIds, nowMs);
      return { retried: sceneIds.length, alreadyQueued, withoutScene };
    })
    .immediate();
}
