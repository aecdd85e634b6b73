import { type ComparablePath, comparablePath, comparePaths } from './filePath.ts';
import type { FileHolder } from './PathIndex.ts';
import type { PlexFile, PlexItem } from './PlexItem.ts';
import type { PathMap } from './pathMap.ts';

/** A file that is looked for, as Stash knows it. */
export interface WantedFile {
  path: string;
  sizeBytes?: number;
}

/** `low`: nothing but the file's name speaks for the item, or several items may be meant and one was chosen. */
export type MatchConfidence = 'high' | 'low';

/** The item that holds one of the wanted files. */
export interface FoundByFile<Item extends FileHolder = PlexItem> {
  item: Item;
  /** The item's file that fits, as Plex sees it, and the wanted file that it is. */
  path: string;
  wanted: WantedFile;
  confidence: MatchConfidence;
  /** How the paths agree: after mapping, as they are, or in so many components from the end. */
  agreement: 'mapped' | 'path' | 'tail';
  tail: number;
  /** Both sizes are known and equal. */
  isSameSize: boolean;
}

/** What a look-up by file came to. */
export type FileMatch<Item extends FileHolder = PlexItem> =
  | { outcome: 'none' }
  | ({ outcome: 'match' } & FoundByFile<Item>)
  /** Several items fit equally well; `found` is the first, and a guess. */
  | { outcome: 'ambiguous'; items: Item[]; found: FoundByFile<Item> }
  /** Files of that name exist, but all of another size, or `path_map` says that they are others. */
  | { outcome: 'otherFile' };

/** How one wanted file agrees with one file of an item. */
interface Fit<Item extends FileHolder> extends FoundByFile<Item> {
  /** Where the item's file is in Stash, as far as the mapping tells; else where Plex sees it. */
  place: ComparablePath;
  sizeBytes: number | undefined;
  /** Another file of that name: the sizes differ, or the mapping knows it elsewhere and no size says otherwise. */
  isContradicted: boolean;
  /** Place of the wanted file in its list; 0 is the scene's primary file. */
  fileIndex: number;
}

/**
 * Picks the item that holds one of a scene's files (W-01, W-07). A path that is equal after mapping decides, then an equal
 * path; otherwise the longest agreeing end of the paths, because the two servers often see one folder under different mounts,
 * unless something contradicts it. Then an equal size, then the primary file. One file in several sections is the first
 * section's (W-06); two items of one section that fit equally well are nobody's.
 *
 * @param items candidates, each once, in the order of their sections.
 */
export function rankByFile<Item extends FileHolder>(
  wanted: readonly WantedFile[],
  items: readonly Item[],
  map: PathMap,
): FileMatch<Item> {
  const fits = fitsOf(wanted, items, map);
  const sure = fits.filter(({ isContradicted }) => !isContradicted).sort(byQuality);
  const [best] = sure;
  if (!best) return { outcome: fits.length === 0 ? 'none' : 'otherFile' };
  const equals = sure.filter((fit) => byQuality(fit, best) === 0);
  const winners = itemsOf(equals);
  const isOneOfItsSection = winners.every(
    (item) => item === best.item || item.sectionKey !== best.item.sectionKey,
  );
  if (winners.length === 1 || (isOneOfItsSection && equals.every((fit) => isSameFile(fit, best)))) {
    return { outcome: 'match', ...found(best) };
  }
  return { outcome: 'ambiguous', items: winners, found: { ...found(best), confidence: 'low' } };
}

/** The `limit` items that fit best, the best first; items that hold no file of such a name are left out. */
export function bestByFile<Item extends FileHolder>(
  wanted: readonly WantedFile[],
  items: readonly Item[],
  map: PathMap,
  limit: number,
): Item[] {
  return itemsOf(fitsOf(wanted, items, map).sort(byQuality)).slice(0, limit);
}

function fitsOf<Item extends FileHolder>(
  wanted: readonly WantedFile[],
  items: readonly Item[],
  map: PathMap,
): Fit<Item>[] {
  const wantedPaths = wanted.map(({ path }) => comparablePath(path));
  return items.flatMap((item) =>
    item.files.flatMap((file) => {
      const seen = comparablePath(file.path);
      const inStash = map.plexToStash(file.path);
      const mapped = inStash === undefined ? undefined : { ...comparablePath(inStash), ignoresCase: seen.ignoresCase };
      return wanted.flatMap((wantedFile, fileIndex) => {
        const path = wantedPaths[fileIndex] as ComparablePath;
        return fitOf({ file: wantedFile, path, fileIndex }, { item, file, seen, mapped }) ?? [];
      });
    }),
  );
}

function fitOf<Item extends FileHolder>(
  wanted: { file: WantedFile; path: ComparablePath; fileIndex: number },
  candidate: { item: Item; file: PlexFile; seen: ComparablePath; mapped: ComparablePath | undefined },
): Fit<Item> | undefined {
  const { item, file, seen, mapped } = candidate;
  const asSeen = comparePaths(wanted.path, seen);
  const inStash = mapped && comparePaths(wanted.path, mapped);
  const tail = Math.max(asSeen.tail, inStash?.tail ?? 0);
  if (tail === 0) return undefined;
  // Where the mapping applies it alone says what is equal.
  const whole = inStash ? inStash.whole : asSeen.whole;
  const areSizesKnown = Boolean(wanted.file.sizeBytes && file.sizeBytes);
  const isSameSize = areSizesKnown && wanted.file.sizeBytes === file.sizeBytes;
  const isElsewhere = inStash !== undefined && !inStash.whole;
  return {
    item,
    path: file.path,
    wanted: wanted.file,
    confidence: whole || tail > 1 ? 'high' : 'low',
    agreement: !whole ? 'tail' : inStash ? 'mapped' : 'path',
    tail,
    isSameSize,
    place: mapped ?? seen,
    sizeBytes: file.sizeBytes,
    isContradicted: !whole && !isSameSize && (areSizesKnown || isElsewhere),
    fileIndex: wanted.fileIndex,
  };
}

const RANKS = { mapped: 2, path: 1, tail: 0 } as const;

/** The better fit first; 0 for two that are equally good. */
function byQuality(left: Fit<FileHolder>, right: Fit<FileHolder>): number {
  const rank = RANKS[right.agreement] - RANKS[left.agreement];
  if (rank !== 0) return rank;
  if (left.agreement === 'tail' && left.tail !== right.tail) return right.tail - left.tail;
  if (left.isSameSize !== right.isSameSize) return left.isSameSize ? -1 : 1;
  return left.fileIndex - right.fileIndex;
}

function isSameFile(left: Fit<FileHolder>, right: Fit<FileHolder>): boolean {
  const isOtherSize = left.sizeBytes && right.sizeBytes && left.sizeBytes !== right.sizeBytes;
  return !isOtherSize && comparePaths(left.place, right.place).whole;
}

function found<Item extends FileHolder>({
  place: _place,
  sizeBytes: _sizeBytes,
  isContradicted: _isContradicted,
  fileIndex: _fileIndex,
  ...rest
}: Fit<Item>): FoundByFile<Item> {
  return rest;
}

function itemsOf<Item extends FileHolder>(fits: readonly Fit<Item>[]): Item[] {
  return [...new Map(fits.map(({ item }) => [item.ratingKey, item])).values()];
}
