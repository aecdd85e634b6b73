import { baseName, filesOf, type ItemRecord } from './ItemRecord.ts';
import { newRecord } from './newRecord.ts';
import type { NewPlexItem } from './PlexItem.ts';
import {
  COLLECTION_TYPE,
  ITEM_TYPES,
  type NewPlexSection,
  newSection,
  type SectionRecord,
} from './SectionRecord.ts';
import { TagRegistry } from './TagRegistry.ts';
import type { Timeline } from './Timeline.ts';

/** Everything the server knows, with the indexes that keep 100 000 items fast. */
export class LibraryState {
  machineIdentifier: string;
  readonly sections = new Map<string, SectionRecord>();
  readonly tags = new TagRegistry();
  /** Uploaded pictures by the SHA-1 of their bytes. */
  readonly images = new Map<string, Buffer>();
  readonly timeline: Timeline;
  /** Rating keys of every read of details that had the server look at the items' files, in order (9.4). */
  readonly refreshedReads: string[][] = [];
  /** Items and collections of all sections by rating key. */
  #records = new Map<string, ItemRecord>();
  #byBaseName = new Map<string, Set<ItemRecord>>();
  #nextRatingKey = 801;
  #nextMediaId = 900;
  #nextLocationId = 1;

  constructor(machineIdentifier: string, timeline: Timeline) {
    this.machineIdentifier = machineIdentifier;
    this.timeline = timeline;
  }

  /** @throws Error when the key is taken. */
  addSection(section: NewPlexSection): SectionRecord {
    const key = section.key ?? String(Math.max(0, ...[...this.sections.keys()].map(Number)) + 1);
    if (!/^\d+$/.test(key)) throw new Error(`A section key is a number in a string, not "${key}".`);
    if (this.sections.has(key)) throw new Error(`Section ${key} exists already.`);
    const record = newSection(section, key, this.#nextLocationId, this.timeline.nowSecs());
    this.#nextLocationId += record.locations.length;
    this.sections.set(key, record);
    return record;
  }

  /** @throws Error for a section that does not exist. */
  section(key: string): SectionRecord {
    const section = this.sections.get(key);
    if (section === undefined) throw new Error(`There is no section ${key}.`);
    return section;
  }

  record(ratingKey: string): ItemRecord | undefined {
    return this.#records.get(ratingKey);
  }

  /** Items with a part of that base name, in the order they were added. */
  byBaseName(name: string): ItemRecord[] {
    return [...(this.#byBaseName.get(name) ?? [])];
  }

  /** Takes an item up, without its tags. */
  insert(sectionKey: string, item: NewPlexItem): ItemRecord {
    const section = this.section(sectionKey);
    const record = newRecord(item, {
      section,
      type: ITEM_TYPES[section.type],
      ratingKey: this.#takeRatingKey(item.ratingKey),
      nowSecs: this.timeline.nowSecs(),
      nextMediaId: () => this.#nextMediaId++,
    });
    this.#records.set(record.ratingKey, record);
    section.items.set(record.ratingKey, record);
    for (const file of filesOf(record)) {
      const name = baseName(file);
      const holders = this.#byBaseName.get(name);
      if (holders === undefined) this.#byBaseName.set(name, new Set([record]));
      else holders.add(record);
    }
    this.#contentChanged(section);
    return record;
  }

  /** Takes an item without tags, or a collection, out. */
  delete(record: ItemRecord): void {
    const section = this.section(record.sectionKey);
    this.#records.delete(record.ratingKey);
    section.items.delete(record.ratingKey);
    for (const file of filesOf(record)) {
      const holders = this.#byBaseName.get(baseName(file));
      holders?.delete(record);
      if (holders?.size === 0) this.#byBaseName.delete(baseName(file));
    }
    if (record.collection !== undefined) section.collections.delete(record.collection.tag.tag.toLowerCase());
    this.#contentChanged(section);
  }

  /** The section's collection of that name, created when there is none (row 16). */
  collection(sectionKey: string, name: string): ItemRecord {
    const section = this.section(sectionKey);
    const tag = this.tags.obtain('collection', name);
    const known = section.collections.get(tag.tag.toLowerCase());
    if (known !== undefined) return known;
    const record = newRecord(
      { title: tag.tag, guid: `collection://${tag.id.toString(16).padStart(8, '0')}`, thumb: '', art: '' },
      {
        section,
        type: COLLECTION_TYPE,
        ratingKey: this.#takeRatingKey(undefined),
        nowSecs: this.timeline.nowSecs(),
        nextMediaId: () => this.#nextMediaId++,
        collectionTag: tag,
      },
    );
    this.#records.set(record.ratingKey, record);
    section.collections.set(tag.tag.toLowerCase(), record);
    return record;
  }

  /** Called after a field changed: orders by that field no longer hold. */
  fieldChanged(record: ItemRecord, field: string): void {
    const { sorted } = this.section(record.sectionKey);
    for (const sort of sorted.keys()) {
      if (sort.includes(field)) sorted.delete(sort);
    }
  }

  /** Moves `updatedAt`, always forward, so that a change within the same second shows (6.2). */
  touch(record: ItemRecord): void {
    record.updatedAt = Math.max(this.timeline.nowSecs(), record.updatedAt + 1);
    this.fieldChanged(record, 'updatedAt');
  }

  #contentChanged(section: SectionRecord): void {
    section.contentChangedAt += 1;
    section.sorted.clear();
  }

  #takeRatingKey(wanted: string | undefined): string {
    if (wanted !== undefined) {
      if (!/^\d+$/.test(wanted)) throw new Error(`A rating key is a number in a string, not "${wanted}".`);
      if (this.#records.has(wanted)) throw new Error(`Item ${wanted} exists already.`);
      this.#nextRatingKey = Math.max(this.#nextRatingKey, Number(wanted) + 1);
      return wanted;
    }
    return String(this.#nextRatingKey++);
  }
}
