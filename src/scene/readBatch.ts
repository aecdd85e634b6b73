import { SCENES_IN_A_ROW } from '../failures/Evidence.ts';
import { certainObstacle } from '../failures/obstacles.ts';
import { MAX_IDS } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import { mayHold } from '../plex/PlexSection.ts';
import type { ChosenItem } from '../queue/ChosenItems.ts';
import type { OwnerDecision } from '../queue/ItemOwners.ts';
import type { SceneSync, WaitingJob } from '../queue/Job.ts';
import { UNKNOWN_SERVER } from '../queue/sceneSyncs.ts';
import { checkPlexHealth } from '../resilience/checkPlexHealth.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import { decideOwners, type OpenItem } from './decideOwners.ts';
import type { Gates } from './gates/openGates.ts';
import { knownOwnership } from './knownOwnership.ts';
import type { PlexLibrary } from './PlexLibrary.ts';
import type { ReadAhead } from './ReadAhead.ts';
import { reasonToSkip } from './reasonToSkip.ts';
import type { SceneContext } from './SceneContext.ts';

/** Data of several jobs, read ahead. A job that changed meanwhile is not taken, so the data is never older than its event. */
export interface Batch {
  scenes: Map<number, Scene | StashError>;
  /** What the last sync of each scene left in its items, where it still concerns this server and these libraries. */
  syncs: Map<number, SceneSync[]>;
  /** The same in libraries of this server that the settings leave out at present. */
  elsewhere: Map<number, SceneSync[]>;
  /** Items that the user has chosen for these scenes, on any server. */
  chosen: Map<number, ChosenItem[]>;
  /** Scenes that the Python plugin has synced, to items that it did not note. */
  syncedByPython: Set<number>;
  items: ReadAhead;
  /**
   * Rating keys of the items that each scene is going to write to, as far as can be told: those of its last sync, those chosen for it, and
   * those that the path index names. A scene that is not to be synced is not in it.
   */
  foreseen: Map<number, string[]>;
  /** Whose those items are in which several scenes have files. */
  decisions: Map<string, OwnerDecision>;
}

/** Jobs whose data is read together: as many items as one request may ask for. */
export const BATCH_SIZE = MAX_IDS;
/** From so many on, one look at the news of the sections costs less than a question for each. */
const MANY_NEW = 10;
/** In a slow drain somebody may edit an item between the reading and its turn. */
const ITEM_AGE_MS = 60_000;

/**
 * Reads several jobs ahead: their scenes in one request, the items that are known or that the path index names in another, and, only
 * where items have files of several scenes, whose they are in a third and fourth.
 *
 * @throws PlexError, StashError when a server is in the way of all of them.
 */
export async function readBatch(
  waiting: readonly (Pick<WaitingJob, 'sceneId'> & Partial<Pick<WaitingJob, 'inBulk'>>)[],
  context: SceneContext,
): Promise<Batch> {
  const { stash, lastSyncsOf, library, matching } = context;
  const since = matching.finder.moment();
  const scenes = await stash.scenes(waiting.map(({ sceneId }) => sceneId));
  throwIfNoneIsReadable(scenes);
  const syncs = new Map<number, SceneSync[]>();
  const elsewhere = new Map<number, SceneSync[]>();
  const syncedByPython = new Set<number>();
  const places = await library();
  const inScope = new Set(places.sections.map(({ key }) => key));
  for (const [sceneId, all] of lastSyncsOf(waiting.map((job) => job.sceneId))) {
    const here = all.filter(({ serverId }) => serverId === places.serverId);
    const own = here.filter(({ sectionKey }) => inScope.has(sectionKey));
    if (own.length > 0) syncs.set(sceneId, own);
    if (own.length < here.length)
      elsewhere.set(
        sceneId,
        here.filter((sync) => !own.includes(sync)),
      );
    if (all.some(({ serverId }) => serverId === UNKNOWN_SERVER)) syncedByPython.add(sceneId);
  }
  const chosen = context.chosen.ofScenes(waiting.map((job) => job.sceneId));
  const wasSynced = (id: number) => syncs.has(id) || syncedByPython.has(id);
  const synced = scenesToSync(scenes, wasSynced, await context.gates(), context);
  const isInBulk = waiting.some(({ inBulk }) => inBulk);
  const { keysOf, areManyNew } = await hintedKeys(synced, { syncs, chosen }, isInBulk, places, context);
  const items = await readItems([...new Set([...keysOf.values()].flat())], context);
  const decisions = await decisionsFor(synced, keysOf, items, context);
  return {
    scenes,
    syncs,
    elsewhere,
    chosen,
    syncedByPython,
    items: readAhead(items, { since, areManyNew }, context),
    foreseen: keysOf,
    decisions,
  };
}

function scenesToSync(
  scenes: Batch['scenes'],
  wasSynced: (sceneId: number) => boolean,
  gates: Gates,
  { settings }: SceneContext,
): Scene[] {
  return [...scenes.values()].filter(
    (scene): scene is Scene =>
      !(scene instanceof StashError) &&
      reasonToSkip(scene, settings.sync_master, wasSynced(scene.id)) === undefined &&
      !gates.hold(scene),
  );
}

/** Items of the last syncs, and those that the index names beside them; it is brought up to date first when it knows too few. */
async function hintedKeys(
  scenes: readonly Scene[],
  { syncs, chosen }: Pick<Batch, 'syncs' | 'chosen'>,
  isInBulk: boolean,
  places: PlexLibrary,
  context: SceneContext,
): Promise<{ keysOf: Map<number, string[]>; areManyNew: boolean }> {
  const { finder } = context.matching;
  const isNew = ({ id }: Scene) => !syncs.has(id);
  const known = ({ id }: Scene) => (syncs.get(id) ?? []).map(({ ratingKey }) => ratingKey);
  const chosenFor = ({ id }: Scene) =>
    (chosen.get(id) ?? [])
      .filter(({ serverId }) => serverId === places.serverId)
      .map(({ ratingKey }) => ratingKey);
  const extensible = scenes.filter((scene) => !isNew(scene) && mayHaveMore(scene, syncs, places));
  const looked = new Set([...scenes.filter(isNew), ...extensible]);
  const hints = () =>
    new Map(
      scenes.map((scene) => {
        const picked = chosenFor(scene);
        const hinted = looked.has(scene) ? finder.hint(places, scene.files, picked) : [];
        return [scene.id, [...new Set([...picked, ...known(scene), ...hinted])]];
      }),
    );
  const before = hints();
  const unknown = [...before.values()].filter((keys) => keys.length === 0).length;
  const areManyNew = unknown >= MANY_NEW;
  const isWorthListing = areManyNew || (isInBulk && extensible.length >= MANY_NEW);
  if (!isWorthListing && !(isInBulk && extensible.length > 0)) return { keysOf: before, areManyNew };
  await tolerantly(() => finder.refresh(places, { onlyListed: !isWorthListing }), context);
  return { keysOf: hints(), areManyNew };
}

/** Whether a scene that was synced may have items that came later: in another library, or of another of its files (A3). */
function mayHaveMore({ id, files }: Scene, syncs: Batch['syncs'], { sections }: PlexLibrary): boolean {
  const own = syncs.get(id) ?? [];
  if (files.length > own.length) return true;
  return sections.some(
    (section) =>
      !own.some(({ sectionKey }) => sectionKey === section.key) &&
      own.some(({ written: { file } }) => file === undefined || mayHold(section, file)),
  );
}

/** Decides whose those items are in which other scenes may have files as well; left to each scene's turn where Stash fails at it. */
async function decisionsFor(
  scenes: readonly Scene[],
  keysOf: ReadonlyMap<number, string[]>,
  items: ReadonlyMap<string, PlexItem | undefined>,
  context: SceneContext,
): Promise<Map<string, OwnerDecision>> {
  const { serverId } = await context.library();
  const about = { ...context, map: context.matching.map };
  const open = new Map<string, OpenItem & { scenes: Scene[] }>();
  for (const scene of scenes) {
    for (const key of keysOf.get(scene.id) ?? []) {
      const item = items.get(key);
      if (!item || item.files.length < 2) continue;
      if (knownOwnership(item, scene, serverId, about).owner !== 'open') continue;
      const entry = open.get(key) ?? { item: { ...item, title: context.names.name(item.title) }, scenes: [] };
      entry.scenes.push(scene);
      open.set(key, entry);
    }
  }
  try {
    return await decideOwners([...open.values()], serverId, about);
  } catch (error) {
    if (error instanceof StashError && error.kind === 'rejected') return new Map();
    throw error;
  }
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
  const taken = new Set<PlexItem>();
  return {
    since,
    areManyNew,
    take(ratingKey) {
      if (!items.has(ratingKey) || clock.monotonic() - readAtMs > ITEM_AGE_MS) return undefined;
      const item = items.get(ratingKey);
      items.delete(ratingKey);
      if (item) taken.add(item);
      return { item };
    },
    giveBack(item) {
      if (taken.delete(item)) items.set(item.ratingKey, item);
    },
  };
}
