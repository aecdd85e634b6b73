import type { Database } from '../storage/openDatabase.ts';

/**
 * The scenes that wait, in the order in which they get their turn: those of events, then those of a bulk, and last those that wait for
 * another try.
 */
export function waitingScenes(db: Database, limit: number, nowMs: number): number[] {
  // The first of each kind come from the index; only they can be among the first of all.
  const first = (inBulk: 0 | 1) => `SELECT * FROM (
    SELECT scene_id, in_bulk, due_at_ms, id FROM jobs
    WHERE state = 'pending' AND in_bulk = ${inBulk} ORDER BY due_at_ms, id LIMIT @limit)`;
  return db
    .prepare(
      `SELECT scene_id FROM (${first(0)} UNION ALL ${first(1)})
       ORDER BY due_at_ms > @nowMs, iif(due_at_ms > @nowMs, 0, in_bulk), due_at_ms, id LIMIT @limit`,
    )
    .pluck()
    .all({ limit, nowMs }) as number[];
}
