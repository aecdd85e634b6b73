import { baseName } from '../plex/filePath.ts';
import type { PathMap } from '../plex/pathMap.ts';
import { assignFiles, rankByFile, type WantedFile } from '../plex/rankByFile.ts';
import type { ItemPlace, OwnerDecision } from '../queue/ItemOwners.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import type { Gates } from './gates/openGates.ts';
import { distinctPaths, filesKeyOf, type OwnedItem } from './knownOwnership.ts';
import { isPlexVersion, type OwnerCandidate, ownerOf } from './ownerOf.ts';
import { reasonToSkip } from './reasonToSkip.ts';
import type { SceneContext } from './SceneContext.ts';

/** What deciding about owners takes. */
export interface OwnerContext
  extends Pick<SceneContext, 'stash' | 'lastSyncs' | 'owners' | 'chosen' | 'gates'> {
  map: PathMap;
}

/** Scenes that one request to Stash names one by one. */
const NAMED_PER_REQUEST = 100;

/** An item to be decided about, and the scenes that are known to be its. */
export interface OpenItem {
  item: OwnedItem;
  scenes: readonly Scene[];
}

/**
 * Decides whose the items are: asks Stash which scenes have files of such names, in one request for all items, and reads those scenes that
 * are not at hand in another.
 *
 * @returns the decisions by rating key; nothing is kept of them here.
 * @throws StashError
 */
export async function decideOwners(
  items: readonly OpenItem[],
  serverId: string,
  context: OwnerContext,
): Promise<Map<string, OwnerDecision>> {
  if (items.length === 0) return new Map();
  const { stash, owners } = context;
  const atHand = new Map(items.flatMap(({ scenes }) => scenes).map((scene) => [scene.id, scene]));
  const several = items.filter(({ item }) => distinctPaths(item).length > 1);
  const names = several.flatMap(({ item }) => item.files.map(({ path }) => baseName(path)));
  const named = await stash.scenesByFileName([...new Set(names)]);
  const candidates = items.map(({ item, scenes }) => {
    const place = { serverId, ratingKey: item.ratingKey };
    const holders = scenes.flatMap(({ id }) => owners.otherHolders(place, id));
    const earlier = owners.decision(place)?.sceneIds ?? [];
    const sharing = named.filter(({ files }) => assignFiles(files, item, context.map).size > 0);
    return new Set([...holders, ...earlier, ...sharing.map(({ id }) => id), ...scenes.map(({ id }) => id)]);
  });
  const unread = [...new Set(candidates.flatMap((ids) => [...ids]))].filter((id) => !atHand.has(id));
  const read = new Map<number, Scene | StashError>();
  for (let start = 0; start < unread.length; start += NAMED_PER_REQUEST) {
    for (const [id, scene] of await stash.scenes(unread.slice(start, start + NAMED_PER_REQUEST)))
      read.set(id, scene);
  }
  const gates = await context.gates();
  const sceneOf = (id: number) => atHand.get(id) ?? read.get(id);
  return new Map(
    items.map(({ item, scenes }, index) => {
      const found = [...(candidates[index] ?? [])].flatMap((id) => sceneOf(id) ?? []);
      return [item.ratingKey, decide({ item, scenes }, found, serverId, { ...context, gates })];
    }),
  );
}

/** @param found the scenes that may have files in the item, those that it is known of included. */
function decide(
  { item, scenes }: OpenItem,
  found: readonly (Scene | StashError)[],
  serverId: string,
  context: Omit<OwnerContext, 'gates'> & { gates: Gates },
): OwnerDecision {
  const { lastSyncs, owners, map, gates } = context;
  const place = { serverId, ratingKey: item.ratingKey };
  const known = new Set(scenes.map(({ id }) => id));
  // One that a sync would skip or a gate holds back takes no item from another, and one that cannot be read decides nothing.
  const able = found.filter(
    (scene): scene is Scene =>
      !(scene instanceof StashError) &&
      (known.has(scene.id) ||
        (reasonToSkip(scene, true, lastSyncs(scene.id).length > 0) === undefined && !gates.hold(scene))),
  );
  const wanted = able.flatMap(({ id, files }) =>
    files.map((file): SceneFileOf => ({ ...file, sceneId: id })),
  );
  const assigned = assignFiles(wanted, item, map);
  const candidates = able.flatMap(({ id }): OwnerCandidate[] => {
    const own = [...assigned].filter(([, files]) => files.some(({ sceneId }) => sceneId === id));
    // Also where only Stash sees the folder that says so.
    const originals = own.filter(([, files]) =>
      files.some(({ sceneId, path }) => sceneId === id && !isPlexVersion(path)),
    );
    return own.length > 0 ? [{ sceneId: id, files: originals.map(([path]) => path) }] : [];
  });
  const choosers = chosenFor(item, able, candidates, serverId, context);
  // Matched by its bare name only, while nobody else has it.
  const guesses = scenes.filter(
    ({ id }) => ![...candidates, ...choosers].some(({ sceneId }) => sceneId === id),
  );
  const unassigned = distinctPaths(item).filter((path) => !assigned.has(path));
  const guessed = guesses.map(({ id }): OwnerCandidate => ({ sceneId: id, files: unassigned }));
  const others = candidates.filter(
    (candidate) => !choosers.some(({ sceneId }) => sceneId === candidate.sceneId),
  );
  const all = [...choosers, ...others, ...guessed];
  const holders = all.map(({ sceneId }) => sceneId).filter((id) => isSyncedTo(place, id, lastSyncs));
  const formerId = owners.decision(place)?.ownerId ?? (holders.length > 0 ? Math.min(...holders) : undefined);
  return {
    ownerId: ownerOf(item.files, all, formerId),
    sceneIds: all.map(({ sceneId }) => sceneId).sort((left, right) => left - right),
    filesKey: filesKeyOf(item.files),
    title: item.title,
  };
}

/** Scenes for which the user has chosen the item, which holds a file of such a name, with those of its files that are theirs. */
function chosenFor(
  item: OwnedItem,
  scenes: readonly Scene[],
  candidates: readonly OwnerCandidate[],
  serverId: string,
  { chosen, map }: Pick<OwnerContext, 'chosen' | 'map'>,
): OwnerCandidate[] {
  const { ratingKey } = item;
  return chosen.choosers({ serverId, ratingKey }).flatMap(({ sceneId, chosenAtMs }) => {
    const scene = scenes.find(({ id }) => id === sceneId);
    const match = scene && rankByFile(scene.files, [item], map, [ratingKey]);
    if (match?.outcome !== 'match') return [];
    const own = candidates.find((candidate) => candidate.sceneId === sceneId);
    return [{ sceneId, files: own?.files ?? [match.path], chosenAtMs }];
  });
}

/** A scene's file that still says whose it is. */
interface SceneFileOf extends WantedFile {
  sceneId: number;
}

function isSyncedTo(
  { serverId, ratingKey }: ItemPlace,
  sceneId: number,
  lastSyncs: OwnerContext['lastSyncs'],
): boolean {
  return lastSyncs(sceneId).some((sync) => sync.serverId === serverId && sync.ratingKey === ratingKey);
}
