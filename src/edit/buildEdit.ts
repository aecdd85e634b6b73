import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import {
  type EditedMemory,
  type EditMemory,
  ownRatings,
  rememberedCollection,
  rememberedLists,
} from './EditMemory.ts';
import { type EditRequest, type FieldWrite, groupWrites, MAX_QUERY_BYTES } from './EditRequest.ts';
import { fitTexts } from './fitTexts.ts';
import type { ListTag } from './listPuts.ts';
import { type ListWrites, listWrites } from './listWrites.ts';
import { type RatingWrite, ratingWrite } from './ratingWrite.ts';
import type { Shortened } from './Shortened.ts';
import { SORT_TITLE, type SortTitleWrite, sortTitleWrite } from './sortTitle.ts';
import type { WantedItem } from './WantedItem.ts';

/** What makes an item equal to what is wanted. */
export interface Edit {
  /** Each PUT; none when the item is right already, one in nearly every other case. */
  requests: EditRequest[];
  /** Take the rating away: a request of its own, because Plex documents no other way (plex-http-api.md 3.6.2). */
  clearsRating: boolean;
  /** Plex's names of the fields that change, for the log. */
  changed: string[];
  /** Those of them that are emptied. */
  cleared: string[];
  /** Changed fields of which Plex gets a part only. */
  shortened: Shortened[];
  /** Lists of which only a look afterwards tells whether Plex took all names. */
  inPieces: ListTag[];
  /** What the plugin will have added once the edit is written; without the images. */
  memory: EditedMemory;
}

export interface EditOptions {
  /** Never change or clear what Plex has already; take away only names that the plugin added. */
  preservesPlexEdits: boolean;
  /** Most bytes of a request's query, where the way to Plex takes less than usual. */
  longestEdit?: number | undefined;
}

const TEXT_FIELDS = [
  'title',
  'studio',
  'summary',
  'originallyAvailableAt',
  'contentRating',
  'originalTitle',
] as const;

/**
 * Compares an item (in full, never a listing row: W-33) with what is wanted. Pure: nothing is sent. Everything written
 * is locked, so that a metadata refresh in Plex does not undo it (W-30).
 */
export function buildEdit(
  item: PlexItem,
  whole: WantedItem,
  memory: EditMemory,
  { preservesPlexEdits, longestEdit = MAX_QUERY_BYTES }: EditOptions,
): Edit {
  const maxBytes = Math.min(longestEdit, MAX_QUERY_BYTES);
  const wanted = fitTexts(whole, maxBytes);
  const lists = listWrites(item, wanted, memory, preservesPlexEdits, maxBytes);
  const rating = ratingWrite({
    current: item.userRating,
    wanted: wanted.userRating,
    ours: ownRatings(memory),
    preservesPlexEdits,
  });
  const texts = changedTexts(item, wanted, preservesPlexEdits);
  const sortTitle = sortTitleWrite({
    item,
    wanted: wanted.titleSort,
    ours: memory.sortTitles ?? [],
    isTitleWritten: texts.includes('title'),
    preservesPlexEdits,
  });
  const writes = [
    ...texts.map((field) => fieldWrite(field, wanted[field] ?? '', field === 'title' ? sortTitle.along : [])),
    ...(sortTitle.pairs ? [{ field: SORT_TITLE, puts: [sortTitle.pairs], empties: !wanted.titleSort }] : []),
    ...lists.map(([field, { puts, change }]) => ({ field, puts, empties: change?.desired.length === 0 })),
    ...(typeof rating === 'number' ? [fieldWrite('userRating', String(rating))] : []),
  ].filter(({ puts }) => puts.length > 0);
  const unrated = rating === 'clear' ? ['userRating'] : [];
  const changed = [...writes.map(({ field }) => field), ...unrated];
  return {
    requests: groupWrites(writes, memory.outstanding ?? [], maxBytes),
    clearsRating: rating === 'clear',
    changed,
    cleared: [...writes.flatMap(({ field, empties }) => (empties ? [field] : [])), ...unrated],
    shortened: shortenedOf(changed, wanted, lists, memory),
    inPieces: lists.flatMap(([tag, { isInPieces }]) => (isInPieces ? [tag] : [])),
    memory: memoryOf(item, wanted, memory, { lists, rating, sortTitle }, preservesPlexEdits),
  };
}

/** Texts of their own that differ; one that is there stays when Plex's own is to be preserved. */
function changedTexts(
  item: PlexItem,
  wanted: WantedItem,
  preserves: boolean,
): (typeof TEXT_FIELDS)[number][] {
  return TEXT_FIELDS.filter((field) => {
    const value = wanted[field];
    if (value === undefined || value === item[field]) return false;
    return !preserves || item[field] === '';
  });
}

function fieldWrite(field: string, value: string, along: QueryPairs = []): FieldWrite {
  return {
    field,
    puts: [[[`${field}.value`, value], [`${field}.locked`, '1'], ...along]],
    empties: value === '',
  };
}

/** Said when the field is written, not at every sync: by then the user knows. */
function shortenedOf(
  changed: readonly string[],
  { shortened = [] }: WantedItem,
  lists: ListWrites,
  { cutLists = [] }: EditMemory,
): Shortened[] {
  const byRequest = lists.flatMap(([tag, { puts, shortened: cut }]) =>
    cut && (puts.length > 0 || !cutLists.includes(tag)) ? [cut] : [],
  );
  const byLimit = shortened.filter(({ field }) => changed.includes(field));
  return [...byLimit, ...byRequest];
}

function memoryOf(
  item: PlexItem,
  wanted: WantedItem,
  memory: EditMemory,
  { lists, rating, sortTitle }: { lists: ListWrites; rating: RatingWrite; sortTitle: SortTitleWrite },
  preserves: boolean,
): EditedMemory {
  const changes = new Map(lists.map(([tag, { change }]) => [tag, change]));
  const cutLists = lists.flatMap(([tag, { isCut }]) => (isCut ? [tag] : []));
  return {
    ...rememberedLists(wanted, memory, changes),
    ...rememberedCollection(wanted.collection, memory, changes.get('collection'), preserves),
    ...rememberedRating(item, wanted, memory, rating),
    ...(sortTitle.ours.length > 0 ? { sortTitles: [...sortTitle.ours] } : {}),
    ...(cutLists.length > 0 ? { cutLists } : {}),
  };
}

function rememberedRating(
  item: PlexItem,
  wanted: WantedItem,
  memory: EditMemory,
  rating: RatingWrite,
): Pick<EditMemory, 'userRating' | 'formerRatings'> {
  if (typeof rating === 'number') return { userRating: rating };
  const isGone = rating === 'clear' || (wanted.userRating === null && !item.userRating);
  if (isGone) return {};
  const { userRating, formerRatings } = memory;
  if (typeof wanted.userRating !== 'number') {
    return {
      ...(userRating === undefined ? {} : { userRating }),
      ...(formerRatings ? { formerRatings } : {}),
    };
  }
  // A rating that is right has replaced the others; it may be an earlier one, where a later write did not take effect.
  const current = ownRatings(memory).includes(wanted.userRating) ? wanted.userRating : userRating;
  return current === undefined ? {} : { userRating: current };
}
