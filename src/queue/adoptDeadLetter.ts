import type { Database } from '../storage/openDatabase.ts';
import { boundedFailure } from './buryJobs.ts';
import type { JobFailure } from './Job.ts';

/** A scene that another installation has given up. */
export interface AdoptedDeadLetter {
  sceneId: number | null;
  jobId: number | null;
  /** What is known of the job, as JSON. */
  jobData: string;
  failure: { [Key in keyof JobFailure]: JobFailure[Key] | null };
  retryCount: number | null;
  /** SQLite text in UTC; anything else means now. */
  failedAt: string | null;
}

/**
 * The statement that adds such an entry. Of several entries of one scene the latest counts, whoever has written it; the others only
 * raise the count of failures, and may set the time of the first one (W47).
 */
export function prepareDeadLetterAdoption(db: Database): (entry: AdoptedDeadLetter, nowMs: number) => void {
  const latest = (column: string) =>
    `${column} = iif(excluded.failed_at >= failed_at, excluded.${column}, ${column})`;
  const columns = ['job_id', 'job_data', 'error_type', 'error_message', 'stack_trace', 'retry_count'];
  const insert = db.prepare(
    `INSERT INTO dead_letters (job_id, scene_id, job_data, error_type, error_message, stack_trace, retry_count,
       failed_at, first_failed_at)
     SELECT @jobId, @sceneId, @jobData, @type, @message, @stack, @retryCount, moment, moment
     FROM (SELECT coalesce(datetime(@failedAt), datetime(@nowSecs, 'unixepoch')) AS moment) WHERE true
     ON CONFLICT (scene_id) DO UPDATE SET
       ${columns.map(latest).join(', ')},
       failure_count = failure_count + 1,
       first_failed_at = min(coalesce(first_failed_at, failed_at), excluded.failed_at),
       recovered_at = iif(excluded.failed_at > failed_at, NULL, recovered_at),
       failed_at = max(failed_at, excluded.failed_at)`,
  );
  return ({ failure, ...entry }, nowMs) => {
    const { type, message, stack } = failure;
    const texts = { type: type ?? '', message: message ?? '', ...(stack ? { stack } : {}) };
    insert.run({
      ...entry,
      ...boundedFailure(texts),
      type,
      ...(message === null ? { message } : {}),
      nowSecs: Math.floor(nowMs / 1000),
    });
  };
}
