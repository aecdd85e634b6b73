import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import {
  type EditedMemory,
  type EditMemory,
  ownCollections,
  ownRatings,
  rememberedCollection,
  rememberedNames,
} from './EditMemory.ts';
import { type EditRequest, type FieldWrite, groupWrites, MAX_QUERY_BYTES } from './EditRequest.ts';
import { fitTexts } from './fitTexts.ts';
import { fold } from './listEdit.ts';
import type { Details, ListTag } from './listPuts.ts';
import { type ListWrite, listWrite } from './listWrite.ts';
import { type RatingWrite, ratingWrite } from './ratingWrite.ts';
import type { Shortened } from './Shortened.ts';
import { REBUILT_SORT_TITLE, SORT_TITLE } from './sortTitle.ts';
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

const TEXT_FIELDS = ['title', 'studio', 'summary', 'originallyAvailableAt'] as const;

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
  const writes = [
    ...textWrites(item, wanted, preservesPlexEdits),
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
    memory: memoryOf(item, wanted, memory, lists, rating, preservesPlexEdits),
  };
}

type ListWrites = (readonly [ListTag, ListWrite])[];

function textWrites(item: PlexItem, wanted: WantedItem, preserves: boolean): FieldWrite[] {
  return TEXT_FIELDS.flatMap((field) => {
    const value = wanted[field];
    if (value === undefined || value === item[field]) return [];
    if (preserves && item[field] !== '') return [];
    // Plex Web locks a sort title that a user typed.
    const isSortTitleOurs = field === 'title' && !preserves && !item.locked.has(SORT_TITLE);
    return [fieldWrite(field, value, isSortTitleOurs ? REBUILT_SORT_TITLE : [])];
  });
}

function fieldWrite(field: string, value: string, along: QueryPairs = []): FieldWrite {
  return {
    field,
    puts: [[[`${field}.value`, value], [`${field}.locked`, '1'], ...along]],
    empties: value === '',
  };
}

function listWrites(
  item: PlexItem,
  { genres, actors, collection }: WantedItem,
  memory: EditMemory,
  keepsOthers: boolean,
  maxBytes: number,
): ListWrites {
  const write = (
    tag: ListTag,
    current: readonly string[],
    wanted: readonly string[] | undefined,
    ours: readonly string[] = [],
    keeps = keepsOthers,
  ): ListWrites => {
    if (!wanted) return [];
    const rule = { current, wanted, ours, keepsOthers: keeps };
    const wasCut = memory.cutLists?.includes(tag) ?? false;
    return [[tag, listWrite(tag, rule, tag === 'actor' ? rolesOf(item) : noDetails, wasCut, maxBytes)]];
  };
  const names = item.actors.map(({ name }) => name);
  const own = collection === '' || collection === undefined ? [] : [collection];
  return [
    ...write('genre', item.genres, genres, memory.genres),
    ...write('actor', names, actors, memory.actors),
    // Other collections are the user's; only the one of an earlier studio goes (W-26).
    ...write(
      'collection',
      item.collections,
      collection === undefined ? undefined : own,
      ownCollections(memory),
      true,
    ),
  ];
}

const noDetails: Details = () => [];

/** Actors keep their roles: a Plex that replaces its list would lose them (plex-http-api.md 3.6.5). */
function rolesOf({ actors }: PlexItem): Details {
  const roles = new Map(actors.map(({ name, role }) => [fold(name), role]));
  return (name, index): QueryPairs => {
    const role = roles.get(fold(name));
    return role ? [[`actor[${index}].tagging.text`, role]] : [];
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
  lists: ListWrites,
  rating: RatingWrite,
  preserves: boolean,
): EditedMemory {
  const changes = new Map(lists.map(([tag, { change }]) => [tag, change]));
  const cutLists = lists.flatMap(([tag, { isCut }]) => (isCut ? [tag] : []));
  return {
    ...rememberedNames('genres', wanted.genres, memory.genres, changes.get('genre')),
    ...rememberedNames('actors', wanted.actors, memory.actors, changes.get('actor')),
    ...rememberedCollection(wanted.collection, memory, changes.get('collection'), preserves),
    ...rememberedRating(item, wanted, memory, rating),
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
  return {
    ...(userRating === undefined ? {} : { userRating }),
    // A rating that is right has replaced those before it.
    ...(formerRatings && typeof wanted.userRating !== 'number' ? { formerRatings } : {}),
  };
}
