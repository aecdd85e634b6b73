import { isOwnFault } from '../failures/isOwnFault.ts';
import { MAX_IDS } from '../plex/PlexClient.ts';
import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync, WaitingJob } from '../queue/Job.ts';
import { UNKNOWN_SERVER } from '../queue/sceneSyncs.ts';
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
  const syncs = new Map<number, SceneSync>();
  const places = await library();
  const inScope = new Set(places.sections.map(({ key }) => key));
  for (const { sceneId } of waiting) {
    const sync = lastSync(sceneId);
    const isHere = sync?.serverId === places.serverId && inScope.has(sync.sectionKey);
    // One of the Python plugin says only that it is to be kept up, emptied ones included.
    if (sync && (isHere || sync.serverId === UNKNOWN_SERVER)) syncs.set(sceneId, sync);
  }
  const { keys, areManyNew } = await hintedKeys(newScenes(scenes, syncs, context), places, context);
  const known = [...syncs.values()].map(({ ratingKey }) => ratingKey).filter((key) => key !== '');
  const items = await readItems([...new Set([...known, ...keys])], context);
  return { scenes, syncs, items: readAhead(items, { since, areManyNew }, context) };
}

/** Scenes that will have to be looked up by file. */
function newScenes(scenes: Batch['scenes'], syncs: Batch['syncs'], { settings }: SceneContext): Scene[] {
  return [...scenes.values()].filter((scene): scene is Scene => {
    if (scene instanceof StashError || syncs.get(scene.id)?.ratingKey) return false;
    return reasonToSkip(scene, settings.sync_master, syncs.has(scene.id)) === undefined;
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

const ONE_ITEMS_FAULT: ReadonlySet<PlexErrorKind> = new Set(['serverError', 'rejected', 'notFound']);
/** Of a proxy that lost patience with one request, or of the whole server: the first scene that asks for its own item finds out. */
const PERHAPS_ONE_ITEMS: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** One item that Plex cannot tell about must not stop the others: each scene asks for its own then. */
async function tolerantly<T>(ask: () => Promise<T>, context: SceneContext): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isPerhapsOneItems(error) || (await isOwnFault(error, context))) return undefined;
    throw error;
  }
}

function isPerhapsOneItems(error: unknown): boolean {
  if (!(error instanceof PlexError)) return false;
  if (ONE_ITEMS_FAULT.has(error.kind)) return true;
  return PERHAPS_ONE_ITEMS.has(error.status) && error.retryAfterMs === undefined;
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
