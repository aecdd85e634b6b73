import type { Obstacle } from '../failures/Obstacle.ts';
import type { Operation } from '../failures/Operation.ts';
import { localTrouble } from '../failures/obstacles.ts';
import type { TakenJob, WaitingJob } from '../queue/Job.ts';
import { UnforeseenItem } from '../scene/findItems.ts';
import { addHeld } from '../scene/gates/GateCounts.ts';
import type { Batch } from '../scene/readBatch.ts';
import { batchInput, type SceneBook } from '../scene/SceneInput.ts';
import { sharedText } from '../scene/SharedItem.ts';
import { syncedText } from '../scene/syncedText.ts';
import { type SyncOutcome, syncScene } from '../scene/syncScene.ts';
import type { DrainResult } from './DrainResult.ts';
import { PARTS_WAIT, settleFailure } from './settleFailure.ts';
import type { WorkContext } from './WorkContext.ts';

/** How a job's turn ended. */
export interface JobEnd {
  /** The job has an outcome: it is finished, to be retried, or given up. */
  isOver: boolean;
  /** What stands in the way of all further jobs. */
  obstacle?: Obstacle;
  /** The job is still taken, and goes on with this when no other one is running. */
  goOn?: () => Promise<JobEnd>;
}

/**
 * Takes one job, syncs its scene and records how that ended. Where it is foreseen to which items the scene is written, it is written to no
 * others while other jobs run.
 */
export async function runJob(
  waiting: WaitingJob,
  batch: Batch,
  context: WorkContext,
  result: DrainResult,
): Promise<JobEnd> {
  const job = context.jobs.take(waiting);
  if (job) return runTaken(job, batch, context, result, batch.foreseen.get(job.sceneId));
  // Changed or gone meanwhile: its next turn comes.
  context.reliability.breaker.releaseTrial();
  return { isOver: false };
}

async function runTaken(
  job: TakenJob,
  batch: Batch,
  context: WorkContext,
  result: DrainResult,
  foreseen?: readonly string[],
): Promise<JobEnd> {
  const { jobs, reliability, clock, log, jobDelayMs } = context;
  const { breaker, pace, stats, operations, activity } = reliability;
  const startedAt = clock.monotonic();
  const mark = operations.mark();
  const elapsedSecs = () => (clock.monotonic() - startedAt) / 1000;
  let outcome: SyncOutcome;
  try {
    const book = bookOf(job, context);
    const only = foreseen && foreseen.length > 0 ? { onlyItems: foreseen } : {};
    outcome = await syncScene({ ...batchInput(job.sceneId, batch, context), ...only, book }, context);
  } catch (error) {
    if (error instanceof UnforeseenItem)
      return { isOver: false, goOn: () => runTaken(job, batch, context, result) };
    return settleFailure({ job, error, mark, elapsedSecs: elapsedSecs() }, context, result);
  }
  try {
    if (outcome.outcome === 'heldBack') {
      const { gate, reason } = outcome.hold;
      breaker.releaseTrial();
      jobs.hold(job, gate);
      result.heldBack = addHeld(result.heldBack, { [gate]: 1 }) ?? {};
      activity.ended({ sceneId: job.sceneId, outcome: 'held_back', text: reason });
      log.debug(`Scene ${job.sceneId} is held back: ${reason}.`);
      return { isOver: true };
    }
    if (outcome.outcome === 'skipped') {
      breaker.releaseTrial();
      jobs.complete(job);
      result.skipped += 1;
      activity.ended({ sceneId: job.sceneId, outcome: 'skipped', text: outcome.reason });
      log.debug(`Scene ${job.sceneId} is not synced: ${outcome.reason}.`);
      return { isOver: true };
    }
    if (outcome.outcome === 'shared') {
      breaker.releaseTrial();
      jobs.complete(job, outcome.items);
      result.shared += 1;
      const text = outcome.shared.map(sharedText).join('; ');
      activity.ended({ sceneId: job.sceneId, outcome: 'shared', text });
      return { isOver: true };
    }
    // Plex's answer is a fact, whatever becomes of our own book-keeping.
    const worked = new Set<Operation>([
      ...operations.workedSince(mark),
      'scene',
      'lookup',
      'internal',
      ...outcome.changed.map((field): Operation => `part ${field}`),
    ]);
    if (await breaker.recordSuccess(worked)) await pace.recovered();
    pace.record(true);
    jobs.complete(job, outcome.items);
    if (reliability.evidence.worked(worked, job.sceneId)) jobs.hasten(PARTS_WAIT);
  } catch (error) {
    // Its claim ends with this process's next look for orphans.
    const obstacle = localTrouble(error);
    if (!obstacle) throw error;
    return { isOver: false, obstacle };
  }
  result.synced += 1;
  if (outcome.changed.length === 0) result.unchanged += 1;
  activity.ended({
    sceneId: job.sceneId,
    outcome: outcome.changed.length === 0 ? 'unchanged' : 'written',
    text: syncedText(batch.scenes.get(job.sceneId), outcome.changed, context.names),
  });
  stats.recordSuccess(elapsedSecs(), outcome.confidence === 'low' ? 'low' : 'high');
  if (jobDelayMs > 0) await clock.sleep(jobDelayMs);
  return { isOver: true };
}

/** What a sync keeps while it goes on, as long as the job is this process's. */
function bookOf(job: TakenJob, { jobs, settings }: WorkContext): SceneBook {
  return {
    pass: () => jobs.held.release([job.sceneId]),
    remember(sync, change) {
      jobs.remember(job, sync, change);
      return change && jobs.flush();
    },
    ...(settings.undo_retention_days > 0 ? { snapshot: (item) => jobs.undo.snapshot(item) } : {}),
    decide: (item, decision) => void jobs.decide(job, item, decision),
    leave: (items) => void jobs.leave(job, items),
    dropChoice: (choice) => void jobs.chosen.drop(job.sceneId, choice),
  };
}
