/** What a job of the Python plugin says, as far as it counts here. Its payload does not: data is read when the job runs (W3). */
export interface PythonJob {
  sceneId: number;
  /** Seconds since the epoch, as is `nextRetryAtSecs`; undefined when there is no such time. */
  enqueuedAtSecs: number | undefined;
  nextRetryAtSecs: number | undefined;
  /** Attempts that failed so far. */
  retryCount: number;
  lastErrorType: string | null;
  /** Queued by an event of Stash, not by a task or a reconciliation. */
  isEvent: boolean;
}

/** No counter of attempts gets there honestly. */
const MAX_RETRIES = 1_000;
const MAX_TYPE_LENGTH = 100;

/**
 * Reads a job's dictionary. `job_id`, and `pqid` of rows from before 1.5.27, name no row here (W54).
 *
 * @returns undefined when it does not say which scene it is about.
 */
export function pythonJob(job: Readonly<Record<string, unknown>>): PythonJob | undefined {
  const sceneId = sceneIdIn(job['scene_id']) ?? sceneIdIn(/^scene_(\d+)$/.exec(String(job['job_key']))?.[1]);
  if (sceneId === undefined) return undefined;
  const { retry_count: retries, last_error_type: type, data } = job;
  const isCount = typeof retries === 'number' && Number.isSafeInteger(retries) && retries > 0;
  return {
    sceneId,
    enqueuedAtSecs: secsIn(job['enqueued_at']),
    nextRetryAtSecs: secsIn(job['next_retry_at']),
    retryCount: isCount ? Math.min(retries, MAX_RETRIES) : 0,
    lastErrorType: typeof type === 'string' && type !== '' ? type.slice(0, MAX_TYPE_LENGTH) : null,
    isEvent: typeof data === 'object' && data !== null && 'identified' in data,
  };
}

/** A scene's number; very old rows have it as a text. */
export function sceneIdIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** A time after 1970 and before the year 10000. */
export function secsIn(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < 253_402_300_800 ? value : undefined;
}
