import type { Verdict } from '../failures/verdict.ts';
import type { TakenJob } from '../queue/Job.ts';
import { MAX_HAND_OUTS } from '../queue/JobStore.ts';
import { calculateDelay } from '../resilience/calculateDelay.ts';
import type { DrainResult } from './DrainResult.ts';
import type { WorkContext } from './WorkContext.ts';

/** An attempt for which its scene pays. */
export interface Charge {
  job: TakenJob;
  error: unknown;
  elapsedSecs: number;
  consequence: Verdict;
  /** What to say, where the error's own sentence would blame something else. */
  sentence?: string | undefined;
  /** Asked before the scene is given up; left out: nothing speaks against it. */
  mayGiveUp?: () => Promise<boolean>;
}

/**
 * The job pays for the attempt: it is retried, given up, or dropped.
 *
 * @returns false when it would have to be given up and may not; nothing was done then.
 */
export async function chargeAttempt(
  charge: Charge,
  context: WorkContext,
  result: DrainResult,
): Promise<boolean> {
  const { job, error, elapsedSecs, consequence, sentence, mayGiveUp = async () => true } = charge;
  const { jobs, log, random, redact, reliability } = context;
  const { stats, pace, activity } = reliability;
  const { sceneId } = job;
  const { type } = consequence;
  const message = redact(sentence ?? (error instanceof Error ? error.message : String(error)));
  if (consequence.action === 'drop') {
    jobs.complete(job);
    stats.recordFailure(type, elapsedSecs, { toDlq: false });
    result.skipped += 1;
    activity.ended({ sceneId, outcome: 'skipped', text: message });
    log.info(`${message} It is not tried again because skip_not_found is on.`);
    return true;
  }
  if (consequence.action === 'retry') {
    // A scene that is not in Plex is no sign of trouble (rule of the limiter, specification 11.3).
    if (type !== 'PlexNotFound') pace.record(false);
    // Failures of another class before do not count: each class has its own patience (W34).
    const failures = (job.lastErrorType === type ? job.failures : 0) + 1;
    if (failures < consequence.limit && job.attempts < MAX_HAND_OUTS) {
      const delaySecs = calculateDelay(failures - 1, consequence.backoff, random);
      stats.recordFailedAttempt(type);
      jobs.retry(job, delaySecs * 1000, { type, message });
      result.retried += 1;
      activity.ended({ sceneId, outcome: 'retry', text: message });
      log.debug(`${message} Attempt ${failures} of ${consequence.limit}; next in ${delaySecs.toFixed(1)} s.`);
      return true;
    }
  }
  if (!(await mayGiveUp())) return false;
  const stack = error instanceof Error && error.stack ? redact(error.stack) : undefined;
  jobs.bury(job, { type, message, ...(stack ? { stack } : {}) });
  stats.recordFailure(type, elapsedSecs, { toDlq: true });
  result.buried += 1;
  activity.ended({ sceneId, outcome: 'failed', text: message });
  log.warn(`${message} It is given up after attempt ${job.attempts} (${type}).`);
  return true;
}
