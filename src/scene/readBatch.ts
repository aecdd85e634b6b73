import { SCENES_IN_A_ROW } from '../failures/Evidence.ts';
import { certainObstacle } from '../failures/obstacles.ts';
import { MAX_IDS } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync, WaitingJob } from '../queue/Job.ts';
import { checkPlexHealth } from '../resilience/checkPlexHealth.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import type { PlexLibrary } from './PlexLibrary.ts';
import type { ReadAhead } from './ReadAhead.ts';
import { reasonToSkip } from './reasonToSkip.ts';
import type { SceneContext } from './SceneContext.ts';

/** Data of several jobs, read ahead. A job that changed meanwhile is not taken, so the data is never older than its event. */
export interface Batch {
  scenes: Map<number, Scene | StashError>;
  /** What the last sync left, where it still concerns this server and these libraries. */
  syncs: Map<number, SceneSync>;
  items: ReadAhead;
}

/** Jobs whose data is read together: as many items as one request may ask for. */
export const BATCH_SIZE = MAX_IDS;
/** From so many on, one look at the news of the sections costs less than a question for each. */
const MANY_NEW = 10;
/** In a slow drain somebody may edit an item between the reading and its turn. */
const ITEM_AGE_MS = 60_000;

/**
 * Reads several jobs ahead: their scenes in one request, the items that are known or that the path index names in another.
 *
 * @throws PlexError, StashError when a server is in the way of all of them.
 */
export async function readBatch(
  waiting: readonly Pick<WaitingJob, 'sceneId'>[],
  context: SceneContext,
): Promise<Batch> {
  const { stash, lastSync, library, matching } = context;
  const since = matching.finder.moment();
  const scenes = await stash.scenes(waiting.map(({ sceneId }) => sceneId));
  throwIfNoneIsReadable(scenes);
  const syncs = new Map<number, SceneSync>();
  const places = await library();
  const inScope = new Set(places.sections.map(({ key }) => key));
  for (const { sceneId } of waiting) {
    const sync = lastSync(sceneId);
    if (sync && sync.serverId === places.serverId && inScope.has(sync.sectionKey)) syncs.set(sceneId, sync);
  }
  const { keys, areManyNew } = await hintedKeys(newScenes(scenes, syncs, context), places, context);
  const known = [...syncs.values()].map(({ ratingKey }) => ratingKey);
  const items = await readItems([...new Set([...known, ...keys])], context);
  return { scenes, syncs, items: readAhead(items, { since, areManyNew }, context) };
}

/** Scenes that will have to be looked up by file. */
function newScenes(scenes: Batch['scenes'], syncs: Batch['syncs'], { settings }: SceneContext): Scene[] {
  return [...scenes.values()].filter((scene): scene is Scene => {
    if (scene instanceof StashError || syncs.has(scene.id)) return false;
    return reasonToSkip(scene, settings.sync_master, false) === undefined;
  });
}

/** Items of new scenes, as the index has them; brought up to date first when it knows too few. */
async function hintedKeys(
  scenes: readonly Scene[],
  places: PlexLibrary,
  context: SceneContext,
): Promise<{ keys: string[]; areManyNew: boolean }> {
  const { finder } = context.matching;
  const hints = () => scenes.map(({ files }) => finder.hint(places, files));
  const before = hints();
  if (before.filter((keys) => keys.length === 0).length < MANY_NEW)
    return { keys: before.flat(), areManyNew: false };
  await tolerantly(() => finder.refresh(places), context);
  return { keys: hints().flat(), areManyNew: true };
}

/** @returns what each of `keys` is in Plex; nothing about those that could not be read. */
async function readItems(
  keys: readonly string[],
  context: SceneContext,
): Promise<Map<string, PlexItem | undefined>> {
  const items = new Map<string, PlexItem | undefined>();
  for (let start = 0; start < keys.length; start += MAX_IDS) {
    const asked = keys.slice(start, start + MAX_IDS);
    const answer = await tolerantly(() => context.plex.items(asked), context);
    if (!answer) continue;
    for (const key of asked) items.set(key, undefined);
    for (const item of answer) items.set(item.ratingKey, item);
  }
  return items;
}

/**
 * What one item may have brought about must not stop the others: each scene asks for its own then, and finds out whose fault it is.
 * Nothing but an unreachable server is certain here.
 */
async function tolerantly<T>(ask: () => Promise<T>, context: SceneContext): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof PlexError) || certainObstacle(error)) throw error;
    if (error.kind !== 'unavailable' || (await checkPlexHealth(context.plex, context.clock)).healthy) {
      return undefined;
    }
    throw error;
  }
}

/** Stash fails for whole batches, not for all scenes of a batch one by one. */
function throwIfNoneIsReadable(scenes: Batch['scenes']): void {
  const answers = [...scenes.values()];
  if (answers.length < SCENES_IN_A_ROW || !answers.every((answer) => answer instanceof StashError)) return;
  throw new StashError(
    'unavailable',
    `Stash could read none of ${answers.length} scenes; see Stash's own log.`,
    { cause: answers[0] },
  );
}

function readAhead(
  items: Map<string, PlexItem | undefined>,
  { since, areManyNew }: Pick<ReadAhead, 'since' | 'areManyNew'>,
  { clock }: SceneContext,
): ReadAhead {
  const readAtMs = clock.monotonic();
  return {
    since,
    areManyNew,
    take(ratingKey) {
      if (!items.has(ratingKey) || clock.monotonic() - readAtMs > ITEM_AGE_MS) return undefined;
      const item = items.get(ratingKey);
      items.delete(ratingKey);
      return { item };
    },
  };
}
