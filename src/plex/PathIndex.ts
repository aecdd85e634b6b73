import type { Database } from '../storage/openDatabase.ts';
import { nameKey } from './filePath.ts';
import type { PlexItem } from './PlexItem.ts';
import { type IndexedFile, preparePathStatements } from './pathStatements.ts';

/** A section of one server; neither its title nor its number alone says which one is meant (W-23). */
export interface SectionPlace {
  serverId: string;
  sectionKey: string;
}

/** An item as far as its files are concerned. */
export type FileHolder = Pick<PlexItem, 'ratingKey' | 'sectionKey' | 'files'>;

/** A full listing that came to its end. */
export interface SectionListing {
  /** Number and row of the listing begun last: other ones mean that somebody else worked on the index. */
  id: number;
  listing: number;
  listedAtMs: number;
  /** Plex's time of its last scan when the listing began; null when Plex does not say. */
  scannedAtSecs: number | null;
}

/**
 * Which files Plex has, from its listings, in the database: one store for every purpose (W-21, W-22). Whatever it says is
 * a hint: an item counts once it was read and holds the file (W-05), and that a file is missing here proves nothing (W-19).
 */
export interface PathIndex {
  /** Items with a file of the name of one of `paths`, in the order of `sectionKeys`; each with its files of such a name only. */
  find(serverId: string, sectionKeys: readonly string[], paths: readonly string[]): FileHolder[];
  /** All files of an item, in the order in which Plex gave them when it was first seen so. */
  filesOf(place: SectionPlace, ratingKey: string): PlexItem['files'];
  /** The section's last complete listing; undefined when there was none, or the index was cleared since. */
  lastListing(place: SectionPlace): SectionListing | undefined;
  /** Number of a section's items. */
  count(place: SectionPlace): number;
  /**
   * Takes up a page of a listing, in one transaction.
   *
   * @param listing number of the full listing that the page is part of; left out for a page that only brings news.
   * @returns whether the page's last item was in the index before.
   */
  put(place: SectionPlace, items: readonly FileHolder[], listing?: number): { isLastKnown: boolean };
  /**
   * An item as it was read just now; undefined: Plex has no such item.
   *
   * @returns whether the index was right about it; then nothing is written.
   */
  correct(serverId: string, ratingKey: string, item: FileHolder | undefined): boolean;
  /** Begins a full listing. @returns its number. */
  beginListing(place: SectionPlace): number;
  /**
   * Ends a full listing: what it has not seen is gone.
   *
   * @param totalSize how many items Plex says there are; undefined when it does not, and the listing did not show it either.
   * @returns false when that is not known, when it saw fewer (the section changed meanwhile, or a row could not be read) or the index
   *   was cleared: nothing is removed then.
   */
  endListing(
    place: SectionPlace,
    end: { listing: number; totalSize: number | undefined; nowMs: number; scannedAtSecs: number | undefined },
  ): boolean;
}

/** Empties the path index and nothing else: what was synced to which item stays known (W-21). */
export function clearMatchIndex(db: Database): void {
  db.transaction(() => {
    db.exec('DELETE FROM plex_files');
    db.exec('DELETE FROM plex_sections');
  }).immediate();
}

/** The path index of an open database. */
export function createPathIndex(db: Database): PathIndex {
  const sql = preparePathStatements(db);

  const sectionId = (place: SectionPlace): number | undefined =>
    (sql.section.get(place) as { id: number } | undefined)?.id;
  const obtainSection = (place: SectionPlace): { id: number; listing: number } => {
    sql.addSection.run(place);
    return sql.section.get(place) as { id: number; listing: number };
  };
  const replaceFiles = (section: number, { ratingKey, files }: FileHolder, listing: number): void => {
    sql.deleteItem.run({ section, ratingKey });
    // An item without files counts as well: the server's total includes it.
    for (const { path, sizeBytes } of files.length > 0 ? files : [{ path: '' }]) {
      sql.addFile.run({
        section,
        ratingKey,
        path,
        name: nameKey(path),
        sizeBytes: sizeBytes ?? null,
        listing,
      });
    }
  };

  return {
    find(serverId, sectionKeys, paths) {
      // An item without files has a row with an empty name.
      const names = JSON.stringify([...new Set(paths.map(nameKey))].filter((name) => name !== ''));
      return sectionKeys.flatMap((sectionKey) => {
        const section = sectionId({ serverId, sectionKey });
        if (section === undefined) return [];
        return holders(sectionKey, sql.find.all({ section, names }) as IndexedFile[]);
      });
    },
    filesOf(place, ratingKey) {
      const section = sectionId(place);
      if (section === undefined) return [];
      const rows = sql.filesOf.all({ section, ratingKey }) as IndexedFile[];
      return holders(
        place.sectionKey,
        rows.filter(({ path }) => path !== ''),
      ).flatMap(({ files }) => files);
    },
    lastListing(place) {
      const row = sql.section.get(place) as (SectionListing & { listedAtMs: number | null }) | undefined;
      return row && row.listedAtMs !== null ? row : undefined;
    },
    count: (place) => (sql.count.get(place) as { items: number }).items,
    put: (place, items, listing) =>
      db
        .transaction(() => {
          const section = obtainSection(place);
          let isLastKnown = false;
          for (const item of items) {
            const known = sql.filesOf.all({
              section: section.id,
              ratingKey: item.ratingKey,
            }) as IndexedFile[];
            isLastKnown = known.length > 0;
            if (!isSame(known, item)) replaceFiles(section.id, item, listing ?? section.listing);
            else if (listing !== undefined)
              sql.seen.run({ section: section.id, ratingKey: item.ratingKey, listing });
          }
          return { isLastKnown };
        })
        .immediate(),
    correct: (serverId, ratingKey, item) => {
      const known = sql.filesOnServer.all({ serverId, ratingKey }) as (IndexedFile & {
        sectionKey: string;
      })[];
      const isRight = item
        ? known.every(({ sectionKey }) => sectionKey === item.sectionKey) && isSame(known, item)
        : known.length === 0;
      if (isRight) return true;
      db.transaction(() => {
        sql.forget.run({ serverId, ratingKey });
        const section =
          item && (sql.section.get({ serverId, sectionKey: item.sectionKey }) as SectionListing);
        if (section) replaceFiles(section.id, item, section.listing);
      }).immediate();
      return false;
    },
    beginListing: (place) =>
      db
        .transaction(() => {
          obtainSection(place);
          return (sql.begin.get(place) as { listing: number }).listing;
        })
        .immediate(),
    endListing: (place, { listing, totalSize, nowMs, scannedAtSecs }) =>
      db
        .transaction(() => {
          const section = sectionId(place);
          if (section === undefined) return false;
          const { items } = sql.countSeen.get({ section, listing }) as { items: number };
          if (totalSize === undefined || items < totalSize) return false;
          sql.deleteUnseen.run({ section, listing });
          sql.end.run({ section, nowMs, scannedAtSecs: scannedAtSecs ?? null });
          return true;
        })
        .immediate(),
  };
}

/** Puts rows, ordered by item, together. */
function holders(sectionKey: string, rows: readonly IndexedFile[]): FileHolder[] {
  const items = new Map<string, FileHolder>();
  for (const { ratingKey, path, sizeBytes } of rows) {
    const item = items.get(ratingKey) ?? { ratingKey, sectionKey, files: [] };
    item.files.push({ path, ...(sizeBytes === null ? {} : { sizeBytes }) });
    items.set(ratingKey, item);
  }
  return [...items.values()];
}

/** Whether the index has exactly the item's files. */
function isSame(known: readonly IndexedFile[], { files }: FileHolder): boolean {
  if (known.length !== Math.max(files.length, 1)) return false;
  if (files.length === 0) return known[0]?.path === '';
  return files.every(({ path, sizeBytes }) =>
    known.some((file) => file.path === path && file.sizeBytes === (sizeBytes ?? null)),
  );
}
