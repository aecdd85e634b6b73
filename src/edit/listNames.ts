import type { PlexItem } from '../plex/PlexItem.ts';
import type { ListTag } from './listPuts.ts';

/** Where an item holds its lists. */
const NAMES: { [Tag in ListTag]: (item: PlexItem) => string[] } = {
  genre: ({ genres }) => genres,
  actor: ({ actors }) => actors.map(({ name }) => name),
  collection: ({ collections }) => collections,
  label: ({ labels }) => labels,
  director: ({ directors }) => directors,
};

/** The names that an item has in a list, by Plex's edit name of the list. */
export function currentNames(item: PlexItem, tag: ListTag): string[] {
  return NAMES[tag](item);
}

/** Whether Plex's name of a field is that of a list. */
export function isListTag(field: string): field is ListTag {
  return Object.hasOwn(NAMES, field);
}
