import type { FolderPair } from '../config/settingsTable.ts';
import { comparablePath, comparePaths, nameKey } from '../plex/filePath.ts';
import { folderPairs } from '../plex/folderPairs.ts';
import { createPathMap } from '../plex/pathMap.ts';
import type { WantedFile } from '../plex/rankByFile.ts';
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
  for (const { pair, votes, clear, isSure } of ballot(open).slice(0, MAX_TRIED)) {
    if (best && votes <= best.gained) break;
    if (clear < FEWEST_VOTES && !isSure) continue;
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
  /** Votes of scenes that can mean one file only: of two files of one name nobody knows which is meant. */
  clear: number;
  /** One of the latter votes for it whose file has the same size as well. */
  isSure: boolean;
}

/** What the scenes vote for, the most votes first, of equals the most general. A scene has one vote for an entry. */
function ballot(scenes: readonly SceneCandidates[]): Vote[] {
  const box = new Map<string, Vote>();
  for (const scene of scenes) {
    const own = new Map<string, Vote>();
    for (const vote of votesOf(scene)) {
      const key = `${vote.pair.plex}=>${vote.pair.stash}`;
      const known = own.get(key) ?? vote;
      own.set(key, {
        ...known,
        clear: Math.max(known.clear, vote.clear),
        isSure: known.isSure || vote.isSure,
      });
    }
    for (const [key, vote] of own) {
      const known = box.get(key) ?? { pair: vote.pair, votes: 0, clear: 0, isSure: false };
      const [votes, clear] = [known.votes + 1, known.clear + vote.clear];
      box.set(key, { pair: vote.pair, votes, clear, isSure: known.isSure || vote.isSure });
    }
  }
  const length = ({ pair: { plex, stash } }: Vote) =>
    comparablePath(plex).components.length + comparablePath(stash).components.length;
  return [...box.values()].sort((left, right) => right.votes - left.votes || length(left) - length(right));
}

/** The entries that would give one of a scene's files a path in Plex. */
function* votesOf({ files, items }: SceneCandidates): Iterable<Vote> {
  for (const wanted of files) {
    const candidates = items.flatMap((item) => item.files).filter((file) => mayBe(file, wanted));
    const clear = new Set(candidates.map(({ path }) => path)).size === 1 ? 1 : 0;
    for (const { path, sizeBytes } of candidates) {
      const isSure = clear === 1 && Boolean(sizeBytes) && sizeBytes === wanted.sizeBytes;
      for (const pair of folderPairs(wanted.path, path)) yield { pair, votes: 1, clear, isSure };
    }
  }
}

/** Of the same name, and of no other size. */
function mayBe(file: WantedFile, wanted: WantedFile): boolean {
  const areSizesKnown = Boolean(wanted.sizeBytes && file.sizeBytes);
  if (areSizesKnown && wanted.sizeBytes !== file.sizeBytes) return false;
  return nameKey(file.path) === nameKey(wanted.path);
}

function isSameFolder(one: string, other: string): boolean {
  return comparePaths(comparablePath(one), comparablePath(other)).whole;
}
