import type { FolderPair } from '../config/settingsTable.ts';
import { comparablePath, comparePaths, depthBelow, joinPath, type SplitPath, splitPath } from './filePath.ts';

/**
 * The setting `path_map` at work, one mapping for everything (W-59). Both separators, Windows drives and shares; only whole
 * folder names count (W-58); letter case counts unless one of the paths is a Windows path. Of several entries the longest
 * folder wins, wherever it stands in the list, the first of equally long ones.
 */
export interface PathMap {
  /** The Stash path of a file as Plex sees it; undefined when no entry covers it. */
  plexToStash(path: string): string | undefined;
  /** The Plex path of a file as Stash sees it; undefined when no entry covers it. What it gives always leads back by {@link plexToStash}. */
  stashToPlex(path: string): string | undefined;
}

/** A folder of one side, with the same folder of the other. */
interface Rule {
  from: SplitPath;
  to: SplitPath;
}

/** Builds the mapping of a list of entries; an empty list maps nothing. */
export function createPathMap(pairs: readonly FolderPair[]): PathMap {
  const rules = pairs.map(({ plex, stash }) => ({ plex: splitPath(plex), stash: splitPath(stash) }));
  const toStash = longestFirst(rules.map(({ plex, stash }) => ({ from: plex, to: stash })));
  const toPlex = longestFirst(rules.map(({ plex, stash }) => ({ from: stash, to: plex })));
  const plexToStash = (path: string): string | undefined => first(mapped(path, toStash));
  return {
    plexToStash,
    stashToPlex: (path) => {
      const wanted = comparablePath(path);
      for (const candidate of mapped(path, toPlex)) {
        const back = plexToStash(candidate);
        // Below this folder another entry may hold, which says that the file lies elsewhere.
        if (back !== undefined && comparePaths(wanted, comparablePath(back)).whole) return candidate;
      }
      return undefined;
    },
  };
}

function longestFirst(rules: Rule[]): Rule[] {
  return rules.sort((left, right) => right.from.parts.length - left.from.parts.length);
}

/** What each rule that covers a path makes of it. */
function* mapped(path: string, rules: readonly Rule[]): Iterable<string> {
  const split = splitPath(path);
  const comparable = comparablePath(path);
  for (const { from, to } of rules) {
    const folder = {
      components: from.parts.map((part) => part.normalize('NFC')),
      ignoresCase: from.ignoresCase,
    };
    if (from.root !== split.root || depthBelow(folder, comparable) === undefined) continue;
    yield joinPath(to, [...to.parts, ...split.parts.slice(from.parts.length)]);
  }
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}
