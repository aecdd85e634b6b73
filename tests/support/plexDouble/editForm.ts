import { percentDecode, type QueryPair } from './rawQuery.ts';
import { isTagKind, type TagKind } from './TagRegistry.ts';

/** A tag to be added, with what else was said about it. */
export interface TagAddition {
  readonly name: string;
  readonly role?: string;
  readonly thumb?: string;
  readonly tagKey?: string;
}

/** What an edit does to one kind of tag; additions come in index order. */
export interface TagEdit {
  readonly clear: boolean;
  readonly additions: readonly TagAddition[];
  readonly removals: readonly string[];
}

/** An edit as the query string says it, before anything is applied. */
export interface EditForm {
  /** `name.value=…`, in order, known or not. */
  readonly values: readonly QueryPair[];
  /** `name.locked=0|1`, in order. */
  readonly locks: readonly (readonly [field: string, locked: boolean])[];
  readonly tags: ReadonlyMap<TagKind, TagEdit>;
  /** Whether there was a `role[…]` parameter. */
  readonly namesRole: boolean;
}

interface Draft {
  clear: boolean;
  removals: readonly string[];
  /** By index, and by member within it. */
  readonly additions: Map<number, Map<string, string>>;
}

const TAG_PARAMETER = /^([A-Za-z]+)\[(\d*)\]\.(tag\.tag|tag\.thumb|tag\.tagKey|tagging\.text|tag)(-?)$/;

/**
 * Reads form A from the decoded pairs, in order (row 10). Everything that is not an edit parameter is passed over:
 * plain names, one `.tag` too few, an index on a lock (rows 11, 12 and trap 5).
 */
export function parseEditForm(query: readonly QueryPair[]): EditForm {
  const values: QueryPair[] = [];
  const locks: [string, boolean][] = [];
  const drafts = new Map<TagKind, Draft>();
  let namesRole = false;
  for (const [key, value] of query) {
    namesRole ||= key.startsWith('role[');
    if (key.endsWith('.value')) values.push([key.slice(0, -'.value'.length), value]);
    else if (/^[A-Za-z]+\.locked$/.test(key) && /^[01]$/.test(value))
      locks.push([key.split('.')[0] ?? '', value === '1']);
    else readTagParameter(key, value, drafts);
  }
  const tags = new Map([...drafts].map(([kind, draft]) => [kind, finished(draft)] as const));
  return { values, locks, tags, namesRole };
}

function readTagParameter(key: string, value: string, drafts: Map<TagKind, Draft>): void {
  const [, name = '', index = '', member = '', minus = ''] = TAG_PARAMETER.exec(key) ?? [];
  // A studio is not a tag: naming it like one files it as a director (row 14).
  const kind = name === 'studio' ? 'director' : name;
  if (!isTagKind(kind)) return;
  const draft: Draft = drafts.get(kind) ?? { clear: false, removals: [], additions: new Map() };
  if (minus !== '') {
    // Of repeated removals only the last counts. Its names are separated by commas and escaped once more (row 12).
    if (member === 'tag.tag') draft.removals = value.split(',').map(percentDecode);
  } else if (member === 'tag') {
    if (index === '' && value === '') draft.clear = true;
  } else if (index !== '') {
    // The studio's index must not collide with a director's.
    const slot = Number(index) + (name === 'studio' ? 1_000_000 : 0);
    const addition = draft.additions.get(slot) ?? new Map<string, string>();
    addition.set(member, value);
    draft.additions.set(slot, addition);
  }
  drafts.set(kind, draft);
}

function finished({ clear, removals, additions }: Draft): TagEdit {
  const named = [...additions]
    .sort(([a], [b]) => a - b)
    .map(([, members]) => tagAddition(members))
    .filter(({ name }) => name !== '');
  return { clear, removals, additions: named };
}

function tagAddition(members: ReadonlyMap<string, string>): TagAddition {
  const role = members.get('tagging.text');
  const thumb = members.get('tag.thumb');
  const tagKey = members.get('tag.tagKey');
  return {
    name: members.get('tag.tag') ?? '',
    ...(role === undefined ? {} : { role }),
    ...(thumb === undefined ? {} : { thumb }),
    ...(tagKey === undefined ? {} : { tagKey }),
  };
}
