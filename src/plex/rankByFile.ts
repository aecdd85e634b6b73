import {
  byFit,
  byQuality,
  type Fit,
  type FoundByFile,
  fitsOf,
  isSameFile,
  type WantedFile,
} from './fileFits.ts';
import type { FileHolder } from './PathIndex.ts';
import type { PlexItem } from './PlexItem.ts';
import type { PathMap } from './pathMap.ts';

export type { FoundByFile, MatchConfidence, WantedFile } from './fileFits.ts';

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

/**
 * Picks the items that hold a scene's files (W-01, W-07), each file by itself. A path that is equal after mapping decides, then an
 * equal path; otherwise the longest agreeing end of the paths, because the two servers often see one folder under different
 * mounts, unless something contradicts it; then an equal size. One file in several sections has an item in each of them; two items
 * of one section that fit equally well are in doubt (W-06). An item that the user has chosen comes before all others for the files
 * whose names it has; others remain only where they hold the very same file in another section.
 *
 * @param items candidates, each once, in the order of their sections.
 * @param chosen rating keys of the items that the user has chosen for the scene, the latest choice first.
 */
export function rankByFile<Item extends FileHolder>(
  wanted: readonly WantedFile[],
  items: readonly Item[],
  map: PathMap,
  chosen: readonly string[] = [],
): FileMatch<Item> {
  const fits = fitsOf(wanted, items, map, chosen);
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
  const isWorthTelling = ({ found: { confidence } }: { found: FoundByFile<Item> }) => confidence !== 'low';
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
    also: others.filter(({ confidence }) => confidence !== 'low').map((fit) => found(fit)),
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
  const bySection = sectionKeys.map((key) =>
    latestChoice(same.filter(({ item }) => item.sectionKey === key)),
  );
  const doubtful = bySection.find((some) => some.length > 1);
  return {
    found: bySection.flatMap((some) => (some.length === 1 ? some : [])),
    ...(doubtful ? { doubt: { items: itemsOf(doubtful), found: found(doubtful[0] as Fit<Item>) } } : {}),
  };
}

/** All of them, unless the user has chosen among them. */
function latestChoice<Item extends FileHolder>(fits: readonly Fit<Item>[]): readonly Fit<Item>[] {
  const latest = Math.max(...fits.map(({ choice }) => choice));
  return fits.filter(({ choice }) => choice === latest);
}

function found<Item extends FileHolder>({
  place: _place,
  sizeBytes: _sizeBytes,
  isContradicted: _isContradicted,
  choice: _choice,
  fileIndex: _fileIndex,
  ...rest
}: Fit<Item>): FoundByFile<Item> {
  return rest;
}

function itemsOf<Item extends FileHolder>(fits: readonly Fit<Item>[]): Item[] {
  return [...new Map(fits.map(({ item }) => [item.ratingKey, item])).values()];
}
