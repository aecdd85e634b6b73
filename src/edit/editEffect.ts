import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import type { FieldValue, ListEntry } from '../queue/ItemSnapshot.ts';
import { fieldValue } from './fieldValue.ts';
import { fold } from './listEdit.ts';

/** How Plex takes the names of a list: nobody knows for certain (plex-http-api.md 3.6.4). */
export type ListReading = 'add' | 'replace';

/** What a parameter of an edit does. */
export interface EditKey {
  field: string;
  kind: 'value' | 'add' | 'remove' | 'other';
}

/** Reads the name of an edit's parameter (plex-http-api.md 3.6). */
export function parseEditKey(key: string): EditKey {
  const [, field = '', rest = ''] = /^(\w+)(.*)$/.exec(key) ?? [];
  if (rest === '.value') return { field, kind: 'value' };
  if (/^\[\d+\]\.tag\.tag$/.test(rest)) return { field, kind: 'add' };
  if (rest === '[].tag.tag-') return { field, kind: 'remove' };
  return { field, kind: 'other' };
}

/**
 * What the fields that edits name hold afterwards. Pure. Roles stay with their names: every edit sends them along.
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
    const lists = new Map<string, { added: string[]; removed: string[] }>();
    for (const [key, value] of pairs) {
      const { field, kind } = parseEditKey(key);
      if (kind === 'value') values.set(field, value);
      if (kind !== 'add' && kind !== 'remove') continue;
      const change = lists.get(field) ?? { added: [], removed: [] };
      if (kind === 'add') change.added.push(value);
      else change.removed.push(...value.split(',').map(decodeURIComponent));
      lists.set(field, change);
    }
    for (const [field, change] of lists) {
      const before = values.get(field) ?? fieldValue(item, field);
      values.set(
        field,
        listAfter(typeof before === 'string' ? [] : before, change, rolesOf(item, field), reading),
      );
    }
  }
  return values;
}

function listAfter(
  before: readonly ListEntry[],
  { added, removed }: { added: readonly string[]; removed: readonly string[] },
  roles: ReadonlyMap<string, string>,
  reading: ListReading,
): ListEntry[] {
  const list = reading === 'replace' && added.length > 0 ? [] : [...before];
  const has = (name: string) => list.some(([other]) => fold(other) === fold(name));
  for (const name of added) {
    const role = roles.get(fold(name));
    if (!has(name)) list.push(role === undefined ? [name] : [name, role]);
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
