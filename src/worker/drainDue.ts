import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync, TakenJob, WaitingJob } from '../queue/Job.ts';
import { MAX_HAND_OUTS } from '../queue/JobStore.ts';
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
  context.jobs.healDueTimes();
  const orphans = context.jobs.releaseOrphans();
  if (orphans.released > 0) context.log.info(`${orphans.released} interrupted jobs are taken up again.`);
  if (orphans.buried > 0)
    context.log.warn(`${orphans.buried} scenes are given up: no attempt ever came to an end.`);
  for (;;) {
    const waiting = context.jobs.peekDue(BATCH_SIZE);
    if (waiting.length === 0) return result;
    let batch: Batch;
    try {
      batch = await readBatch(waiting, context);
    } catch (error) {
      // Nothing was taken yet, so whatever it is, no job pays for it.
      return { ...result, obstacle: obstacleOf(error) };
    }
    for (const job of waiting) {
      const endedBefore = result.synced + result.skipped + result.retried + result.buried;
      const obstacle = await runJob(job, batch, context, result);
      if (obstacle) return { ...result, obstacle };
      if (result.synced + result.skipped + result.retried + result.buried > endedBefore) onJobEnd();
    }
  }
}

/** Data of several jobs, read ahead. A job that changed meanwhile is not taken, so the data is never older than its event. */
interface Batch {
  scenes: Map<number, Scene | StashError>;
  /** What the last sync left, where it still concerns this server and these libraries. */
  syncs: Map<number, SceneSync>;
  /** Items read ahead, undefined where Plex has none any more; each serves one scene, which may change it. */
  items: Map<string, PlexItem | undefined>;
}

async function readBatch(waiting: readonly WaitingJob[], context: WorkContext): Promise<Batch> {
  const { stash, jobs, library } = context;
  const scenes = await stash.scenes(waiting.map(({ sceneId }) => sceneId));
  const syncs = new Map<number, SceneSync>();
  const { serverId, sections } = await library();
  const inScope = new Set(sections.map(({ key }) => key));
  for (const { sceneId } of waiting) {
    const sync = jobs.sceneSync(sceneId);
    if (sync && sync.serverId === serverId && inScope.has(sync.sectionKey)) syncs.set(sceneId, sync);
  }
  const keys = [...new Set([...syncs.values()].map(({ ratingKey }) => ratingKey))];
  return { scenes, syncs, items: await readItems(keys, context) };
}

async function readItems(keys: readonly string[], { plex }: WorkContext): Promise<Batch['items']> {
  try {
    const found = new Map((await plex.items(keys)).map((item) => [item.ratingKey, item]));
    return new Map(keys.map((key) => [key, found.get(key)]));
  } catch (error) {
    // One item that Plex cannot tell about must not stop the others: each scene reads its own.
    if (error instanceof PlexError && ONE_ITEMS_FAULT.has(error.kind)) return new Map();
    throw error;
  }
}

const ONE_ITEMS_FAULT: ReadonlySet<PlexErrorKind> = new Set(['serverError', 'rejected', 'notFound']);

/** Takes and runs one job. @returns what stands in the way of all further jobs. */
async function runJob(
  waiting: WaitingJob,
  { scenes, syncs, items }: Batch,
  context: WorkContext,
  result: DrainResult,
): Promise<Obstacle | undefined> {
  const { jobs, plex, log, clock, jobDelayMs } = context;
  const job = jobs.take(waiting);
  if (!job) return undefined;
  const knownItem = async (): Promise<PlexItem | undefined> => {
    const key = syncs.get(job.sceneId)?.ratingKey;
    if (key === undefined) return undefined;
    const isRead = items.has(key);
    const item = items.get(key);
    items.delete(key);
    return isRead ? item : (await plex.items([key]))[0];
  };
  try {
    const scene = scenes.get(job.sceneId);
    if (scene instanceof StashError) throw scene;
    const outcome = await syncScene(
      {
        sceneId: job.sceneId,
        scene,
        previous: syncs.get(job.sceneId),
        knownItem,
        remember: (sync) => void jobs.remember(job, sync),
      },
      context,
    );
    if (outcome.outcome === 'skipped') {
      jobs.complete(job);
      result.skipped += 1;
      log.debug(`Scene ${job.sceneId} is not synced: ${outcome.reason}.`);
      return undefined;
    }
    jobs.complete(job, outcome.sync);
    result.synced += 1;
    if (outcome.changed.length === 0) result.unchanged += 1;
  } catch (error) {
    return settleFailure(job, error, context, result);
  }
  await clock.sleep(jobDelayMs);
  return undefined;
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
  const message = context.redact(error instanceof Error ? error.message : String(error));
  // Failures of another class before do not count: each class has its own patience (W34).
  const isSameClass = 'type' in consequence && job.lastErrorType === consequence.type;
  const failures = (isSameClass ? job.failures : 0) + 1;
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
      if (failures < consequence.limit && job.attempts < MAX_HAND_OUTS) {
        const delaySecs = calculateDelay(failures - 1, consequence.backoff, random);
        jobs.retry(job, delaySecs * 1000, { type: consequence.type, message });
        result.retried += 1;
        log.debug(
          `${message} Attempt ${failures} of ${consequence.limit}; next in ${delaySecs.toFixed(1)} s.`,
        );
        return undefined;
      }
      break;
    case 'bury':
      break;
  }
  const stack = error instanceof Error && error.stack ? context.redact(error.stack) : undefined;
  jobs.bury(job, { type: consequence.type, message, ...(stack ? { stack } : {}) });
  result.buried += 1;
  log.warn(`${message} It is given up after attempt ${job.attempts} (${consequence.type}).`);
  return undefined;
}
