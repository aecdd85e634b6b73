import { readHeldBack } from '../queue/readHeldBack.ts';
import { readScene, type SceneFacts } from '../queue/readScene.ts';
import type { SceneStatusReport } from './pageReports.ts';
import { remedyFor } from './remedyFor.ts';
import type { TaskReport } from './Task.ts';
import { requiredSceneId } from './taskArgs.ts';
import { titleFor } from './titleFor.ts';
import type { View } from './View.ts';

const NEVER: SceneFacts = { syncs: [], shared: [] };

/** What the badge of a scene's page depends on. */
export interface SceneCondition extends SceneFacts {
  gate: string | undefined;
  isDrainerAlive: boolean;
  nowMs: number;
}

type Status = Omit<SceneStatusReport, 'summary' | 'sceneId' | 'items' | 'lastSyncedAtMs'>;

/**
 * The view `scene_status`: how it stands with one scene, as far as the plugin's own files tell.
 *
 * @throws TaskError when `scene_id` is no scene's number; StorageError.
 */
export const sceneStatus: View = async (context, args): Promise<TaskReport & SceneStatusReport> => {
  const sceneId = requiredSceneId(args, 'scene_id');
  const nowMs = context.clock.now();
  const isDrainerAlive = context.isDrainerAlive();
  const db = context.database();
  const { facts, gate } = db
    ? db.transaction(() => ({ facts: readScene(db, sceneId), gate: readHeldBack(db).gateOf(sceneId) }))()
    : { facts: NEVER, gate: undefined };
  const status = statusOf({ ...facts, gate, isDrainerAlive, nowMs });
  const times = facts.syncs.map(({ syncedAtMs }) => syncedAtMs);
  const items = [...facts.syncs, ...facts.shared].filter(({ serverId, ratingKey }) => serverId && ratingKey);
  return {
    summary: sentence(sceneId, status),
    sceneId,
    ...status,
    ...(times.length > 0 ? { lastSyncedAtMs: Math.max(...times) } : {}),
    items: items.map(({ serverId, ratingKey }) => ({ serverId, ratingKey })),
  };
};

/**
 * The first that is true of: in work, waiting, given up, shared, held back, restored, equal. Pure. A scene with an item of its own counts as shared
 * for none of its others. "Equal" means that everything was in Plex at the last sync, and that nothing has been heard of the scene since.
 */
export function statusOf(condition: SceneCondition): Status {
  const { job, deadLetter, syncs, shared, gate, isDrainerAlive, nowMs } = condition;
  // What a dead process was working on waits for the next one.
  if (job?.state === 'running' && isDrainerAlive) return { status: 'running' };
  if (job) {
    const dueAtMs = job.state === 'running' ? nowMs : job.dueAtMs;
    return { status: 'waiting', dueAtMs, ...failureOf(job.errorType, job.message) };
  }
  if (deadLetter) {
    const { errorType, message } = deadLetter;
    const status = errorType === 'PlexNotFound' ? 'not_in_plex' : 'failed';
    return { status, ...failureOf(errorType, message) };
  }
  const [other] = shared;
  if (other && syncs.length === 0) {
    return { status: 'shared', ...(other.ownerId === null ? {} : { ownerId: other.ownerId }) };
  }
  if (gate !== undefined) return { status: 'held_back', gate };
  if (syncs.some(({ isRestored }) => isRestored)) return { status: 'restored' };
  return { status: syncs.some(({ sceneUpdatedAt }) => sceneUpdatedAt !== null) ? 'equal' : 'never_synced' };
}

function failureOf(errorType: string | null, message: string | null) {
  if (errorType === null) return {};
  return { errorType, message: message ?? '', remedy: remedyFor(errorType) };
}

function sentence(sceneId: number, { status, errorType, ownerId, gate }: Status): string {
  const scene = `Scene ${sceneId}`;
  const title = titleFor(errorType ?? '');
  switch (status) {
    case 'running':
      return `${scene} is being synced right now.`;
    case 'waiting':
      return errorType === undefined
        ? `${scene} waits to be synced.`
        : `${scene} waits for another try (${title}).`;
    case 'failed':
      return `${scene} was given up: ${title}.`;
    case 'not_in_plex':
      return `${scene} is not in Plex.`;
    case 'shared':
      return ownerId === undefined
        ? `${scene} has only a copy of its file in Plex that Plex made, and is not written.`
        : `${scene} is not written: its Plex item belongs to scene ${ownerId}.`;
    case 'held_back':
      return `${scene} is held back by ${gate}.`;
    case 'equal':
      return `${scene} is in Plex as it is in Stash.`;
    case 'restored':
      return `The Plex item of ${scene.toLowerCase()} was restored, and is left so.`;
    case 'never_synced':
      return `${scene} was never synced completely.`;
  }
}
