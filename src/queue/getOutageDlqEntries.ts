import type { Database } from '../storage/openDatabase.ts';
import { type DeadLetterSummary, parseJobData, SUMMARY_COLUMNS } from './DeadLetter.ts';

/** An entry that a recovery may queue again. */
export interface OutageDlqEntry extends Omit<DeadLetterSummary, 'jobId'> {
  /** What is known of the job that was given up; see `DeadLetter.job`. */
  job: Record<string, unknown> | null;
}

/**
 * The current dead letters of an outage: given up between two times, both included, with a class of `errorTypes`; oldest
 * first. An empty list of classes selects nothing.
 *
 * `failed_at` has whole seconds, so the window is widened to whole ones: what failed within the first or the last second of
 * the outage belongs to it.
 *
 * @param startSecs seconds since the epoch, as is `endSecs`.
 */
export function getOutageDlqEntries(
  db: Database,
  startSecs: number,
  endSecs: number,
  errorTypes: readonly string[],
): OutageDlqEntry[] {
  const rows = db
    .prepare(
      `SELECT ${SUMMARY_COLUMNS}, job_data AS jobData FROM dead_letters
       WHERE recovered_at IS NULL AND error_type IN (SELECT value FROM json_each(@types))
         AND failed_at BETWEEN datetime(@startSecs, 'unixepoch') AND datetime(@endSecs, 'unixepoch')
       ORDER BY failed_at, id`,
    )
    .all({
      types: JSON.stringify(errorTypes),
      startSecs: Math.floor(startSecs),
      endSecs: Math.ceil(endSecs),
    }) as (DeadLetterSummary & { jobData: unknown })[];
  return rows.map(({ jobId: _, jobData, ...entry }) => ({ ...entry, job: parseJobData(jobData) }));
}
