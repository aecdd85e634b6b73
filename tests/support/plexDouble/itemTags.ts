import type { ItemRecord, TagUse } from './ItemRecord.ts';
import type { LibraryState } from './LibraryState.ts';
import type { NewPlexItem, PlexRole } from './PlexItem.ts';
import { sameName, TAG_KINDS, type Tag, type TagKind } from './TagRegistry.ts';

/** Names of an item's tags of one kind, in order. */
export function tagNames(record: ItemRecord, kind: TagKind): string[] {
  return (record.tags[kind] ?? []).map((use) => use.tag.tag);
}

/** Appends a tag unless the item carries it; a role that is given is taken over either way (3.6.5). */
export function addTag(state: LibraryState, record: ItemRecord, tag: Tag, role?: string): void {
  const uses = record.tags[tag.kind] ?? [];
  record.tags[tag.kind] = uses;
  const at = uses.findIndex((use) => use.tag === tag);
  if (at < 0) uses.push({ tag, role });
  else if (role !== undefined) uses[at] = { tag, role };
  // A collection tag is membership of a collection, which comes into being with its first member (row 16).
  if (tag.kind === 'collection') state.collection(record.sectionKey, tag.tag).collection?.members.add(record);
}

/** Takes tags off an item, by name ignoring case; names it does not carry do not matter (row 12). */
export function removeTags(
  state: LibraryState,
  record: ItemRecord,
  kind: TagKind,
  names: readonly string[],
  emptyCollections: 'stay' | 'vanish',
): void {
  const goes = (use: TagUse) => names.some((name) => sameName(name, use.tag.tag));
  const gone = (record.tags[kind] ?? []).filter(goes);
  if (gone.length === 0) return;
  const kept = (record.tags[kind] ?? []).filter((use) => !goes(use));
  if (kept.length > 0) record.tags[kind] = kept;
  else delete record.tags[kind];
  if (kind === 'collection') leaveCollections(state, record, gone, emptyCollections);
}

function leaveCollections(
  state: LibraryState,
  record: ItemRecord,
  gone: readonly TagUse[],
  emptyCollections: 'stay' | 'vanish',
): void {
  for (const use of gone) {
    const collection = state.collection(record.sectionKey, use.tag.tag);
    collection.collection?.members.delete(record);
    if (collection.collection?.members.size === 0 && emptyCollections === 'vanish') state.delete(collection);
  }
}

/** What the scanner found for one kind of tag. */
export function scannedTags(item: NewPlexItem, kind: TagKind): PlexRole[] {
  const found: Partial<Record<TagKind, readonly (string | PlexRole)[] | undefined>> = {
    genre: item.genres,
    collection: item.collections,
    label: item.labels,
    director: item.directors,
    writer: item.writers,
    producer: item.producers,
    country: item.countries,
    actor: item.roles,
  };
  return (found[kind] ?? []).map((tag) => (typeof tag === 'string' ? { tag } : tag));
}

/** Puts the scanner's tags of one kind on an item, spelt as they are. */
export function addScannedTags(state: LibraryState, record: ItemRecord, kind: TagKind): void {
  for (const { tag: name, role, thumb } of scannedTags(record.scanned, kind)) {
    const tag = state.tags.obtain(kind, name);
    if (thumb !== undefined) tag.thumb = thumb;
    addTag(state, record, tag, role);
  }
}

/** Takes a new item up with all its tags. */
export function insertItem(state: LibraryState, sectionKey: string, item: NewPlexItem): ItemRecord {
  const record = state.insert(sectionKey, item);
  for (const kind of TAG_KINDS) addScannedTags(state, record, kind);
  return record;
}

/** Removes an item from the library and from its collections, or a collection from its members. */
export function removeItem(
  state: LibraryState,
  record: ItemRecord,
  emptyCollections: 'stay' | 'vanish',
): void {
  removeTags(state, record, 'collection', tagNames(record, 'collection'), emptyCollections);
  for (const member of record.collection?.members ?? []) {
    removeTags(state, member, 'collection', [record.collection?.tag.tag ?? ''], 'stay');
  }
  state.delete(record);
}
