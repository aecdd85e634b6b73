import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import type { FieldValue, ListEntry } from '../queue/ItemSnapshot.ts';
import { fieldValue } from './fieldValue.ts';
import { fold } from './listEdit.ts';

/** How Plex takes the names of a list: nobody knows for certain (plex-http-api.md 3.6.4). */
export type ListReading = 'add' | 'replace';

/**
 * What the fields that edits name hold afterwards (plex-http-api.md 3.6). Pure. A name has the role that the edit says, else the one that it had: nearly every
 * edit sends roles along.
 *
 * @param edits parameters of PUTs to this item, in their order.
 */
export function editEffect(
  item: PlexItem,
  edits: readonly QueryPairs[],
  reading: ListReading,
): Map<string, FieldValue> {
  const values = new Map<string, FieldValue>();
  for (const pairs of edits) {
    const lists = new Map<string, ListEdit>();
    for (const [key, value] of pairs) {
      const [, field = '', rest] = /^(\w+)(.*)$/.exec(key) ?? [];
      if (rest === '.value') values.set(field, value);
      else if (LIST_KEY.test(key)) {
        const list = lists.get(field) ?? { names: new Map(), roles: new Map(), removed: [] };
        readListKey(key, value, list);
        lists.set(field, list);
      }
    }
    for (const [field, list] of lists) {
      const before = values.get(field) ?? fieldValue(item, field);
      const entries = typeof before === 'string' ? [] : before;
      values.set(field, listAfter(entries, list, rolesOf(item, field), reading));
    }
  }
  return values;
}

/** What one PUT says about a list; names and roles by their index. */
interface ListEdit {
  names: Map<string, string>;
  roles: Map<string, string>;
  removed: string[];
}

const LIST_KEY = /^\w+\[(\d*)\]\.(tag\.tag|tagging\.text|tag\.tag-)$/;

function readListKey(key: string, value: string, list: ListEdit): void {
  const [, index = '', member] = LIST_KEY.exec(key) ?? [];
  if (member === 'tag.tag-') list.removed.push(...value.split(',').map(decodeURIComponent));
  else if (member === 'tag.tag') list.names.set(index, value);
  else list.roles.set(index, value);
}

function listAfter(
  before: readonly ListEntry[],
  { names, roles, removed }: ListEdit,
  known: ReadonlyMap<string, string>,
  reading: ListReading,
): ListEntry[] {
  const list: ListEntry[] = reading === 'replace' && names.size > 0 ? [] : [...before];
  for (const [index, name] of names) {
    const role = roles.get(index) ?? known.get(fold(name));
    const entry: ListEntry = role === undefined ? [name] : [name, role];
    const at = list.findIndex(([other]) => fold(other) === fold(name));
    if (at < 0) list.push(entry);
    else list[at] = entry;
  }
  const gone = new Set(removed.map(fold));
  return list.filter(([name]) => !gone.has(fold(name)));
}

function rolesOf(item: PlexItem, field: string): Map<string, string> {
  const value = fieldValue(item, field);
  const entries = typeof value === 'string' ? [] : value;
  return new Map(
    entries.flatMap(([name, role]) => (role === undefined ? [] : [[fold(name), role] as const])),
  );
}
