import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync } from '../queue/Job.ts';
import { waitingScenes } from '../queue/waitingScenes.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import type { Database } from '../storage/openDatabase.ts';
import { previewScene, type ScenePreview } from './previewScene.ts';
import { verdict } from './verdict.ts';
import type { WorkContext } from './WorkContext.ts';

/** Which scenes to look at: one, the first of those that wait, or the first of all by their ids. */
export type PreviewRequest = { scope: 'scene'; sceneId: number } | { scope: 'queue' | 'all'; limit: number };

/** What the syncs of some scenes would do. */
export interface PreviewResult {
  previews: ScenePreview[];
  /** How many scenes the scope has. */
  total: number;
  /** Why it ended early, as a sentence. */
  problem?: string;
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
  context: WorkContext,
  db: Database,
  onPortion: (share: number) => void,
): Promise<PreviewResult> {
  const result: PreviewResult = { previews: [], total: 0 };
  try {
    const { ids, total } = await scenesOf(request, context, db);
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
  { stash, jobs, clock }: WorkContext,
  db: Database,
): Promise<{ ids: number[]; total: number }> {
  if (request.scope === 'scene') return { ids: [request.sceneId], total: 1 };
  if (request.scope === 'queue') {
    const { due, waiting } = jobs.counts();
    return { ids: waitingScenes(db, request.limit, clock.now()), total: due + waiting };
  }
  for await (const { scenes, total } of stash.scenePages({ select: 'ids', pageSize: request.limit })) {
    return { ids: scenes.map(({ id }) => id), total };
  }
  return { ids: [], total: 0 };
}

/** @throws PlexError, StashError when no further scene would fare better. */
async function previewPortion(sceneIds: readonly number[], context: WorkContext): Promise<ScenePreview[]> {
  const { stash, plex } = context;
  const scenes = await stash.scenes(sceneIds);
  const syncs = await knownSyncs(sceneIds, context);
  const items = await knownItems([...syncs.values()], context);
  const previews: ScenePreview[] = [];
  for (const sceneId of sceneIds) {
    const previous = syncs.get(sceneId);
    const knownItem = async () => {
      const key = previous?.ratingKey;
      if (key === undefined) return undefined;
      return items ? items.get(key) : (await plex.items([key]))[0];
    };
    const scene = scenes.get(sceneId);
    previews.push(await previewOrReason({ sceneId, scene, previous, knownItem }, context));
  }
  return previews;
}

/** What earlier syncs left, where it still concerns this server and these libraries. */
async function knownSyncs(
  sceneIds: readonly number[],
  { library, jobs }: WorkContext,
): Promise<Map<number, SceneSync>> {
  const { serverId, sections } = await library();
  const inScope = new Set(sections.map(({ key }) => key));
  return new Map(
    sceneIds.flatMap((sceneId) => {
      const sync = jobs.sceneSync(sceneId);
      return sync?.serverId === serverId && inScope.has(sync.sectionKey) ? [[sceneId, sync] as const] : [];
    }),
  );
}

/** @returns undefined when Plex fails at one of them: then each is read on its own. */
async function knownItems(
  syncs: readonly SceneSync[],
  { plex }: WorkContext,
): Promise<Map<string, PlexItem> | undefined> {
  const keys = [...new Set(syncs.map(({ ratingKey }) => ratingKey))];
  try {
    return new Map((await plex.items(keys)).map((item) => [item.ratingKey, item]));
  } catch (error) {
    if (error instanceof PlexError && ONE_ITEMS_FAULT.has(error.kind)) return undefined;
    throw error;
  }
}

const ONE_ITEMS_FAULT: ReadonlySet<PlexErrorKind> = new Set(['serverError', 'rejected', 'notFound']);

type PortionInput = Omit<Parameters<typeof previewScene>[0], 'scene'> & {
  scene: Scene | StashError | undefined;
};

/** One scene's own trouble does not keep the others from being looked at. */
async function previewOrReason(
  { scene, ...input }: PortionInput,
  context: WorkContext,
): Promise<ScenePreview> {
  try {
    if (scene instanceof StashError) throw scene;
    return await previewScene({ ...input, scene }, context);
  } catch (error) {
    if (verdict(error, context.settings).action === 'giveBack') throw error;
    const reason = context.redact(error instanceof Error ? error.message : String(error));
    return { sceneId: input.sceneId, outcome: 'failed', reason };
  }
}
