import type { WrittenMemory } from '../queue/Job.ts';
import { type ListChange, memberOf } from './listEdit.ts';
import type { ListTag } from './listPuts.ts';

/** What the plugin has to know of its earlier edits of an item. It is kept with the scene, as it is. */
export interface EditMemory extends WrittenMemory {
  /** The rating written last, 0 to 10: only the plugin's own is ever taken away. */
  userRating?: number;
  /** Lists of which Plex could only be given the first names. */
  cutLists?: ListTag[];
  /** Fields and pictures that Plex refused, by their Plex names; they are tried again (W-37). */
  outstanding?: string[];
}

/** The part of the memory that a finished edit decides. */
export type EditedMemory = Pick<EditMemory, 'collection' | 'genres' | 'actors' | 'userRating' | 'cutLists'>;

/** Names that are there because of the plugin: added now or earlier, and still wanted. */
export function rememberedNames(
  key: 'genres' | 'actors',
  wanted: readonly string[] | undefined,
  ours: readonly string[] = [],
  change: ListChange | undefined,
): Pick<EditMemory, 'genres' | 'actors'> {
  if (wanted === undefined) return ours.length > 0 ? { [key]: [...ours] } : {};
  const isOurs = memberOf([...ours, ...(change?.added ?? [])]);
  const names = wanted.filter(isOurs);
  return names.length > 0 ? { [key]: names } : {};
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
): Pick<EditMemory, 'collection'> {
  if (wanted === undefined) return memory.collection ? { collection: memory.collection } : {};
  const isOurs = !keepsOthers || memberOf([...(change?.added ?? []), ...ownCollections(memory)])(wanted);
  return wanted !== '' && isOurs ? { collection: wanted } : {};
}

/** Collections that are the plugin's, as far as is known. */
export function ownCollections({ collection, formerCollection }: EditMemory): string[] {
  return [collection, formerCollection].filter((name) => name !== undefined);
}

/**
 * What to remember while it is not certain whether an edit took effect: names of before and after, so that neither
 * ever counts as the user's. The images' part stays as it was.
 */
export function intendedMemory(before: EditMemory, after: EditedMemory): EditMemory {
  const former = before.collection === after.collection ? before.formerCollection : before.collection;
  return {
    ...before,
    ...after,
    genres: union(before.genres, after.genres),
    actors: union(before.actors, after.actors),
    ...(former ? { formerCollection: former } : {}),
  };
}

/**
 * What to remember after an edit of which Plex refused some fields: for those what it was before, but names of a list that went in
 * pieces may have got there all the same.
 */
export function partialMemory(
  before: EditMemory,
  after: EditedMemory,
  refused: readonly string[],
): EditMemory {
  const { genres, actors, collection, userRating, ...rest } = after;
  const { collection: theirs, formerCollection: former, userRating: rated } = before;
  const isRefused = (field: string) => refused.includes(field);
  const rating = isRefused('userRating') ? rated : userRating;
  const current = isRefused('collection') ? theirs : collection;
  return {
    ...rest,
    genres: isRefused('genre') ? union(before.genres, genres) : (genres ?? []),
    actors: isRefused('actor') ? union(before.actors, actors) : (actors ?? []),
    ...(current === undefined ? {} : { collection: current }),
    ...(isRefused('collection') && former ? { formerCollection: former } : {}),
    ...(rating === undefined ? {} : { userRating: rating }),
    outstanding: [...refused],
  };
}

function union(left: readonly string[] = [], right: readonly string[] = []): string[] {
  return [...new Set([...left, ...right])];
}
