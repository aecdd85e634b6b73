import { isOwnFault } from '../failures/isOwnFault.ts';
import { localTrouble, type Obstacle, UNANSWERED, type Verdict, verdict } from '../failures/verdict.ts';
import type { TakenJob, WaitingJob } from '../queue/Job.ts';
import { type JobStore, MAX_HAND_OUTS } from '../queue/JobStore.ts';
import { calculateDelay } from '../resilience/calculateDelay.ts';
import type { Batch } from '../scene/readBatch.ts';
import { batchInput, type SceneBook } from '../scene/SceneInput.ts';
import { type SyncOutcome, syncScene } from '../scene/syncScene.ts';
import type { DrainResult } from './DrainResult.ts';
import { notePlexCondition } from './plexCondition.ts';
import type { WorkContext } from './WorkContext.ts';

/** How a job's turn ended. */
export interface JobEnd {
  /** The job has an outcome: it is finished, to be retried, or given up. */
  isOver: boolean;
  /** What stands in the way of all further jobs. */
  obstacle?: Obstacle;
}

/** What Plex did not answer it may still be working on; edits of several items at a time make it stall. */
const AFTERMATH_MS = 5_000;

/** Takes one job, syncs its scene and records how that ended. */
export async function runJob(
  waiting: WaitingJob,
  batch: Batch,
  context: WorkContext,
  result: DrainResult,
): Promise<JobEnd> {
  const { jobs, reliability, clock, log, jobDelayMs } = context;
  const { breaker, pace, stats } = reliability;
  const job = jobs.take(waiting);
  // Changed or gone meanwhile: its next turn comes.
  if (!job) {
    breaker.releaseTrial();
    return { isOver: false };
  }
  const startedAt = clock.monotonic();
  const elapsedSecs = () => (clock.monotonic() - startedAt) / 1000;
  let outcome: SyncOutcome;
  try {
    outcome = await syncScene(
      { ...batchInput(job.sceneId, batch, context), book: bookOf(job, jobs) },
      context,
    );
    if (outcome.outcome === 'skipped') {
      breaker.releaseTrial();
      jobs.complete(job);
      result.skipped += 1;
      log.debug(`Scene ${job.sceneId} is not synced: ${outcome.reason}.`);
      return { isOver: true };
    }
    if (outcome.outcome === 'shared') {
      breaker.releaseTrial();
      jobs.complete(job, outcome.items);
      result.shared += 1;
      return { isOver: true };
    }
    // Plex's answer is a fact, whatever becomes of our own book-keeping.
    if (await breaker.recordSuccess()) await pace.recovered();
    pace.record(true);
    jobs.complete(job, outcome.items);
  } catch (error) {
    return settleFailure(job, error, elapsedSecs(), context, result);
  }
  result.synced += 1;
  if (outcome.changed.length === 0) result.unchanged += 1;
  stats.recordSuccess(elapsedSecs(), outcome.confidence);
  await clock.sleep(jobDelayMs);
  return { isOver: true };
}

/** What a sync keeps while it goes on, as long as the job is this process's. */
function bookOf(job: TakenJob, jobs: JobStore): SceneBook {
  return {
    remember: (sync) => void jobs.remember(job, sync),
    decide: (item, decision) => void jobs.decide(job, item, decision),
    leave: (items) => void jobs.leave(job, items),
  };
}

/** Records what a failed attempt means for the job, for the circuit and for the pace. */
async function settleFailure(
  job: TakenJob,
  error: unknown,
  elapsedSecs: number,
  context: WorkContext,
  result: DrainResult,
): Promise<JobEnd> {
  const { breaker } = context.reliability;
  const local = localTrouble(error);
  if (local) {
    // Its claim ends with this process's next look for orphans.
    breaker.releaseTrial();
    return { isOver: false, obstacle: local };
  }
  const isUnanswered = await isOwnFault(error, context);
  const consequence = isUnanswered ? UNANSWERED : verdict(error, context.settings);
  await notePlexCondition(error, context);
  if (consequence.action === 'giveBack') {
    const { obstacle } = consequence;
    if (obstacle.kind === 'plexDown') context.reliability.pace.record(false);
    context.jobs.giveBack(job);
    return { isOver: false, obstacle };
  }
  recordOutcome(job, error, consequence, elapsedSecs, context, result);
  if (isUnanswered) await context.clock.sleep(AFTERMATH_MS);
  return { isOver: true };
}

/** The job pays for the attempt: it is retried, given up, or dropped. */
function recordOutcome(
  job: TakenJob,
  error: unknown,
  consequence: Exclude<Verdict, { action: 'giveBack' }>,
  elapsedSecs: number,
  context: WorkContext,
  result: DrainResult,
): void {
  const { jobs, log, random, redact, reliability } = context;
  const { stats, pace } = reliability;
  const { type } = consequence;
  const message = redact(error instanceof Error ? error.message : String(error));
  if (consequence.action === 'drop') {
    jobs.complete(job);
    stats.recordFailure(type, elapsedSecs, { toDlq: false });
    result.skipped += 1;
    log.info(`${message} It is not tried again because skip_not_found is on.`);
    return;
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
      log.debug(`${message} Attempt ${failures} of ${consequence.limit}; next in ${delaySecs.toFixed(1)} s.`);
      return;
    }
  }
  const stack = error instanceof Error && error.stack ? redact(error.stack) : undefined;
  jobs.bury(job, { type, message, ...(stack ? { stack } : {}) });
  stats.recordFailure(type, elapsedSecs, { toDlq: true });
  result.buried += 1;
  log.warn(`${message} It is given up after attempt ${job.attempts} (${type}).`);
}
