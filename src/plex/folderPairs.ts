import type { FolderPair } from '../config/settingsTable.ts';
import { comparablePath, comparePaths, joinPath, splitPath } from './filePath.ts';
import { createPathMap } from './pathMap.ts';

/**
 * The entries of `path_map` under which two paths are one file, the most general first: the folders before their common end, then
 * ever more of that end with them. Empty when the paths are equal already, end differently, or no entry could say so.
 */
export function folderPairs(stashPath: string, plexPath: string): FolderPair[] {
  const wanted = comparablePath(stashPath);
  const { tail, whole } = comparePaths(wanted, comparablePath(plexPath));
  if (whole) return [];
  const pairs: FolderPair[] = [];
  for (let common = tail; common >= 1; common -= 1) {
    const pair = { plex: folderOf(plexPath, common), stash: folderOf(stashPath, common) };
    if (!isEnterable(pair.plex) || !isEnterable(pair.stash)) continue;
    const mapped = createPathMap([pair]).plexToStash(plexPath);
    if (mapped !== undefined && comparePaths(wanted, comparablePath(mapped)).whole) pairs.push(pair);
  }
  return pairs;
}

/** How many components of a path's end agree with those of another. */
export function commonEnd(stashPath: string, plexPath: string): number {
  return comparePaths(comparablePath(stashPath), comparablePath(plexPath)).tail;
}

function folderOf(path: string, common: number): string {
  const split = splitPath(path);
  return joinPath(split, split.parts.slice(0, split.parts.length - common));
}

/** The setting separates entries by `;` and folders by `=>`, and takes blanks at the ends away. */
function isEnterable(folder: string): boolean {
  return folder !== '' && folder === folder.trim() && !/;|=>/.test(folder);
}
