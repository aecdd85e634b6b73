import { comparablePath } from './filePath.ts';
import type { PlexSection } from './PlexSection.ts';

/** Where Plex has to look for a file. */
export interface ScanTarget {
  sectionKey: string;
  /** The folder as Plex sees it. */
  folder: string;
  /** The section's location that it lies in. */
  location: string;
}

/**
 * The folder of a section that should hold a file: below a location that begins the path, or, when Stash and Plex see one folder
 * under different mounts, below one whose last component the path contains. The longest agreement wins.
 *
 * @param path the file, as Stash sees it or after mapping.
 * @returns undefined when no location has anything to do with the path.
 */
export function folderToScan(path: string, sections: readonly PlexSection[]): ScanTarget | undefined {
  const file = comparablePath(path);
  const folder = file.components.slice(0, -1);
  let best: (ScanTarget & { rank: number }) | undefined;
  for (const { key, locations } of sections) {
    for (const location of locations) {
      const fit = fitOf(folder, location, file.ignoresCase);
      if (fit && fit.rank > (best?.rank ?? -1))
        best = { sectionKey: key, location: joined(location, []), ...fit };
    }
  }
  return best && { sectionKey: best.sectionKey, folder: best.folder, location: best.location };
}

/** Ranks above this agree from the root on. */
const WHOLE = 1_000;

function fitOf(
  folder: readonly string[],
  location: string,
  ignoresCase: boolean,
): { folder: string; rank: number } | undefined {
  const root = comparablePath(location);
  const isSame = (left: string | undefined, right: string | undefined) =>
    ignoresCase || root.ignoresCase
      ? left?.toLowerCase() === right?.toLowerCase()
      : left !== undefined && left === right;
  const depth = root.components.length;
  if (depth > 0 && root.components.every((part, index) => isSame(part, folder[index]))) {
    return { folder: joined(location, folder.slice(depth)), rank: WHOLE + depth };
  }
  // The last place where the location's own folder occurs, with as much before it as agrees.
  for (let end = folder.length; end > 0; end -= 1) {
    let agreeing = 0;
    while (agreeing < depth && isSame(root.components.at(-1 - agreeing), folder[end - 1 - agreeing]))
      agreeing += 1;
    if (agreeing > 0) return { folder: joined(location, folder.slice(end)), rank: agreeing };
  }
  return undefined;
}

function joined(location: string, rest: readonly string[]): string {
  const separator = location.includes('\\') ? '\\' : '/';
  return [location.replace(/[\\/]+$/, ''), ...rest].join(separator);
}
