import { MAX_IDS } from '../plex/PlexClient.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync, TakenJob, WaitingJob } from '../queue/Job.ts';
import { calculateDelay } from '../resilience/calculateDelay.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import { syncScene } from './syncScene.ts';
import { localTrouble, type Obstacle, obstacleOf, verdict } from './verdict.ts';
import type { WorkContext } from './WorkContext.ts';

/** What a drain did, by how each job ended, and what stopped it before nothing was due. */
export interface DrainResult {
  synced: number;
  /** Among the synced: items that were right already. */
  unchanged: number;
  skipped: number;
  retried: number;
  buried: number;
  obstacle?: Obstacle;
}

/** Jobs whose data is read together. */
const BATCH_SIZE = 25;

/**
 * Works off every job that is due, in order of due time, and returns when nothing is due or something is in the
 * way. Jobs that are not due are never touched (W18). Only for the holder of the drain lock: jobs that look as if they
 * were running were left behind by a dead process.
 *
 * @param onJobEnd called after each job, for progress.
 */
export async function drainDue(context: WorkContext, onJobEnd: () => void = () => {}): Promise<DrainResult> {
  const result: DrainResult = { synced: 0, unchanged: 0, skipped: 0, retried: 0, buried: 0 };
  const orphans = context.jobs.releaseOrphans();
  if (orphans.released > 0) context.log.info(`${orphans.released} interrupted jobs are taken up again.`);
  if (orphans.buried > 0)
    context.log.warn(`${orphans.buried} scenes are given up: no attempt ever came to an end.`);
  for (;;) {
    const waiting = context.jobs.peekDue(Math.min(BATCH_SIZE, MAX_IDS));
    if (waiting.length === 0) return result;
    let batch: Batch;
    try {
      batch = await readBatch(waiting, context);
    } catch (error) {
      // Nothing was taken yet, so whatever it is, no job pays for it.
      return { ...result, obstacle: obstacleOf(error) };
    }
    for (const job of waiting) {
      const obstacle = await runJob(job, batch, context, result);
      if (obstacle) return { ...result, obstacle };
      onJobEnd();
    }
  }
}

/** Data of several jobs, read ahead. A job that changed meanwhile is not taken, so the data is never older than its event. */
interface Batch {
  scenes: Map<number, Scene | StashError>;
  syncs: Map<number, SceneSync>;
  items: Map<string, PlexItem>;
}

async function readBatch(
  waiting: readonly WaitingJob[],
  { stash, plex, jobs, library }: WorkContext,
): Promise<Batch> {
  const scenes = await stash.scenes(waiting.map(({ sceneId }) => sceneId));
  const syncs = new Map<number, SceneSync>();
  const { serverId, sections } = await library();
  const inScope = new Set(sections.map(({ key }) => key));
  for (const { sceneId } of waiting) {
    const sync = jobs.sceneSync(sceneId);
    if (sync && sync.serverId === serverId && inScope.has(sync.sectionKey)) syncs.set(sceneId, sync);
  }
  const keys = new Set([...syncs.values()].map(({ ratingKey }) => ratingKey));
  const items = await plex.items([...keys]);
  return { scenes, syncs, items: new Map(items.map((item) => [item.ratingKey, item])) };
}

/** Takes and runs one job. @returns what stands in the way of all further jobs. */
async function runJob(
  waiting: WaitingJob,
  { scenes, syncs, items }: Batch,
  context: WorkContext,
  result: DrainResult,
): Promise<Obstacle | undefined> {
  const { jobs, log } = context;
  const job = jobs.take(waiting);
  if (!job) return undefined;
  try {
    const scene = scenes.get(job.sceneId);
    if (scene instanceof StashError) throw scene;
    const previous = syncs.get(job.sceneId);
    const knownItem = previous && items.get(previous.ratingKey);
    const outcome = await syncScene({ sceneId: job.sceneId, scene, previous, knownItem }, context);
    if (outcome.outcome === 'skipped') {
      jobs.complete(job);
      result.skipped += 1;
      log.debug(`Scene ${job.sceneId} is not synced: ${outcome.reason}.`);
    } else {
      jobs.complete(job, outcome.sync);
      result.synced += 1;
      await context.clock.sleep(context.jobDelayMs);
      if (outcome.changed.length === 0) result.unchanged += 1;
    }
    return undefined;
  } catch (error) {
    return settleFailure(job, error, context, result);
  }
}

/** Records what a failed attempt means. @returns what stands in the way of all further jobs. */
function settleFailure(
  job: TakenJob,
  error: unknown,
  context: WorkContext,
  result: DrainResult,
): Obstacle | undefined {
  const { jobs, log, settings, random } = context;
  const local = localTrouble(error);
  // Its claim ends with this process's next look for orphans.
  if (local) return local;
  const consequence = verdict(error, settings);
  const message = error instanceof Error ? error.message : String(error);
  switch (consequence.action) {
    case 'giveBack':
      jobs.giveBack(job);
      return consequence.obstacle;
    case 'drop':
      jobs.complete(job);
      result.skipped += 1;
      log.info(`${message} It is not tried again because skip_not_found is on.`);
      return undefined;
    case 'retry':
      if (job.attempts < consequence.limit) {
        const delaySecs = calculateDelay(job.attempts - 1, consequence.backoff, random);
        jobs.retry(job, delaySecs * 1000, { type: consequence.type, message });
        result.retried += 1;
        log.debug(
          `${message} Attempt ${job.attempts} of ${consequence.limit}; next in ${delaySecs.toFixed(1)} s.`,
        );
        return undefined;
      }
      break;
    case 'bury':
      break;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  jobs.bury(job, { type: consequence.type, message, ...(stack ? { stack } : {}) });
  result.buried += 1;
  log.warn(`${message} It is given up after attempt ${job.attempts} (${consequence.type}).`);
  return undefined;
}
