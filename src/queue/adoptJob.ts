import type { Database } from '../storage/openDatabase.ts';

/** A job that another installation has queued, and how far it got with it. */
export interface AdoptedJob {
  sceneId: number;
  dueAtMs: number;
  enqueuedAtMs: number;
  /** Hand-outs so far. */
  attempts: number;
  /** Failures of the class `lastErrorType` in a row. */
  failures: number;
  lastErrorType: string | null;
  inBulk: boolean;
}

/**
 * The statement that queues such a job. A job that the scene has already stays as it is: it is newer, and data is read when it runs.
 *
 * @returns what gives whether the job was added.
 */
export function prepareJobAdoption(db: Database): (job: AdoptedJob) => boolean {
  const insert = db.prepare(
    `INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms, attempts, failures, last_error_type, in_bulk)
     VALUES (@sceneId, @dueAtMs, @enqueuedAtMs, @attempts, @failures, @lastErrorType, @bulk)
     ON CONFLICT (scene_id) DO NOTHING`,
  );
  return ({ inBulk, ...job }) => insert.run({ ...job, bulk: inBulk ? 1 : 0 }).changes === 1;
}
