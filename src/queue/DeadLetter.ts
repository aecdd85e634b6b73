/** Why and when a scene was given up, as it is listed. */
export interface DeadLetterSummary {
  id: number;
  /** The job that was given up last; null for entries taken over without one. */
  jobId: number | null;
  /** Null only for entries taken over from elsewhere: every job of this version has its scene. */
  sceneId: number | null;
  /** Name of the error class, for example `PlexNotFound`. */
  errorType: string | null;
  errorMessage: string | null;
  /** Last time the scene was given up: UTC, `YYYY-MM-DD HH:MM:SS`. */
  failedAt: string;
}

/** An entry with everything that is kept of it. */
export interface DeadLetter extends DeadLetterSummary {
  /** What is known of the job: `scene_id`, and `enqueued_at` in seconds since the epoch. Null when it is unreadable. */
  job: Record<string, unknown> | null;
  stackTrace: string | null;
  /** Hand-outs of the job that was given up last. */
  retryCount: number | null;
  /** How often the scene was given up since it last succeeded. */
  failureCount: number;
  firstFailedAt: string;
  /** When the scene was queued again by a recovery; null while the entry is current. */
  recoveredAt: string | null;
}

/** Selects a {@link DeadLetterSummary}. */
export const SUMMARY_COLUMNS = `id, job_id AS jobId, scene_id AS sceneId, error_type AS errorType,
  error_message AS errorMessage, failed_at AS failedAt`;

/** Reads the column `job_data`: any content loads. */
export function parseJobData(jobData: unknown): Record<string, unknown> | null {
  try {
    const job: unknown = JSON.parse(String(jobData));
    return typeof job === 'object' && job !== null && !Array.isArray(job) ? { ...job } : null;
  } catch {
    return null;
  }
}
