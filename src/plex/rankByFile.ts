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
 * meant and one was chosen.
 */
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

/** Several items of which only one can be meant; `found` is the first, and a guess. */
export interface Doubt<Item extends FileHolder = PlexItem> {
  items: Item[];
  found: FoundByFile<Item>;
}

/** What a look-up by file came to. */
export type FileMatch<Item extends FileHolder = PlexItem> =
  | { outcome: 'none' }
  /**
   * The item that fits best; `also`: the others that are the scene's as well, because they hold the same file in another section or
   * another file of the scene; `doubts`: files of the scene that are certainly in Plex, but not certainly in which item.
   */
  | ({ outcome: 'match'; also: FoundByFile<Item>[]; doubts: Doubt<Item>[] } & FoundByFile<Item>)
  /** Several items fit equally well, and none fits surely. */
  | ({ outcome: 'ambiguous' } & Doubt<Item>)
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
 * Picks the items that hold a scene's files (W-01, W-07), each file by itself. A path that is equal after mapping decides, then an
 * equal path; otherwise the longest agreeing end of the paths, because the two servers often see one folder under different
 * mounts, unless something contradicts it; then an equal size. One file in several sections has an item in each of them; two items
 * of one section that fit equally well are in doubt (W-06).
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
  if (sure.length === 0) return { outcome: fits.length === 0 ? 'none' : 'otherFile' };
  const own = onePerFile(sure);
  const matches: Fit<Item>[] = [];
  const doubts: Doubt<Item>[] = [];
  for (const fileIndex of wanted.keys()) {
    const ofFile = own.filter((fit) => fit.fileIndex === fileIndex);
    const { found: places, doubt } = placesOf(ofFile);
    matches.push(...places);
    if (doubt) doubts.push(doubt);
  }
  const [best, ...others] = onePerItem(matches.sort(byQuality));
  // Where something is certain, a bare name says nothing more.
  const isWorthTelling = ({ found: { confidence } }: { found: FoundByFile<Item> }) => confidence === 'high';
  if (!best || (best.confidence === 'low' && doubts.some(isWorthTelling))) {
    const [doubt] = [...doubts].sort(
      (left, right) => Number(isWorthTelling(right)) - Number(isWorthTelling(left)),
    );
    if (doubt)
      return { outcome: 'ambiguous', items: doubt.items, found: { ...doubt.found, confidence: 'low' } };
  }
  return {
    outcome: 'match',
    ...found(best as Fit<Item>),
    also: others.filter(({ confidence }) => confidence === 'high').map((fit) => found(fit)),
    doubts: doubts
      .filter(isWorthTelling)
      .map((doubt) => ({ ...doubt, found: { ...doubt.found, confidence: 'low' } })),
  };
}

/**
 * Which of an item's files are which of some scenes' files: the best fit of each, several when they fit equally well. What does not
 * surely fit is left out.
 *
 * @returns the wanted files of each of the item's files, by its path as Plex sees it.
 */
export function assignFiles<Wanted extends WantedFile>(
  wanted: readonly Wanted[],
  item: FileHolder,
  map: PathMap,
): Map<string, Wanted[]> {
  const sure = fitsOf(wanted, [item], map).filter(
    ({ isContradicted, confidence }) => !isContradicted && confidence === 'high',
  );
  const assigned = new Map<string, Wanted[]>();
  for (const { path } of item.files) {
    const ofFile = sure.filter((fit) => fit.path === path).sort(byQuality);
    const best = ofFile.filter((fit) => byFit(fit, ofFile[0] as Fit<FileHolder>) === 0);
    if (best.length > 0)
      assigned.set(path, [...new Set(best.map(({ fileIndex }) => wanted[fileIndex] as Wanted))]);
  }
  return assigned;
}

/** Each of an item's files is one of the scene's at most: the one that fits it best. @param fits the best first. */
function onePerFile<Item extends FileHolder>(fits: readonly Fit<Item>[]): Fit<Item>[] {
  const taken = new Set<string>();
  return fits.filter(({ item, path }) => {
    const place = JSON.stringify([item.ratingKey, path]);
    return taken.has(place) ? false : taken.add(place);
  });
}

function onePerItem<Item extends FileHolder>(fits: readonly Fit<Item>[]): Fit<Item>[] {
  const taken = new Set<string>();
  return fits.filter(({ item: { ratingKey } }) => (taken.has(ratingKey) ? false : taken.add(ratingKey)));
}

/** The items of one wanted file: one in each section that has it. @param fits the best first. */
function placesOf<Item extends FileHolder>(
  fits: readonly Fit<Item>[],
): { found: Fit<Item>[]; doubt?: Doubt<Item> } {
  const [best] = fits;
  if (!best) return { found: [] };
  const equals = fits.filter((fit) => byFit(fit, best) === 0);
  if (!equals.every((fit) => isSameFile(fit, best))) {
    const items = itemsOf(equals);
    return items.length === 1 ? { found: [best] } : { found: [], doubt: { items, found: found(best) } };
  }
  const same = onePerItem(fits.filter((fit) => fit.agreement === best.agreement && isSameFile(fit, best)));
  const sectionKeys = [...new Set(same.map(({ item }) => item.sectionKey))];
  const bySection = sectionKeys.map((key) => same.filter(({ item }) => item.sectionKey === key));
  const doubtful = bySection.find((some) => some.length > 1);
  return {
    found: bySection.flatMap((some) => (some.length === 1 ? some : [])),
    ...(doubtful ? { doubt: { items: itemsOf(doubtful), found: found(doubtful[0] as Fit<Item>) } } : {}),
  };
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
      const mapped =
        inStash === undefined ? undefined : { ...comparablePath(inStash), ignoresCase: seen.ignoresCase };
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
    confidence: whole || tail > 1 || isSameSize ? 'high' : 'low',
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

/** The better fit first, the primary file's first of two that are equally good. */
function byQuality(left: Fit<FileHolder>, right: Fit<FileHolder>): number {
  return byFit(left, right) || left.fileIndex - right.fileIndex;
}

/** The better fit first; 0 for two that are equally good. */
function byFit(left: Fit<FileHolder>, right: Fit<FileHolder>): number {
  const rank = RANKS[right.agreement] - RANKS[left.agreement];
  if (rank !== 0) return rank;
  if (left.agreement === 'tail' && left.tail !== right.tail) return right.tail - left.tail;
  if (left.isSameSize !== right.isSameSize) return left.isSameSize ? -1 : 1;
  return 0;
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
