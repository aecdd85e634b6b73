import type { WrittenMemory } from '../queue/Job.ts';
import { type ListChange, memberOf } from './listEdit.ts';
import type { ListTag } from './listPuts.ts';

/** What the plugin has to know of its earlier edits of an item. It is kept with the scene, as it is. */
export interface EditMemory extends WrittenMemory {
  /** The rating written last, 0 to 10: only the plugin's own is ever taken away. */
  userRating?: number;
  /** Earlier ones, while it is not certain that they were replaced. */
  formerRatings?: number[];
  /** Lists of which Plex could only be given the first names. */
  cutLists?: ListTag[];
  /** Fields and pictures that Plex refused, by their Plex names; they are tried again (W-37). */
  outstanding?: string[];
  /** The edit that was last taken apart to find what Plex refuses of it, by its hash, and when. */
  apart?: { key: string; atMs: number };
}

/** The part of the memory that a finished edit decides. */
export type EditedMemory = Pick<
  EditMemory,
  NameList | 'collection' | 'formerCollections' | 'userRating' | 'formerRatings' | 'sortTitles' | 'cutLists'
>;

/** Names that the plugin added, by where they are remembered. */
type NameList = 'genres' | 'actors' | 'labels' | 'directors' | 'parentCollections' | 'groupCollections';

/** Plex's edit name of the list that each is in. */
const TAGS: Readonly<Record<NameList, ListTag>> = {
  genres: 'genre',
  actors: 'actor',
  labels: 'label',
  directors: 'director',
  parentCollections: 'collection',
  groupCollections: 'collection',
};
const NAME_LISTS = Object.keys(TAGS) as NameList[];

/** Names that are there because of the plugin: added now or earlier, for whatever reason, and still wanted. */
export function rememberedLists(
  wanted: Readonly<Partial<Record<NameList, readonly string[]>>>,
  memory: EditMemory,
  changes: ReadonlyMap<ListTag, ListChange | undefined>,
): Pick<EditMemory, NameList> {
  const entries = NAME_LISTS.map((key): [NameList, string[]] => {
    const tag = TAGS[key];
    const isOurs = memberOf([...ownNames(tag, memory), ...(changes.get(tag)?.added ?? [])]);
    // What is not synced stays, and is remembered.
    return [key, wanted[key]?.filter(isOurs) ?? [...(memory[key] ?? [])]];
  });
  return withNames(entries);
}

/** All names in a list that are the plugin's. */
function ownNames(tag: ListTag, memory: EditMemory): string[] {
  const lists = NAME_LISTS.filter((key) => TAGS[key] === tag).flatMap((key) => memory[key] ?? []);
  return tag === 'collection' ? [...lists, ...ownCollections(memory)] : lists;
}

/** Without lists that have none. */
function withNames(entries: readonly [NameList, string[]][]): Pick<EditMemory, NameList> {
  return Object.fromEntries(entries.filter(([, names]) => names.length > 0));
}

/**
 * The studio's collection, to be taken away when the studio changes. One that the item had already is the user's when
 * Plex's own state is to be preserved.
 */
export function rememberedCollection(
  wanted: string | undefined,
  memory: EditMemory,
  change: ListChange | undefined,
  keepsOthers: boolean,
): Pick<EditMemory, 'collection' | 'formerCollections'> {
  if (wanted === undefined) return collectionsOf(memory.collection, memory.formerCollections);
  const isOurs =
    !keepsOthers || memberOf([...(change?.added ?? []), ...ownNames('collection', memory)])(wanted);
  return wanted !== '' && isOurs ? { collection: wanted } : {};
}

/** Collections that are the plugin's, as far as is known. */
export function ownCollections({ collection, formerCollections = [] }: EditMemory): string[] {
  return [...(collection === undefined ? [] : [collection]), ...formerCollections];
}

/** Ratings that are the plugin's, as far as is known. */
export function ownRatings({ userRating, formerRatings = [] }: EditMemory): number[] {
  return [...(userRating === undefined ? [] : [userRating]), ...formerRatings];
}

/**
 * What to remember while it is not certain whether an edit took effect: names and ratings of before and after, so that neither
 * ever counts as the user's, however many edits in a row stay uncertain. The images' part stays as it was.
 */
export function intendedMemory(before: EditMemory, after: EditedMemory): EditMemory {
  const { collection = before.collection, userRating = before.userRating } = after;
  const sortTitles = union(after.sortTitles, before.sortTitles);
  return {
    ...before,
    ...after,
    ...withNames(NAME_LISTS.map((key) => [key, union(before[key], after[key])])),
    ...collectionsOf(collection, ownCollections(before)),
    ...ratingsOf(userRating, ownRatings(before)),
    ...(sortTitles.length > 0 ? { sortTitles } : {}),
  };
}

/**
 * What to remember after an edit of which Plex refused some fields. Whether those took effect is not certain either: a list that went
 * in pieces may have got there in part, and what Plex failed at with a 500 as a whole.
 */
export function partialMemory(
  before: EditMemory,
  after: EditedMemory,
  refused: readonly string[],
): EditMemory {
  const perhaps = intendedMemory(before, after);
  const of = (field: string): EditedMemory => (refused.includes(field) ? perhaps : after);
  const { collection, formerCollections } = of('collection');
  const { userRating, formerRatings } = of('userRating');
  const { sortTitles } = of(refused.includes('title') ? 'title' : 'titleSort');
  return {
    ...(after.cutLists ? { cutLists: after.cutLists } : {}),
    ...withNames(NAME_LISTS.map((key) => [key, of(TAGS[key])[key] ?? []])),
    ...collectionsOf(collection, formerCollections),
    ...ratingsOf(userRating, formerRatings),
    ...(sortTitles ? { sortTitles } : {}),
    outstanding: [...refused],
  };
}

/** A collection and other ones before it, without what is not there. */
function collectionsOf(
  collection: string | undefined,
  formers: readonly string[] = [],
): Pick<EditMemory, 'collection' | 'formerCollections'> {
  const others = formers.filter((name) => name !== collection);
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(others.length > 0 ? { formerCollections: others } : {}),
  };
}

/** A rating and other ones before it, without what is not there. */
function ratingsOf(
  userRating: number | undefined,
  formers: readonly number[] = [],
): Pick<EditMemory, 'userRating' | 'formerRatings'> {
  const others = formers.filter((rating) => rating !== userRating);
  return {
    ...(userRating === undefined ? {} : { userRating }),
    ...(others.length > 0 ? { formerRatings: others } : {}),
  };
}

function union(left: readonly string[] = [], right: readonly string[] = []): string[] {
  return [...new Set([...left, ...right])];
}
