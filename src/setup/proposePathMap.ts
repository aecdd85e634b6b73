import type { FolderPair } from '../config/settingsTable.ts';
import { comparablePath, comparePaths, nameKey } from '../plex/filePath.ts';
import { folderPairs } from '../plex/folderPairs.ts';
import { createPathMap } from '../plex/pathMap.ts';
import { compareMatches, matchScene, type SceneCandidates, type SceneMatch } from './matchScene.ts';

/** A map that would match more scenes by their whole paths. */
export interface PathMapProposal {
  /** All entries, those kept of the present map first; the present map when nothing would be better. */
  entries: readonly FolderPair[];
  /** The entries that are new, with the number of scenes each puts right. */
  added: readonly (FolderPair & { scenes: number })[];
  /** Scenes that have no certain item now and would have one. */
  fixed: number;
  /** Scenes whose item is found by its name alone now, and would be by its whole path. */
  surer: number;
}

/** More folders than that are no map but a list of files. */
const MAX_ADDED = 10;
/** Entries that are tried for each place in the map, those with the most votes first. */
const MAX_TRIED = 60;
/** One scene may lie in a folder of the same name by chance. */
const FEWEST_VOTES = 2;

/**
 * Works out which folders of the two servers are the same. Each scene without an item of its whole path votes for the entries that would
 * give it one; an entry is taken when several scenes gain by it, or one whose size says so as well, and no scene loses: that is tried on
 * all of them, by the very rules of a sync. Pure.
 *
 * @param scenes a sample, those that match already included.
 * @param present the setting `path_map`; an entry for the same folder of Plex is replaced.
 */
export function proposePathMap(
  scenes: readonly SceneCandidates[],
  present: readonly FolderPair[],
  isStrict: boolean,
): PathMapProposal {
  const matchAll = (entries: readonly FolderPair[]) => {
    const map = createPathMap(entries);
    return scenes.map((scene) => matchScene(scene, map, isStrict));
  };
  const before = matchAll(present);
  const added: (FolderPair & { scenes: number })[] = [];
  let entries = present;
  let matches = before;
  while (added.length < MAX_ADDED) {
    const step = bestStep(scenes, { entries, matches, matchAll });
    if (!step) break;
    added.push({ ...step.pair, scenes: step.gained });
    ({ entries, matches } = step);
  }
  const kept = added.filter(({ plex, stash }) =>
    entries.some((entry) => entry.plex === plex && entry.stash === stash),
  );
  const isBetter = (match: SceneMatch, index: number) =>
    compareMatches(match, before[index] as SceneMatch) > 0;
  const better = matches.flatMap((match, index) =>
    isBetter(match, index) ? [before[index] as SceneMatch] : [],
  );
  const surer = better.filter(({ kind }) => kind === 'name').length;
  return { entries, added: kept, fixed: better.length - surer, surer };
}

/** A map as the setting holds it. */
export function pathMapText(entries: readonly FolderPair[]): string {
  return entries.map(({ plex, stash }) => `${plex}=>${stash}`).join('; ');
}

interface State {
  entries: readonly FolderPair[];
  matches: readonly SceneMatch[];
}

interface Step extends State {
  matches: SceneMatch[];
  pair: FolderPair;
  gained: number;
}

/** The entry that puts most scenes right, and the first, most general one of equals. */
function bestStep(
  scenes: readonly SceneCandidates[],
  { entries, matches, matchAll }: State & { matchAll: (entries: readonly FolderPair[]) => SceneMatch[] },
): Step | undefined {
  const open = scenes.filter((_, index) => matches[index]?.kind !== 'path');
  let best: Step | undefined;
  for (const { pair, votes, isSure } of ballot(open).slice(0, MAX_TRIED)) {
    if (best && votes <= best.gained) break;
    if (votes < FEWEST_VOTES && !isSure) continue;
    const next = [...entries.filter(({ plex }) => !isSameFolder(plex, pair.plex)), pair];
    const after = matchAll(next);
    if (after.some((match, index) => isLoss(matches[index] as SceneMatch, match))) continue;
    const gained = after.filter(
      (match, index) => match.kind === 'path' && matches[index]?.kind !== 'path',
    ).length;
    if (gained === 0 || (gained < FEWEST_VOTES && !isSure)) continue;
    if (!best || gained > best.gained) best = { pair, gained, entries: next, matches: after };
  }
  return best;
}

/** A scene is found less surely than before, or in another item: the map would say something wrong of it. */
function isLoss(before: SceneMatch, after: SceneMatch): boolean {
  if (compareMatches(after, before) < 0) return true;
  return 'found' in before && 'found' in after && before.found.item.ratingKey !== after.found.item.ratingKey;
}

interface Vote {
  pair: FolderPair;
  votes: number;
  /** A scene votes for it whose file has the same size as well. */
  isSure: boolean;
}

/** What the scenes vote for, the most votes first, of equals the most general. A scene has one vote for an entry. */
function ballot(scenes: readonly SceneCandidates[]): Vote[] {
  const box = new Map<string, Vote>();
  for (const scene of scenes) {
    const own = new Map<string, { pair: FolderPair; isSure: boolean }>();
    for (const { pair, isSure } of entriesOf(scene)) {
      const key = `${pair.plex}=>${pair.stash}`;
      own.set(key, { pair, isSure: isSure || (own.get(key)?.isSure ?? false) });
    }
    for (const [key, { pair, isSure }] of own) {
      const known = box.get(key) ?? { pair, votes: 0, isSure: false };
      box.set(key, { pair, votes: known.votes + 1, isSure: known.isSure || isSure });
    }
  }
  const length = ({ pair: { plex, stash } }: Vote) =>
    comparablePath(plex).components.length + comparablePath(stash).components.length;
  return [...box.values()].sort((left, right) => right.votes - left.votes || length(left) - length(right));
}

function* entriesOf({ files, items }: SceneCandidates): Iterable<{ pair: FolderPair; isSure: boolean }> {
  for (const wanted of files) {
    for (const file of items.flatMap((item) => item.files)) {
      if (nameKey(file.path) !== nameKey(wanted.path)) continue;
      const areSizesKnown = Boolean(wanted.sizeBytes && file.sizeBytes);
      const isSure = areSizesKnown && wanted.sizeBytes === file.sizeBytes;
      if (areSizesKnown && !isSure) continue;
      for (const pair of folderPairs(wanted.path, file.path)) yield { pair, isSure };
    }
  }
}

function isSameFolder(one: string, other: string): boolean {
  return comparePaths(comparablePath(one), comparablePath(other)).whole;
}
