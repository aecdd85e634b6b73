import type { QueryPairs } from '../plex/queryString.ts';
import type { FieldPart } from './EditRequest.ts';

/** Plex's name of what an item is sorted by. It is none of the fields that are synced: it only goes along with the title. */
export const SORT_TITLE = 'titleSort';

/**
 * Goes with a new title: an empty sort title makes Plex build it anew from the title, where an edit of the title alone may leave the
 * item sorted by its old name (plex-http-api.md 9.5).
 */
export const REBUILT_SORT_TITLE: QueryPairs = [[`${SORT_TITLE}.value`, '']];

/** A refused part without its sort title, which may be what was refused; undefined when it has none. */
export function withoutSortTitle({ field, pairs }: FieldPart): FieldPart | undefined {
  const others = pairs.filter(([key]) => !key.startsWith(`${SORT_TITLE}.`));
  return others.length < pairs.length ? { field, pairs: others } : undefined;
}

/** Fields to be told of: a sort title that shares its title's fate is not a second one. */
export function withoutSort(fields: readonly string[]): string[] {
  return fields.filter((field) => field !== SORT_TITLE || !fields.includes('title'));
}
