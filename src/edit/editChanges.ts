import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import { parseEditKey } from './editEffect.ts';
import { fieldWord } from './fieldWords.ts';
import { currentNames, isListTag } from './listNames.ts';
import type { ListTag } from './listPuts.ts';
import { SORT_TITLE } from './sortTitle.ts';

/** A field of an item before and after an edit, by the name that Stash users know; lists as names separated by commas, nothing as ''. */
export interface FieldChange {
  field: string;
  from: string;
  to: string;
}

/**
 * What edits change, read from the edits themselves (plex-http-api.md 3.6): what an item looks like before the first and after the
 * last of them. Pure.
 *
 * @param edits parameters of PUTs to this item, in their order.
 */
export function editChanges(item: PlexItem, edits: readonly QueryPairs[]): FieldChange[] {
  const scalars = new Map<string, string>();
  const lists = new Map<ListTag, string[]>();
  const listOf = (tag: ListTag): string[] => {
    const list = lists.get(tag) ?? [...currentNames(item, tag)];
    lists.set(tag, list);
    return list;
  };
  // Without a word about its lock it only goes along with the title.
  const isSortTitleMeant = edits.flat().some(([key]) => key === `${SORT_TITLE}.locked`);
  for (const [key, value] of edits.flat()) {
    const { field, kind } = parseEditKey(key);
    if (kind === 'value' && (field !== SORT_TITLE || isSortTitleMeant)) scalars.set(field, value);
    if (!isListTag(field)) continue;
    if (kind === 'add' && !listOf(field).some(isLike(value))) listOf(field).push(value);
    if (kind === 'remove')
      for (const name of value.split(',').map(decodeURIComponent)) remove(listOf(field), name);
  }
  return [
    ...[...scalars]
      .map(([field, to]) => ({ field: fieldWord(field), from: currentValue(item, field), to }))
      // A sort title may be sent once more with a new title.
      .filter(({ from, to }) => from !== to),
    ...[...lists].map(([tag, to]) => ({
      field: fieldWord(tag),
      from: currentNames(item, tag).join(', '),
      to: to.join(', '),
    })),
  ];
}

/** What an item has in a field that is no list, by Plex's name of it. */
export function currentValue(item: PlexItem, field: string): string {
  const value = new Map<string, unknown>(Object.entries(item)).get(field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Plex takes names that differ in letter case only for one. */
function isLike(name: string): (other: string) => boolean {
  return (other) => other.toLowerCase() === name.toLowerCase();
}

function remove(list: string[], name: string): void {
  const index = list.findIndex(isLike(name));
  if (index >= 0) list.splice(index, 1);
}
