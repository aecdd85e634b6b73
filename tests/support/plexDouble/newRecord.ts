import { createHash } from 'node:crypto';
import {
  type ArtField,
  type ArtSlot,
  derivedTitleSort,
  type ItemRecord,
  type MediaVersion,
  RATING_FIELDS,
  type RatingField,
  TEXT_FIELDS,
  type TextField,
} from './ItemRecord.ts';
import type { NewPlexItem } from './PlexItem.ts';
import type { SectionRecord } from './SectionRecord.ts';
import type { Tag } from './TagRegistry.ts';

/** Where a new record belongs, and where its numbers come from. */
export interface RecordOrigin {
  readonly section: SectionRecord;
  readonly type: number;
  readonly ratingKey: string;
  readonly nowSecs: number;
  readonly nextMediaId: () => number;
  readonly collectionTag?: Tag;
}

/** Builds the record of a new item from what the scanner found; tags are added by the caller. */
export function newRecord(item: NewPlexItem, origin: RecordOrigin): ItemRecord {
  const { section, ratingKey, nowSecs } = origin;
  const media = versionsOf(item, origin.nextMediaId);
  const addedAt = item.addedAt ?? nowSecs;
  return {
    ratingKey,
    sectionKey: section.key,
    type: origin.type,
    guid: item.guid ?? defaultGuid(section, ratingKey, media),
    text: scannedText(item),
    ratings: scannedRatings(item),
    tags: {},
    locked: new Set(item.locked),
    artwork: {
      thumb: newSlot('thumb', ratingKey, item.thumb, addedAt),
      art: newSlot('art', ratingKey, item.art, addedAt),
    },
    media,
    addedAt,
    updatedAt: item.updatedAt ?? addedAt,
    lastRatedAt: item.userRating === undefined ? undefined : nowSecs,
    deletedAt: item.deletedAt,
    userRates: undefined,
    scanned: item,
    collection: origin.collectionTag && { tag: origin.collectionTag, members: new Set() },
  };
}

/** Text fields as the scanner found them, with the sort title that is stored when it found none (9.5). */
export function scannedText(item: NewPlexItem): Partial<Record<TextField, string>> {
  const text: Partial<Record<TextField, string>> = {};
  for (const field of TEXT_FIELDS) {
    const value = item[field];
    if (value !== undefined && value !== '') text[field] = value;
  }
  text.titleSort ??= derivedTitleSort(item.title);
  return text;
}

function scannedRatings(item: NewPlexItem): Partial<Record<RatingField, number>> {
  const ratings: Partial<Record<RatingField, number>> = {};
  for (const field of RATING_FIELDS) {
    const value = item[field];
    if (value !== undefined) ratings[field] = value;
  }
  return ratings;
}

function versionsOf(item: NewPlexItem, nextId: () => number): MediaVersion[] {
  const versions = [
    ...(item.file === undefined ? [] : [[item.file]]),
    ...(item.files ?? []).map((file) => [file]),
    ...(item.parts ?? []),
  ];
  return versions.map((parts) => ({ id: nextId(), parts: parts.map((file) => ({ id: nextId(), file })) }));
}

/**
 * Unmatched items: named after the file in "none" libraries, after the key where an agent found nothing (3.4) or the
 * "none" agent is the new one (9.11).
 */
function defaultGuid(section: SectionRecord, ratingKey: string, media: readonly MediaVersion[]): string {
  if (!section.agent.endsWith('.none')) return `local://${ratingKey}`;
  if (section.agent === 'tv.plex.agents.none') return `${section.agent}://${ratingKey}`;
  const name = createHash('sha1').update(media[0]?.parts[0]?.file ?? ratingKey);
  return `${section.agent}://${name.digest('hex')}?lang=xn`;
}

function newSlot(field: ArtField, ratingKey: string, path: string | undefined, stamp: number): ArtSlot {
  if (path === '') return { candidates: [], selected: undefined, path: undefined, stamp };
  const candidate = {
    ratingKey: `media://${ratingKey}.bundle/Contents/Thumbnails/${field}1.jpg`,
    provider: 'com.plexapp.agents.localmedia',
    sha1: undefined,
    bytes: 0,
  };
  return {
    candidates: [candidate],
    selected: candidate.ratingKey,
    path: path ?? `/library/metadata/${ratingKey}/${field}/${stamp}`,
    stamp,
  };
}
