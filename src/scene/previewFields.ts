import type { FieldChange } from '../edit/editChanges.ts';
import { shortened } from '../log/shortened.ts';
import type { Scene } from '../stash/Scene.ts';

/** A change of an item, side by side: what Stash has, what Plex has, what Plex has then. */
export interface SideBySide {
  field: string;
  stash: string;
  now: string;
  then: string;
}

/** Values by which a scene says what a field is to be; lists as names separated by commas, nothing as ''. */
const IN_STASH: Readonly<Record<string, (scene: Scene) => string>> = {
  title: ({ title }) => title ?? '',
  summary: ({ details }) => details ?? '',
  studio: ({ studio }) => studio ?? '',
  collection: ({ studio }) => studio ?? '',
  date: ({ date }) => date ?? '',
  rating: ({ rating100 }) => (rating100 === null ? '' : String(rating100)),
  tags: ({ tags }) => tags.join(', '),
  performers: ({ performers }) => performers.join(', '),
};
/** Longest value. */
const LENGTH = 500;

/**
 * Changes of an item beside what Stash has. A picture, and a field that is no plain one of the scene's, shows in Stash's place what Plex
 * has then.
 *
 * @param scene undefined when it could not be read.
 * @param showTitle hides a title, where titles are to be hidden.
 */
export function previewFields(
  changes: readonly FieldChange[],
  scene: Scene | undefined,
  showTitle: (title: string) => string,
): SideBySide[] {
  return changes.map(({ field, from, to }) => {
    const inStash = scene && Object.hasOwn(IN_STASH, field) ? (IN_STASH[field]?.(scene) ?? to) : to;
    return {
      field,
      stash: shortened(field === 'title' ? showTitle(inStash) : inStash, LENGTH),
      now: shortened(from, LENGTH),
      // biome-ignore lint/suspicious/noThenProperty: it is a text, which nobody takes for a promise's.
      then: shortened(to, LENGTH),
    };
  });
}
