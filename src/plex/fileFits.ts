import { type ComparablePath, comparablePath, comparePaths } from './filePath.ts';
import type { FileHolder } from './PathIndex.ts';
import type { PlexFile, PlexItem } from './PlexItem.ts';
import type { PathMap } from './pathMap.ts';

/** A file that is looked for, as Stash knows it. */
export interface WantedFile {
  path: string;
  sizeBytes?: number;
}

/**
 * `low`: nothing but the file's name speaks for the item, neither a folder nor the size (W-01), or several items may be
 * meant and one was guessed. `chosen`: the user said that it is this one.
 */
export type MatchConfidence = 'high' | 'low' | 'chosen';

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

/** How one wanted file agrees with one file of an item. */
export interface Fit<Item extends FileHolder> extends FoundByFile<Item> {
  /** Where the item's file is in Stash, as far as the mapping tells; else where Plex sees it. */
  place: ComparablePath;
  sizeBytes: number | undefined;
  /** Another file of that name: the sizes differ, or the mapping knows it elsewhere and no size says otherwise. */
  isContradicted: boolean;
  /** 0 where the user has not chosen the item for the scene; else the greater, the later he did. */
  choice: number;
  /** Place of the wanted file in its list; 0 is the scene's primary file. */
  fileIndex: number;
}

/**
 * Every agreement of a wanted file with a file of an item, from the bare name on.
 *
 * @param chosen rating keys of the items that the user has chosen for the scene, the latest choice first.
 */
export function fitsOf<Item extends FileHolder>(
  wanted: readonly WantedFile[],
  items: readonly Item[],
  map: PathMap,
  chosen: readonly string[] = [],
): Fit<Item>[] {
  const wantedPaths = wanted.map(({ path }) => comparablePath(path));
  return items.flatMap((item) => {
    const place = chosen.indexOf(item.ratingKey);
    const choice = place < 0 ? 0 : chosen.length - place;
    return item.files.flatMap((file) => {
      const seen = comparablePath(file.path);
      const inStash = map.plexToStash(file.path);
      const mapped =
        inStash === undefined ? undefined : { ...comparablePath(inStash), ignoresCase: seen.ignoresCase };
      return wanted.flatMap((wantedFile, fileIndex) => {
        const path = wantedPaths[fileIndex] as ComparablePath;
        return fitOf({ file: wantedFile, path, fileIndex }, { item, file, seen, mapped, choice }) ?? [];
      });
    });
  });
}

function fitOf<Item extends FileHolder>(
  wanted: { file: WantedFile; path: ComparablePath; fileIndex: number },
  candidate: {
    item: Item;
    file: PlexFile;
    seen: ComparablePath;
    mapped: ComparablePath | undefined;
    choice: number;
  },
): Fit<Item> | undefined {
  const { item, file, seen, mapped, choice } = candidate;
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
    confidence: choice > 0 ? 'chosen' : whole || tail > 1 || isSameSize ? 'high' : 'low',
    agreement: !whole ? 'tail' : inStash ? 'mapped' : 'path',
    tail,
    isSameSize,
    place: mapped ?? seen,
    sizeBytes: file.sizeBytes,
    // What the user says holds against everything but the name.
    isContradicted: choice === 0 && !whole && !isSameSize && (areSizesKnown || isElsewhere),
    choice,
    fileIndex: wanted.fileIndex,
  };
}

const RANKS = { mapped: 2, path: 1, tail: 0 } as const;

/** The better fit first, the primary file's first of two that are equally good. */
export function byQuality(left: Fit<FileHolder>, right: Fit<FileHolder>): number {
  return byFit(left, right) || left.fileIndex - right.fileIndex;
}

/** The better fit first, a chosen one before all others; 0 for two that are equally good. */
export function byFit(left: Fit<FileHolder>, right: Fit<FileHolder>): number {
  if (left.choice !== right.choice) return right.choice - left.choice;
  const rank = RANKS[right.agreement] - RANKS[left.agreement];
  if (rank !== 0) return rank;
  if (left.agreement === 'tail' && left.tail !== right.tail) return right.tail - left.tail;
  if (left.isSameSize !== right.isSameSize) return left.isSameSize ? -1 : 1;
  return 0;
}

/** Whether two fits are at the same place, as far as is known: two libraries that cover one folder. */
export function isSameFile(left: Fit<FileHolder>, right: Fit<FileHolder>): boolean {
  const isOtherSize = left.sizeBytes && right.sizeBytes && left.sizeBytes !== right.sizeBytes;
  return !isOtherSize && comparePaths(left.place, right.place).whole;
}
