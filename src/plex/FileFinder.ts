import { counted } from '../log/counted.ts';
import { askFileFilter } from './askFileFilter.ts';
import type { FileHolder, PathIndex } from './PathIndex.ts';
import type { PlexClient } from './PlexClient.ts';
import { PlexError, type PlexErrorKind } from './PlexError.ts';
import type { PlexItem } from './PlexItem.ts';
import { mayHold, type PlexSection } from './PlexSection.ts';
import type { PathMap } from './pathMap.ts';
import { type Doubt, type FileMatch, type FoundByFile, rankByFile, type WantedFile } from './rankByFile.ts';
import type { IndexRefresher } from './refreshIndex.ts';

/** Where to look: a server's sections, the most wanted first. */
export interface FinderPlaces {
  serverId: string;
  sections: readonly PlexSection[];
}

/** One look-up. */
export interface FileQuery {
  /** All files of a scene, the primary one first. */
  files: readonly WantedFile[];
  /** The answer holds for this moment of {@link FileFinder.moment} or a later one. */
  since: number;
  /** Many more are asked for the same moment: one look at a section's news costs less than a question for each. */
  isOneOfMany: boolean;
  /** Items that the user has chosen for the scene, in full, the latest choice first; each holds a file of the name of one of `files`. */
  chosen?: readonly PlexItem[];
  /** Items in full, by rating key; one that Plex does not have is undefined. */
  read: (ratingKeys: readonly string[]) => Promise<ReadonlyMap<string, PlexItem | undefined>>;
}

/** Finds the items that hold a scene's files: by the path index, which only hints, and by what Plex says about it. */
export interface FileFinder {
  /** A point in the order of what happens in this process. */
  moment(): number;
  /**
   * Rating keys of the items that the index takes for the right ones, to be read ahead; empty when it knows none. No request.
   *
   * @param chosen rating keys of the items that the user has chosen for the scene, the latest choice first.
   */
  hint(places: FinderPlaces, files: readonly WantedFile[], chosen?: readonly string[]): string[];
  /** Rating keys of all items with a file of such a name, however it agrees, as far as the index knows them. No request. */
  named(places: FinderPlaces, files: readonly WantedFile[]): string[];
  /**
   * Brings the index up to date for hints; now and then only.
   *
   * @param options.onlyListed leaves out sections that were never listed: the whole of one costs a request for every 200 items.
   * @throws PlexError
   */
  refresh(places: FinderPlaces, options?: { onlyListed?: boolean }): Promise<void>;
  /**
   * Every item of the answer was read in full and holds the file (W-05). That there is none is only ever the result of
   * complete, successful look-ups after `since` (W-10, W-19).
   *
   * @throws PlexError when a request fails, or a section changes faster than it can be looked through.
   */
  find(places: FinderPlaces, query: FileQuery): Promise<FileMatch>;
}

/** Items of one ambiguous file that are looked at; two would do as proof. */
const EQUALS_READ = 5;
/** How often what the index says may turn out wrong in one look-up. */
const ROUNDS = 10;
const ONE_REQUESTS_FAULT: ReadonlySet<PlexErrorKind> = new Set(['serverError', 'rejected']);

/** One way of looking may fail, or get no answer, at a request that the other way does without. */
function isWorthAnotherWay(error: unknown): error is PlexError {
  return error instanceof PlexError && (ONE_REQUESTS_FAULT.has(error.kind) || error.isUnanswered);
}

/** A finder for one Plex client. */
export function createFileFinder({
  plex,
  index,
  refresher,
  map,
}: {
  plex: Pick<PlexClient, 'rowsByFile'>;
  index: PathIndex;
  refresher: IndexRefresher;
  map: PathMap;
}): FileFinder {
  const named = ({ serverId, sections }: FinderPlaces, files: readonly WantedFile[]) =>
    index.find(
      serverId,
      sections.map(({ key }) => key),
      files.map(({ path }) => path),
    );
  /** The index need not know an item that was chosen. */
  const indexed = (places: FinderPlaces, { files, chosen = [] }: Pick<FileQuery, 'files' | 'chosen'>) => {
    const keys = chosen.map(({ ratingKey }) => ratingKey);
    const others = named(places, files).filter(({ ratingKey }) => !keys.includes(ratingKey));
    return rankByFile<FileHolder>(files, [...chosen, ...others], map, keys);
  };
  /** What the index says, once the items it names were read and the index put right about them. */
  const verified = async (
    places: FinderPlaces,
    query: FileQuery,
    seen: Map<string, PlexItem>,
  ): Promise<{ match: FileMatch; wasRight: boolean }> => {
    let wasRight = true;
    for (let round = 0; round < ROUNDS; round += 1) {
      const hint = indexed(places, query);
      const unread = candidatesOf(hint).filter(({ ratingKey }) => !seen.has(ratingKey));
      if (unread.length === 0) return { match: inFull(hint, seen), wasRight };
      const items = await query.read(unread.map(({ ratingKey }) => ratingKey));
      for (const { ratingKey, sectionKey } of unread) {
        const item = items.get(ratingKey);
        const isRight = index.correct(places.serverId, ratingKey, item);
        if (!isRight) refresher.distrust(places.serverId, sectionKey);
        wasRight &&= isRight;
        if (item) seen.set(ratingKey, item);
      }
    }
    throw unsettled();
  };
  /** Whether the index has, or would have, every item that the scene can have beside those of the match. */
  const isComplete = (match: Matched<PlexItem>, { serverId, sections }: FinderPlaces, { files }: FileQuery) =>
    sections.every(
      (section) =>
        index.lastListing({ serverId, sectionKey: section.key }) !== undefined ||
        files.every((file) => {
          const places = placesOf(file, match, map);
          if (places.length === 0) return false;
          return places.every(({ item, path }) => item.sectionKey === section.key || !mayHold(section, path));
        }),
    );
  /** Asks the filter for each file. @returns whether its answers can be believed. */
  const filter = async (
    { serverId }: FinderPlaces,
    section: PlexSection,
    files: readonly WantedFile[],
  ): Promise<boolean> => {
    let areComplete = true;
    for (const file of files) {
      const { rows, isComplete } = await askFileFilter(plex, section, file, map);
      index.put({ serverId, sectionKey: section.key }, rows);
      areComplete &&= isComplete;
    }
    return areComplete;
  };
  /** Has the index know everything about the files in one section. */
  const settle = async (places: FinderPlaces, section: PlexSection, query: FileQuery): Promise<void> => {
    if (refresher.isConfirmed(places.serverId, section, query.since)) return;
    const byFilter = () => filter(places, section, query.files);
    const byListing = () => refresher.confirm(places.serverId, section, query.since);
    let failure: PlexError | undefined;
    for (const way of query.isOneOfMany ? [byListing, byFilter] : [byFilter, byListing]) {
      try {
        if (await way()) return;
      } catch (error) {
        if (!isWorthAnotherWay(error)) throw error;
        failure ??= error;
      }
    }
    throw failure ?? unsettled(section, refresher.unreadable(places.serverId, section.key));
  };

  return {
    moment: refresher.moment,
    hint: (places, files, chosen = []) =>
      candidatesOf(rankByFile(files, named(places, files), map, chosen)).map(({ ratingKey }) => ratingKey),
    named: (places, files) => named(places, files).map(({ ratingKey }) => ratingKey),
    async refresh({ serverId, sections }, { onlyListed = false } = {}) {
      for (const section of sections) {
        const isListed = index.lastListing({ serverId, sectionKey: section.key }) !== undefined;
        if (isListed || !onlyListed) await refresher.refresh(serverId, section);
      }
    },
    async find(places, query) {
      const seen = new Map((query.chosen ?? []).map((item) => [item.ratingKey, item]));
      const hinted = await verified(places, query, seen);
      if (isDecisive(hinted.match) && isComplete(hinted.match, places, query)) return hinted.match;
      const settled = new Set<string>();
      for (const section of places.sections) {
        // Where every file was found at its very path, only a section that covers that path can have it as well (A3).
        const known = indexed(places, query);
        const isElsewhere = (file: WantedFile) => {
          const whole = placesOf(file, known, map).filter(
            ({ agreement, item }) => agreement !== 'tail' && settled.has(item.sectionKey),
          );
          return whole.length > 0 && whole.every(({ path }) => !mayHold(section, path));
        };
        if (query.files.every(isElsewhere)) continue;
        await settle(places, section, query);
        settled.add(section.key);
      }
      const { match, wasRight } = await verified(places, query, seen);
      // Listed a moment ago and gone: Plex is just replacing the item.
      if (match.outcome !== 'match' && !wasRight) throw unsettled();
      return match;
    },
  };
}

/** Whether no item that the index does not know yet could fit better. */
function isDecisive(match: FileMatch): match is Matched<PlexItem> {
  if (match.outcome !== 'match') return false;
  return match.confidence === 'chosen' || match.agreement !== 'tail' || (match.isSameSize && match.tail > 1);
}

type Matched<Item extends FileHolder> = Extract<FileMatch<Item>, { outcome: 'match' }>;

/** Where a match's items have one of the wanted files; an item may have several of them. */
function placesOf<Item extends FileHolder>(
  file: WantedFile,
  match: FileMatch<Item>,
  map: PathMap,
): FoundByFile<Item>[] {
  if (match.outcome !== 'match') return [];
  return [match, ...match.also].flatMap((found) => {
    if (found.wanted === file) return [found];
    const own = rankByFile([file], [found.item], map);
    return own.outcome === 'match' ? [own] : [];
  });
}

/** Every item that the answer names, each once. */
function candidatesOf(match: FileMatch<FileHolder>): FileHolder[] {
  const doubtful = ({ items }: Doubt<FileHolder>) => items.slice(0, EQUALS_READ);
  const items =
    match.outcome === 'match'
      ? [match.item, ...match.also.map(({ item }) => item), ...match.doubts.flatMap(doubtful)]
      : match.outcome === 'ambiguous'
        ? doubtful(match)
        : [];
  return [...new Map(items.map((item) => [item.ratingKey, item])).values()];
}

/** The same answer with full items in place of the index's. */
function inFull(match: FileMatch<FileHolder>, items: ReadonlyMap<string, PlexItem>): FileMatch {
  const full = ({ ratingKey }: FileHolder) => items.get(ratingKey) as PlexItem;
  const fullFound = (found: FoundByFile<FileHolder>): FoundByFile => ({ ...found, item: full(found.item) });
  const fullDoubt = (doubt: Doubt<FileHolder>): Doubt => ({
    items: doubt.items.slice(0, EQUALS_READ).map(full),
    found: fullFound(doubt.found),
  });
  if (match.outcome === 'match') {
    const { also, doubts, ...best } = match;
    return {
      outcome: 'match',
      ...fullFound(best),
      also: also.map(fullFound),
      doubts: doubts.map(fullDoubt),
    };
  }
  return match.outcome === 'ambiguous' ? { outcome: 'ambiguous', ...fullDoubt(match) } : match;
}

function unsettled(section?: PlexSection, unreadable = 0): PlexError {
  return new PlexError(
    'notFound',
    section && unreadable > 0
      ? `Plex's data of ${counted(unreadable, 'item')} in library "${section.title}" cannot be read, so whether one of them is the scene's is not known: let Plex refresh or analyze them.`
      : 'The Plex library changes while it is looked through, so nothing is certain yet; it is looked through again later.',
  );
}
