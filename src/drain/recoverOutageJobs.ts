import type { Logger } from '../log/logger.ts';
import type { DeadLetters } from '../queue/deadLetters.ts';
import type { OutageDlqEntry } from '../queue/getOutageDlqEntries.ts';
import type { JobStore } from '../queue/JobStore.ts';
import type { Scene } from '../stash/Scene.ts';
import type { StashClient } from '../stash/StashClient.ts';
import { StashError } from '../stash/StashError.ts';

/** What became of the dead letters of an outage; every entry counts once. */
export interface RecoveryResult {
  totalDlqEntries: number;
  recovered: number;
  /** The scene waits or runs already, or somebody else has dealt with the entry meanwhile. */
  skippedAlreadyQueued: number;
  skippedPlexDown: number;
  /** Stash has no such scene any more. */
  skippedSceneMissing: number;
  /** Stash or the queue could not be asked; the entry stays for the next run. */
  failed: number;
  recoveredSceneIds: number[];
}

/** Whom a recovery asks. */
export interface RecoveryContext {
  deadLetters: Pick<DeadLetters, 'requeue'>;
  jobs: Pick<JobStore, 'queuedSceneIds'>;
  stash: Pick<StashClient, 'scenes'>;
  /** One question to Plex. */
  probe: () => Promise<{ healthy: boolean }>;
  log: Logger;
  /** Called after each portion, what was recovered is safely queued by then. @param share of the entries, 0 to 1. */
  onPortion?: (result: Readonly<RecoveryResult>, share: number) => void;
}

/** Scenes that Stash is asked for in one request. */
const PORTION_SIZE = 100;

/**
 * Queues the scenes of dead letters again, through three gates: Plex is healthy, the scene has no job, Stash knows the scene.
 *
 * A job says which scene, never what, so the newest data is what comes to Plex. An entry is marked in the transaction that
 * queues its scene; running this twice recovers nothing twice, and trouble with one entry does not stop the others (W32).
 * Nobody is started to work off the jobs.
 */
export async function recoverOutageJobs(
  entries: readonly OutageDlqEntry[],
  context: RecoveryContext,
): Promise<RecoveryResult> {
  const { jobs, probe, onPortion } = context;
  const result = nothingRecovered(entries.length);
  if (entries.length === 0) return result;
  if (!(await probe()).healthy) return { ...result, skippedPlexDown: entries.length };

  const queued = jobs.queuedSceneIds(entries.flatMap(({ sceneId }) => sceneId ?? []));
  const wanted = entries.filter(({ sceneId }) => sceneId === null || !queued.has(sceneId));
  result.skippedAlreadyQueued = entries.length - wanted.length;
  for (let start = 0; start < wanted.length; start += PORTION_SIZE) {
    const portion = wanted.slice(start, start + PORTION_SIZE);
    const sceneOf = await readScenes(portion, context);
    for (const entry of portion) {
      const outcome = requeue(entry, sceneOf(entry.sceneId), context);
      result[outcome] += 1;
      if (outcome === 'recovered' && entry.sceneId !== null) result.recoveredSceneIds.push(entry.sceneId);
    }
    onPortion?.(result, Math.min((start + portion.length) / wanted.length, 1));
  }
  return result;
}

type Outcome = 'recovered' | 'skippedAlreadyQueued' | 'skippedSceneMissing' | 'failed';

function requeue(
  { id, sceneId }: OutageDlqEntry,
  scene: Scene | StashError | undefined,
  { deadLetters, log }: RecoveryContext,
): Outcome {
  if (scene === undefined) return 'skippedSceneMissing';
  if (scene instanceof StashError) return 'failed';
  try {
    return deadLetters.requeue(id) === 'recovered' ? 'recovered' : 'skippedAlreadyQueued';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.warn(`Scene ${sceneId} could not be queued again: ${message}`);
    return 'failed';
  }
}

/** @returns what Stash has for a scene: undefined for nothing, an error when it could not tell. */
async function readScenes(
  portion: readonly OutageDlqEntry[],
  { stash, log }: RecoveryContext,
): Promise<(sceneId: number | null) => Scene | StashError | undefined> {
  const sceneIds = [...new Set(portion.flatMap(({ sceneId }) => sceneId ?? []))];
  try {
    const scenes = await stash.scenes(sceneIds);
    return (sceneId) => (sceneId === null ? undefined : scenes.get(sceneId));
  } catch (error) {
    if (!(error instanceof StashError)) throw error;
    log.warn(`${sceneIds.length} scenes could not be looked up: ${error.message}`);
    return (sceneId) => (sceneId === null ? undefined : error);
  }
}

function nothingRecovered(totalDlqEntries: number): RecoveryResult {
  return {
    totalDlqEntries,
    recovered: 0,
    skippedAlreadyQueued: 0,
    skippedPlexDown: 0,
    skippedSceneMissing: 0,
    failed: 0,
    recoveredSceneIds: [],
  };
}
