import { agentRefresh } from './agentRefresh.ts';
import { baseName, filesOf, type ItemRecord } from './ItemRecord.ts';
import { insertItem, removeItem } from './itemTags.ts';
import type { LibraryState } from './LibraryState.ts';
import type { NewPlexItem, PlexItem } from './PlexItem.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import { plexItemView } from './plexItemView.ts';
import type { Scanner, ScanRequest } from './Scanner.ts';
import type { NewPlexSection, PlexSection } from './SectionRecord.ts';

/** A collection and how many items it has. */
export interface PlexCollection {
  readonly ratingKey: string;
  readonly title: string;
  readonly childCount: number;
}

/** The double's library, as a test arranges and inspects it. Items are copies: look them up again after a request. */
export interface PlexLibrary {
  /** May be changed, as if another server answered at the same address (6.2). */
  machineIdentifier: string;
  /** Scans asked for so far, in order (row 22). */
  readonly scans: readonly ScanRequest[];
  /**
   * Rating keys of every read of details without `skipRefresh=1`, in order: each had the server go over the items'
   * files (9.4). Empty when a client only ever looks.
   */
  readonly refreshedReads: readonly (readonly string[])[];
  /** Adds a library; two may have the same title (row 5). */
  addSection(section: NewPlexSection): PlexSection;
  sections(): PlexSection[];
  addItem(sectionKey: string, item: NewPlexItem): PlexItem;
  item(ratingKey: string): PlexItem | undefined;
  /** The first item with a part at exactly this path. */
  itemByFile(path: string): PlexItem | undefined;
  items(): Iterable<PlexItem>;
  collections(sectionKey: string): PlexCollection[];
  removeItem(ratingKey: string): void;
  /** Has an item's files go missing: it stays listed, with `deletedAt` (9.9). */
  trashItem(ratingKey: string): void;
  /** Has an item's files come back. */
  restoreItem(ratingKey: string): void;
  /** Moves an item's only file: the item stays in the trash beside a new, bare one at the new place (9.9). */
  moveFile(ratingKey: string, file: string): PlexItem;
  /** Removes an item and has it found again: same files and scanner's values, another rating key, bare (6.2). */
  reissue(ratingKey: string): PlexItem;
  /** Runs the metadata agent over an item (row 25). */
  agentRefresh(ratingKey: string): void;
  /** Has an item appear after a scan; see `Scanner.prepare` (row 22). */
  prepareItem(sectionKey: string, item: NewPlexItem, after: { scanOf?: string; delayMs?: number }): void;
}

/** Puts the test's view on the state. All methods that take a rating key but `item` throw when there is no such item. */
export function createLibrary(state: LibraryState, scanner: Scanner, switches: PlexSwitches): PlexLibrary {
  const existing = (ratingKey: string): ItemRecord => {
    const record = state.record(ratingKey);
    if (record === undefined) throw new Error(`There is no item ${ratingKey}.`);
    return record;
  };
  const viewOf = (record: ItemRecord | undefined) =>
    record === undefined ? undefined : plexItemView(record);
  return {
    get machineIdentifier() {
      return state.machineIdentifier;
    },
    set machineIdentifier(identifier) {
      state.machineIdentifier = identifier;
    },
    get scans() {
      return scanner.scans;
    },
    get refreshedReads() {
      return state.refreshedReads;
    },
    addSection: (section) => state.addSection(section),
    sections: () => [...state.sections.values()],
    addItem: (sectionKey, item) => plexItemView(insertItem(state, sectionKey, item)),
    item: (ratingKey) => viewOf(state.record(ratingKey)),
    itemByFile: (path) =>
      viewOf(state.byBaseName(baseName(path)).find((record) => filesOf(record).includes(path))),
    *items() {
      for (const { items } of state.sections.values()) yield* [...items.values()].map(plexItemView);
    },
    collections: (sectionKey) =>
      [...state.section(sectionKey).collections.values()].map((record) => ({
        ratingKey: record.ratingKey,
        title: record.text.title ?? '',
        childCount: record.collection?.members.size ?? 0,
      })),
    removeItem: (ratingKey) => removeItem(state, existing(ratingKey), switches.emptyCollections),
    trashItem: (ratingKey) => {
      existing(ratingKey).deletedAt = state.timeline.nowSecs();
    },
    restoreItem: (ratingKey) => {
      existing(ratingKey).deletedAt = undefined;
    },
    moveFile: (ratingKey, file) => {
      const record = existing(ratingKey);
      record.deletedAt = state.timeline.nowSecs();
      const { files: _files, parts: _parts, ...found } = foundAgain(record);
      return plexItemView(insertItem(state, record.sectionKey, { ...found, file }));
    },
    reissue: (ratingKey) => {
      const record = existing(ratingKey);
      removeItem(state, record, switches.emptyCollections);
      return plexItemView(insertItem(state, record.sectionKey, foundAgain(record)));
    },
    agentRefresh: (ratingKey) => agentRefresh(state, existing(ratingKey), switches),
    prepareItem: (sectionKey, item, after) => scanner.prepare(sectionKey, item, after),
  };
}

/** What the scanner finds of an item that it takes for a new one: nothing of the user's, no key of old. */
function foundAgain({ scanned }: ItemRecord): NewPlexItem {
  const {
    ratingKey: _key,
    locked: _locked,
    userRating: _rating,
    guid: _guid,
    deletedAt: _deleted,
    ...found
  } = scanned;
  return found;
}
