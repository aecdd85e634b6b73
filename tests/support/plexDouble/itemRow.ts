import { fileSizeOf } from '../fileSizeOf.ts';
import { type ItemRecord, type MediaVersion, shownTitleSort, yearOf } from './ItemRecord.ts';
import type { JsonObject } from './Json.ts';
import { COLLECTION_TYPE, type SectionRecord } from './SectionRecord.ts';

const TYPE_NAMES: Readonly<Record<number, string>> = { 1: 'movie', 2: 'show', 8: 'artist', 13: 'photo' };

/** What a request wants left out of a row, from `excludeElements` and `excludeFields` (3.4). */
export type Excluded = ReadonlySet<string>;

/** What rows need to know besides the record. */
export interface RowOptions {
  readonly section: SectionRecord;
  readonly excluded: Excluded;
  readonly includeGuids: boolean;
  readonly datesWithTime: boolean;
  /** Asked for with the token of who is not the admin: ratings are his own (9.10). */
  readonly byUser: boolean;
  /** Parts do not tell where their file lies (9.13). */
  readonly hidePaths: boolean;
}

/** The scalars that list rows and details share. */
export function itemScalars(record: ItemRecord, options: RowOptions): JsonObject {
  const { text, ratings, artwork, scanned } = record;
  const date = text.originallyAvailableAt;
  return {
    ratingKey: record.ratingKey,
    key: record.collection
      ? `/library/collections/${record.ratingKey}/children`
      : `/library/metadata/${record.ratingKey}`,
    guid: record.guid,
    studio: text.studio,
    type: TYPE_NAMES[record.type] ?? 'collection',
    // Other videos are movies of the subtype clip; collections name what they hold (3.4, 3.6.6).
    subtype: record.collection
      ? options.section.type
      : options.section.agent.endsWith('.none')
        ? 'clip'
        : undefined,
    title: text.title ?? '',
    titleSort: shownTitleSort(record),
    originalTitle: text.originalTitle,
    editionTitle: text.editionTitle,
    contentRating: text.contentRating,
    // The one text that is there when empty (2.4).
    summary: text.summary ?? '',
    ...ratings,
    ...(options.byUser ? { userRating: record.userRates?.rating } : {}),
    year: yearOf(record),
    tagline: text.tagline,
    thumb: artwork.thumb.path,
    art: artwork.art.path,
    duration: record.collection ? undefined : (scanned.durationMs ?? 60_000),
    originallyAvailableAt: date !== undefined && options.datesWithTime ? `${date} 00:00:00` : date,
    addedAt: record.addedAt,
    updatedAt: record.updatedAt,
    lastViewedAt: scanned.lastViewedAt,
    lastRatedAt: options.byUser ? record.userRates?.ratedAt : record.lastRatedAt,
    // Its file is gone, yet it stays beside the item of the file's new place (9.9).
    deletedAt: record.deletedAt,
    ...collectionScalars(record),
  };
}

function collectionScalars(record: ItemRecord): JsonObject {
  if (record.type !== COLLECTION_TYPE || record.collection === undefined) return {};
  // `childCount` is a number in a string here (2.4).
  return { index: record.collection.tag.id, childCount: String(record.collection.members.size) };
}

/** The versions of an item's file; `detail` adds what only a detail has. */
export function mediaElements(
  record: ItemRecord,
  options: Pick<RowOptions, 'hidePaths'>,
  detail?: { readonly checkFiles: boolean },
): JsonObject[] | undefined {
  if (record.media.length === 0) return undefined;
  return record.media.map((version) => mediaElement(version, record, options, detail));
}

function mediaElement(
  version: MediaVersion,
  record: ItemRecord,
  { hidePaths }: Pick<RowOptions, 'hidePaths'>,
  detail?: { readonly checkFiles: boolean },
): JsonObject {
  const there = record.deletedAt === undefined;
  const duration = record.scanned.durationMs ?? 60_000;
  return {
    id: version.id,
    duration,
    bitrate: 3250,
    width: 1280,
    height: 720,
    aspectRatio: 1.78,
    audioChannels: 2,
    audioCodec: 'aac',
    videoCodec: 'h264',
    videoResolution: '720',
    container: containerOf(version.parts[0]?.file ?? ''),
    // 0 or 1 here, true or false on the part (2.4).
    optimizedForStreaming: 1,
    Part: version.parts.map(({ id, file }) => ({
      id,
      key: `/library/parts/${id}/${record.addedAt}/file.${containerOf(file)}`,
      duration,
      file: hidePaths ? undefined : file,
      size: fileSizeOf(file),
      container: containerOf(file),
      optimizedForStreaming: true,
      ...(detail?.checkFiles ? { exists: there, accessible: there } : {}),
      ...(detail ? { Stream: [{ id: id * 10, streamType: 1, codec: 'h264' }] } : {}),
    })),
  };
}

function containerOf(file: string): string {
  return /\.([A-Za-z0-9]+)$/.exec(file)?.[1]?.toLowerCase() ?? 'mp4';
}

/** Small elements that only make a row as heavy as a real one. */
export function decoration(record: ItemRecord): JsonObject {
  const url = record.artwork.thumb.path;
  return {
    Image: url === undefined ? undefined : [{ alt: record.text.title ?? '', type: 'coverPoster', url }],
    UltraBlurColors: { topLeft: '49053c', topRight: '0404f7', bottomRight: '0404f7', bottomLeft: 'ae0343' },
  };
}

/** External ids. */
export function guidElements(record: ItemRecord): JsonObject[] | undefined {
  const guids = record.scanned.guids ?? [];
  return guids.length > 0 ? guids.map((id) => ({ id })) : undefined;
}

/** Takes out what the request wanted left out. */
export function withoutExcluded(row: JsonObject, excluded: Excluded): JsonObject {
  for (const name of excluded) delete row[name];
  return row;
}
