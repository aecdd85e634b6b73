import type { Obstacle } from '../failures/Obstacle.ts';
import { obstacleOf } from '../failures/obstacles.ts';
import type { WaitingJob } from '../queue/Job.ts';
import { NEVER_ENDED } from '../queue/JobStore.ts';
import { BATCH_SIZE, type Batch, readBatch } from '../scene/readBatch.ts';
import { countDone, type DrainResult, NOTHING_DONE } from './DrainResult.ts';
import { circuitOpened, notePlexCondition } from './plexCondition.ts';
import { type NextBatch, readNext } from './readNext.ts';
import { type JobEnd, runJob } from './runJob.ts';
import { summaryLines } from './SyncStats.ts';
import type { WorkContext } from './WorkContext.ts';

/** A pass over a large queue shows its figures meanwhile. */
const STATS_INTERVAL_MS = 10_000;
/** One whose edit is under way, and one that is being prepared. */
const JOBS_AT_A_TIME = 2;
/** Passes of fewer jobs are not worth a summary. */
const REPORTED_JOBS = 10;

/**
 * Works off every job that is due, in order of due time, and returns when nothing is due or something is in the
 * way. Jobs that are not due are never touched (W18). Only for the holder of the drain lock: jobs that look as if they
 * were running were left behind by a dead process.
 *
 * A Plex that does not answer stops the pass, also while the circuit is still closed: five failures shall take some seconds, so that
 * a restart of Plex opens nothing. A request that only its own scene gets no answer to does not stop it.
 *
 * @param onJobEnd called after each job, for progress.
 * @param renewed the context as the settings are now, asked before each batch: a pass over a large queue takes hours. What it
 *   throws stops the pass.
 */
export async function drainDue(
  context: WorkContext,
  onJobEnd: () => void = () => {},
  renewed: () => Promise<WorkContext> = async () => context,
): Promise<DrainResult> {
  const { pace, stats, activity } = context.reliability;
  const result: DrainResult = { ...NOTHING_DONE };
  context.jobs.healDueTimes();
  takeUpOrphans(context);
  await pace.join();
  try {
    const obstacle = await drainBatches(context, result, onJobEnd, renewed);
    return obstacle ? { ...result, obstacle } : result;
  } finally {
    activity.save();
    await stats.save();
    await reportStats(context, result);
  }
}

/** After a pass that was more than a few edits. */
async function reportStats(
  { reliability, log, deadLetters }: WorkContext,
  result: DrainResult,
): Promise<void> {
  if (countDone(result) - result.retried < REPORTED_JOBS) return;
  const lines = summaryLines(await reliability.stats.load(), deadLetters.errorSummary());
  for (const line of [lines.info, lines.json]) log.info(line);
  if (lines.deadLetters) log.warn(lines.deadLetters);
}

/** @returns what stands in the way. */
async function drainBatches(
  context: WorkContext,
  result: DrainResult,
  onJobEnd: () => void,
  renewed: () => Promise<WorkContext>,
): Promise<Obstacle | undefined> {
  const { jobs, clock } = context;
  const { breaker, stats } = context.reliability;
  let savedAt = clock.monotonic();
  let next: Promise<NextBatch | undefined> | undefined;
  for (;;) {
    if (clock.monotonic() - savedAt >= STATS_INTERVAL_MS) {
      await stats.save();
      savedAt = clock.monotonic();
    }
    const ahead = await next;
    next = undefined;
    let waiting: readonly WaitingJob[] = jobs.peekDue(BATCH_SIZE);
    if (waiting.length === 0) return undefined;
    if (!(await breaker.canExecute())) return circuitOpened(context);
    let work: WorkContext;
    let batch: Batch;
    try {
      work = await renewed();
      if (ahead && ahead.work === work && isStillNext(ahead, waiting)) ({ waiting, batch } = ahead);
      else batch = await readBatch(waiting, work);
    } catch (error) {
      // Nothing was taken yet, so whatever it is, no job pays for it.
      await notePlexCondition(error, context);
      return obstacleOf(error);
    }
    next = readNext(waiting, batch, work);
    const end = await drainBatch(waiting, batch, work, result, onJobEnd);
    if (!end) continue;
    // Nobody reads on behind the end of a pass.
    await next;
    return end;
  }
}

/** Whether nothing comes before what was read ahead: an event goes before a bulk. */
function isStillNext({ waiting }: NextBatch, due: readonly WaitingJob[]): boolean {
  const ids = new Set(waiting.map(({ id }) => id));
  return due.every(({ id }) => ids.has(id));
}

/**
 * Runs a batch's jobs in order. While Plex works on an edit the next scene is prepared: two jobs at a time, and the one connection to
 * Plex keeps their edits one after another. Only scenes whose items are foreseen and not the same: what one writes the next has to see.
 * A scene that turns out to have others waits until it is alone. A trial, a pause that the user asked for, and trouble leave one at a
 * time.
 *
 * @returns what stands in the way.
 */
async function drainBatch(
  waiting: readonly WaitingJob[],
  batch: Batch,
  work: WorkContext,
  result: DrainResult,
  onJobEnd: () => void,
): Promise<Obstacle | undefined> {
  const { jobs } = work;
  const { breaker, pace } = work.reliability;
  const running: Promise<JobEnd>[] = [];
  const settleFirst = async (): Promise<Obstacle | undefined> => {
    let end = await running.shift();
    if (end?.goOn) {
      await Promise.all(running);
      end = await end.goOn();
    }
    if (end?.isOver) onJobEnd();
    return end?.obstacle;
  };
  const settleAll = async (obstacle?: Obstacle): Promise<Obstacle | undefined> => {
    let found = obstacle;
    while (running.length > 0) found = (await settleFirst()) ?? found;
    return found;
  };
  /** Items of the job before. */
  let before: readonly string[] = [];
  for (const [index, job] of waiting.entries()) {
    const items = batch.foreseen.get(job.sceneId) ?? [];
    const isApart = items.length > 0 && before.length > 0 && !items.some((item) => before.includes(item));
    before = items;
    const mayOverlap = isApart && work.jobDelayMs === 0 && (await breaker.isFlowing());
    if (!mayOverlap || running.length >= JOBS_AT_A_TIME) {
      const obstacle = mayOverlap ? await settleFirst() : await settleAll();
      if (obstacle) return settleAll(obstacle);
    }
    // Somebody edits a scene in the middle of a bulk: it goes first. Only now, because the one before may just have ended.
    if (index > 0 && job.inBulk && jobs.isEventDue()) break;
    if (index > 0 && !(await breaker.canExecute())) return (await settleAll()) ?? circuitOpened(work);
    await pace.wait();
    running.push(runJob(job, batch, work, result));
  }
  return settleAll();
}

function takeUpOrphans({ jobs, log, reliability: { activity } }: WorkContext): void {
  const { released, buried } = jobs.releaseOrphans();
  if (released > 0) log.info(`${released} interrupted jobs are taken up again.`);
  for (const sceneId of buried) activity.ended({ sceneId, outcome: 'failed', text: NEVER_ENDED });
  if (buried.length > 0) log.warn(`${buried.length} scenes are given up: no attempt ever came to an end.`);
}
