import { certainObstacle } from '../failures/obstacles.ts';
import { PlexError } from '../plex/PlexError.ts';
import { StashError } from '../stash/StashError.ts';
import { previewScene, type ScenePreview } from './previewScene.ts';
import { type Batch, readBatch } from './readBatch.ts';
import type { SceneContext } from './SceneContext.ts';
import { batchInput } from './SceneInput.ts';

/** Which scenes to look at: one, some, the first of those that wait, or the first of all by their ids. */
export type PreviewRequest =
  | { scope: 'scene'; sceneId: number }
  | { scope: 'scenes'; sceneIds: readonly number[] }
  | { scope: 'queue' | 'all'; limit: number };

/** What the syncs of some scenes would do. */
export interface PreviewResult {
  previews: ScenePreview[];
  /** How many scenes the scope has. */
  total: number;
  /** Why it ended early, as a sentence. */
  problem?: string;
}

/** The first scenes that wait, at most `limit`, and how many wait in all. */
export type WaitingLookup = (limit: number) => ScenesInScope;

/** The scenes to look at, and how many the scope has. */
export interface ScenesInScope {
  ids: number[];
  total: number;
}

/** Scenes that are read together. */
const PORTION_SIZE = 25;

/**
 * Looks at what the next syncs would change, and changes nothing: no lock is taken, no job is touched, Plex and Stash are only read.
 *
 * @param onPortion called with the share done, 0 to 1.
 */
export async function previewScenes(
  request: PreviewRequest,
  context: SceneContext,
  waiting: WaitingLookup,
  onPortion: (share: number) => void,
): Promise<PreviewResult> {
  const result: PreviewResult = { previews: [], total: 0 };
  try {
    const { ids, total } = await scenesOf(request, context, waiting);
    result.total = total;
    for (let start = 0; start < ids.length; start += PORTION_SIZE) {
      const portion = ids.slice(start, start + PORTION_SIZE);
      result.previews.push(...(await previewPortion(portion, context)));
      onPortion(Math.min((start + portion.length) / ids.length, 1));
    }
  } catch (error) {
    if (!(error instanceof PlexError || error instanceof StashError)) throw error;
    result.problem = error.message;
  }
  return result;
}

async function scenesOf(
  request: PreviewRequest,
  { stash }: SceneContext,
  waiting: WaitingLookup,
): Promise<ScenesInScope> {
  if (request.scope === 'scene') return { ids: [request.sceneId], total: 1 };
  if (request.scope === 'scenes') return { ids: [...request.sceneIds], total: request.sceneIds.length };
  if (request.scope === 'queue') return waiting(request.limit);
  for await (const { scenes, total } of stash.scenePages({ select: 'ids', pageSize: request.limit })) {
    return { ids: scenes.map(({ id }) => id), total };
  }
  return { ids: [], total: 0 };
}

/** @throws PlexError, StashError when no further scene would fare better. */
async function previewPortion(sceneIds: readonly number[], context: SceneContext): Promise<ScenePreview[]> {
  const batch = await readBatch(
    sceneIds.map((sceneId) => ({ sceneId })),
    context,
  );
  const previews: ScenePreview[] = [];
  for (const sceneId of sceneIds) previews.push(await previewOrReason(sceneId, batch, context));
  return previews;
}

/** One scene's own trouble does not keep the others from being looked at. */
async function previewOrReason(sceneId: number, batch: Batch, context: SceneContext): Promise<ScenePreview> {
  try {
    return await previewScene(batchInput(sceneId, batch, context), context);
  } catch (error) {
    if (certainObstacle(error)) throw error;
    const reason = context.redact(error instanceof Error ? error.message : String(error));
    return { sceneId, outcome: 'failed', reason };
  }
}
