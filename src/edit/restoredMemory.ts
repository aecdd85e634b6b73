import type { EditMemory } from './EditMemory.ts';

/** What the plugin remembers for each field that it writes. */
const MEMORY: Readonly<Record<string, readonly (keyof EditMemory)[]>> = {
  genre: ['genres'],
  actor: ['actors'],
  label: ['labels'],
  director: ['directors'],
  collection: ['collection', 'formerCollections', 'parentCollections', 'groupCollections'],
  titleSort: ['sortTitles'],
  userRating: ['userRating', 'formerRatings'],
  // Names of uploads stay: Plex keeps them.
  thumb: ['posterHash'],
  art: ['artHash'],
};

/**
 * What is to be remembered of an item that was restored: that it was, and nothing of what the plugin had written to these fields, so that
 * a later sync starts from what is there.
 *
 * @param isLeft whether a field was not restored.
 */
export function restoredMemory(memory: EditMemory, isLeft: (field: string) => boolean): EditMemory {
  const { reselected: _, ...rest } = memory;
  const restored: EditMemory = { ...rest, restored: true };
  for (const [field, keys] of Object.entries(MEMORY)) {
    if (!isLeft(field)) for (const key of keys) delete restored[key];
  }
  return restored;
}
