import type { Database } from '../storage/openDatabase.ts';

/** How many scenes are in which state. */
export interface QueueFigures {
  /** Waiting and due now. */
  due: number;
  /** Waiting for a later time. */
  waiting: number;
  running: number;
  deadLetters: number;
  /** Scenes whose item is another scene's. */
  shared: number;
}

/** A job that waits. */
export interface NextJob {
  sceneId: number;
  dueAtMs: number;
  attempts: number;
  lastError: string | null;
}

/**
 * The figures of the queue. Writes nothing.
 *
 * @param isDrainerAlive without one nobody works on what looks as if it were running: it is due.
 */
export function readQueueFigures(db: Database, nowMs: number, isDrainerAlive: boolean): QueueFigures {
  const row = db
    .prepare(
      `SELECT (SELECT count(*) FROM jobs WHERE state = 'pending' AND in_bulk IN (0, 1) AND due_at_ms <= @nowMs) AS due,
         (SELECT count(*) FROM jobs WHERE state = 'pending' AND in_bulk IN (0, 1) AND due_at_ms > @nowMs) AS waiting,
         (SELECT count(*) FROM jobs WHERE state = 'running') AS running,
         (SELECT count(*) FROM dead_letters WHERE recovered_at IS NULL) AS deadLetters,
         (SELECT count(*) FROM item_scenes JOIN item_owners USING (server_id, rating_key)
          WHERE owner_id IS NOT scene_id AND decided_at_ms > 0) AS shared`,
    )
    .get({ nowMs }) as QueueFigures;
  return isDrainerAlive ? row : { ...row, due: row.due + row.running, running: 0 };
}

/** The jobs that come next, in the order of `waitingScenes`. Writes nothing. */
export function readNextJobs(db: Database, limit: number, nowMs: number): NextJob[] {
  const first = (inBulk: 0 | 1) => `SELECT * FROM (
    SELECT id, scene_id, in_bulk, due_at_ms, attempts, last_error_message FROM jobs
    WHERE state = 'pending' AND in_bulk = ${inBulk} ORDER BY due_at_ms, id LIMIT @limit)`;
  return db
    .prepare(
      `SELECT scene_id AS sceneId, due_at_ms AS dueAtMs, attempts, last_error_message AS lastError
       FROM (${first(0)} UNION ALL ${first(1)})
       ORDER BY due_at_ms > @nowMs, iif(due_at_ms > @nowMs, 0, in_bulk), due_at_ms, id LIMIT @limit`,
    )
    .all({ limit, nowMs }) as NextJob[];
}
