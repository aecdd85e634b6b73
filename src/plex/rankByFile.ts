import { type ComparablePath, comparablePath, comparePaths } from './filePath.ts';
import type { PlexFile, PlexItem } from './PlexItem.ts';

/** A file that is looked for, as Stash knows it. */
export interface WantedFile {
  path: string;
  sizeBytes?: number;
}

/** What a look-up by file came to. */
export type FileMatch =
  | { outcome: 'none' }
  /** `path` is the item's file that fits. */
  | { outcome: 'match'; item: PlexItem; path: string }
  /** Several items fit equally well; `path` is the file of the first. */
  | { outcome: 'ambiguous'; items: PlexItem[]; path: string }
  /** Files of that name exist, but all of another size. */
  | { outcome: 'otherSize' };

/** How one wanted file agrees with one file of an item. */
interface Fit {
  item: PlexItem;
  path: string;
  /** Agreeing components from the end; infinite when the whole paths are equal. */
  agreement: number;
  /** Both sizes are known and equal. */
  isSameSize: boolean;
  /** Both sizes are known and differ, and the paths are not equal: another file of that name. */
  isContradicted: boolean;
  /** Place of the wanted file in its list; 0 is the scene's primary file. */
  fileIndex: number;
}

/**
 * Picks the item that holds one of a scene's files (W-01, W-07). An equal path decides; otherwise the longest
 * agreeing end of the paths, because the two servers often see one folder under different mounts, unless the sizes
 * contradict it. Then an equal size, then the primary file. One file in several sections is the first section's (W-06).
 *
 * @param items candidates, each once, in the order of their sections.
 */
export function rankByFile(wanted: readonly WantedFile[], items: readonly PlexItem[]): FileMatch {
  const fits = items.flatMap((item) => fitsOf(wanted, item));
  const sure = fits.filter(({ isContradicted }) => !isContradicted).sort(byQuality);
  const [best] = sure;
  if (!best) {
    return { outcome: fits.length === 0 ? 'none' : 'otherSize' };
  }
  const equals = sure.filter((fit) => byQuality(fit, best) === 0);
  const isOneFile = equals.every(({ path }) => path === best.path);
  const winners = itemsOf(equals);
  if (winners.length === 1 || isOneFile) return { outcome: 'match', item: best.item, path: best.path };
  return { outcome: 'ambiguous', items: winners, path: best.path };
}

/** Whether an item still holds one of the files: rating keys are given to other items now and then (W-05). */
export function holdsFile(wanted: readonly WantedFile[], item: PlexItem): boolean {
  return fitsOf(wanted, item).some(({ isContradicted }) => !isContradicted);
}

function fitsOf(wanted: readonly WantedFile[], item: PlexItem): Fit[] {
  const files = item.files.map((file) => ({ ...file, comparable: comparablePath(file.path) }));
  return wanted.flatMap((file, fileIndex) => {
    const path = comparablePath(file.path);
    return files.flatMap((candidate) => fitOf(file, path, candidate, item, fileIndex) ?? []);
  });
}

function fitOf(
  wanted: WantedFile,
  path: ComparablePath,
  candidate: PlexFile & { comparable: ComparablePath },
  item: PlexItem,
  fileIndex: number,
): Fit | undefined {
  const { tail, whole } = comparePaths(path, candidate.comparable);
  if (tail === 0) return undefined;
  const areSizesKnown = Boolean(wanted.sizeBytes && candidate.sizeBytes);
  const isSameSize = areSizesKnown && wanted.sizeBytes === candidate.sizeBytes;
  return {
    item,
    path: candidate.path,
    agreement: whole ? Number.POSITIVE_INFINITY : tail,
    isSameSize,
    isContradicted: areSizesKnown && !isSameSize && !whole,
    fileIndex,
  };
}

/** The better fit first; 0 for two that are equally good. */
function byQuality(left: Fit, right: Fit): number {
  if (left.agreement !== right.agreement) return left.agreement > right.agreement ? -1 : 1;
  if (left.isSameSize !== right.isSameSize) return left.isSameSize ? -1 : 1;
  return left.fileIndex - right.fileIndex;
}

function itemsOf(fits: readonly Fit[]): PlexItem[] {
  return [...new Map(fits.map(({ item }) => [item.ratingKey, item])).values()];
}
