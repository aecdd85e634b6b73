import type { Database } from '../storage/openDatabase.ts';
import { boundedText } from './boundedText.ts';
import type { JobFailure } from './Job.ts';

/** Longest texts of an error that are kept (W47). */
const MAX_MESSAGE_LENGTH = 1_000;
const MAX_STACK_LENGTH = 4_000;

/** The failure as it is stored. */
export function boundedFailure({ type, message, stack }: JobFailure) {
  return {
    type,
    message: boundedText(message, MAX_MESSAGE_LENGTH),
    stack: stack === undefined ? null : boundedText(stack, MAX_STACK_LENGTH),
  };
}

/**
 * The statement that records jobs among the dead letters: one entry per scene, which counts how often the scene was given
 * up and is current again although it was recovered before (W47). It must run in the transaction that ends the jobs (W6).
 *
 * Its parameters, beside those of `condition`: `nowSecs`, and the members of {@link boundedFailure}.
 *
 * @param condition which rows of `jobs`.
 */
export function prepareBurial(db: Database, condition: string) {
  return db.prepare(
    `INSERT INTO dead_letters (job_id, scene_id, job_data, error_type, error_message, stack_trace, retry_count,
       failed_at, first_failed_at)
     SELECT id, scene_id, json_object('scene_id', scene_id, 'enqueued_at', enqueued_at_ms / 1000.0),
       @type, @message, @stack, attempts, datetime(@nowSecs, 'unixepoch'), datetime(@nowSecs, 'unixepoch')
     FROM jobs WHERE ${condition}
     ON CONFLICT (scene_id) DO UPDATE SET
       job_id = excluded.job_id, job_data = excluded.job_data, error_type = excluded.error_type,
       error_message = excluded.error_message, stack_trace = excluded.stack_trace,
       retry_count = excluded.retry_count, failed_at = excluded.failed_at,
       failure_count = failure_count + 1, recovered_at = NULL`,
  );
}
