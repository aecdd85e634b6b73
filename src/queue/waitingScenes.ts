import type { Database } from '../storage/openDatabase.ts';

/**
 * The first scenes that wait, in the order in which they get their turn (those of events, then those of a bulk, and last those that wait
 * for another try), and how many wait in all.
 */
export function waitingScenes(db: Database, limit: number, nowMs: number): { ids: number[]; total: number } {
  // The first of each kind come from the index; only they can be among the first of all.
  const first = (inBulk: 0 | 1) => `SELECT * FROM (
    SELECT scene_id, in_bulk, due_at_ms, id FROM jobs
    WHERE state = 'pending' AND in_bulk = ${inBulk} ORDER BY due_at_ms, id LIMIT @limit)`;
  const ids = db
    .prepare(
      `SELECT scene_id FROM (${first(0)} UNION ALL ${first(1)})
       ORDER BY due_at_ms > @nowMs, iif(due_at_ms > @nowMs, 0, in_bulk), due_at_ms, id LIMIT @limit`,
    )
    .pluck()
    .all({ limit, nowMs }) as number[];
  const total = db.prepare("SELECT count(*) FROM jobs WHERE state = 'pending'").pluck().get() as number;
  return { ids, total };
}
