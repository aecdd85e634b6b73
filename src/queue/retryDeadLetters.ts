import type { Database } from '../storage/openDatabase.ts';
import { type DeadLetterSelection, IS_SELECTED, selectionValues } from './deadLetterSelection.ts';
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
 * @param selection which of them.
 */
export function retryDeadLetters(
  db: Database,
  selection: DeadLetterSelection,
  nowMs: number,
): RetriedDeadLetters {
  const current = `recovered_at IS NULL AND ${IS_SELECTED}`;
  const values = selectionValues(selection);
  const count = (condition: string) =>
    db.prepare(`SELECT count(*) FROM dead_letters WHERE ${current} AND ${condition}`).pluck().get(values);
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
        .all({ ...values, nowSecs: Math.floor(nowMs / 1000) }) as number[];
      enqueueScenes(db, sceneIds, nowMs);
      return { retried: sceneIds.length, alreadyQueued, withoutScene };
    })
    .immediate();
}
