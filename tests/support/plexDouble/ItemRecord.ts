import type { NewPlexItem } from './PlexItem.ts';
import type { Tag, TagKind } from './TagRegistry.ts';

/** Fields edited as `name.value` whose value is text. */
export const TEXT_FIELDS = [
  'title',
  'titleSort',
  'originalTitle',
  'editionTitle',
  'summary',
  'tagline',
  'studio',
  'contentRating',
  'originallyAvailableAt',
] as const;

/** Fields edited as `name.value` whose value is a number from 0 to 10. */
export const RATING_FIELDS = ['userRating', 'rating', 'audienceRating'] as const;

/** Name of a text field. */
export type TextField = (typeof TEXT_FIELDS)[number];
/** Name of a rating. */
export type RatingField = (typeof RATING_FIELDS)[number];

/** The two kinds of artwork, by the name of their lock and path. */
export type ArtField = 'thumb' | 'art';

/** A tag on an item. */
export interface TagUse {
  readonly tag: Tag;
  /** Character, for actors. */
  readonly role: string | undefined;
}

/** A picture the item could show. */
export interface Candidate {
  readonly ratingKey: string;
  readonly provider: string | undefined;
  /** Key of the bytes in the image store; undefined for a picture the double only pretends to have. */
  readonly sha1: string | undefined;
  readonly bytes: number;
}

/** Artwork of one kind. */
export interface ArtSlot {
  candidates: Candidate[];
  /** `ratingKey` of the selected candidate. */
  selected: string | undefined;
  /** Value of the item's `thumb` or `art`. */
  path: string | undefined;
  /** Last stamp used in a path; stamps only grow. */
  stamp: number;
}

/** One version of an item's file. */
export interface MediaVersion {
  readonly id: number;
  readonly parts: readonly { readonly id: number; readonly file: string }[];
}

/** A library item, or a collection, with everything known about it; rows and details are made from it. */
export interface ItemRecord {
  readonly ratingKey: string;
  readonly sectionKey: string;
  /** 1 movie, 2 show, 8 artist, 13 photo, 18 collection. */
  readonly type: number;
  readonly guid: string;
  /** `titleSort` is always there, as the server stores it; see `shownTitleSort`. */
  text: Partial<Record<TextField, string>>;
  ratings: Partial<Record<RatingField, number>>;
  tags: Partial<Record<TagKind, TagUse[]>>;
  readonly locked: Set<string>;
  readonly artwork: Record<ArtField, ArtSlot>;
  readonly media: readonly MediaVersion[];
  addedAt: number;
  updatedAt: number;
  lastRatedAt: number | undefined;
  /** When its files went missing: it stays listed in libraries that are not emptied automatically (9.9). */
  deletedAt: number | undefined;
  /** Rating by who is not the admin: every account has its own (9.10). */
  userRates: { readonly rating: number; readonly ratedAt: number } | undefined;
  /** What the scanner found. */
  readonly scanned: NewPlexItem;
  /** For a collection: its tag and its members. */
  readonly collection: { readonly tag: Tag; readonly members: Set<ItemRecord> } | undefined;
}

/** Paths of all parts of all versions. */
export function filesOf(record: ItemRecord): string[] {
  return record.media.flatMap((version) => version.parts.map((part) => part.file));
}

/** Last piece of a path with either separator: the server may run on Windows (6.2). */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Year of the release date, or else the scanner's (3.5). */
export function yearOf(record: ItemRecord): number | undefined {
  const date = record.text.originallyAvailableAt;
  return date === undefined ? record.scanned.year : Number(date.slice(0, 4));
}

/** Sort title that Plex derives from a title: without a leading article. */
export function derivedTitleSort(title: string): string {
  return title.replace(/^(?:the|an|a) (?=.)/i, '');
}

/** Sort title as details and rows show it: only one that the title would not give (9.5). */
export function shownTitleSort({ text }: ItemRecord): string | undefined {
  return text.titleSort === derivedTitleSort(text.title ?? '') ? undefined : text.titleSort;
}
