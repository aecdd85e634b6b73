import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import type { FieldSnapshot, FieldValue } from '../queue/ItemSnapshot.ts';
import type { Edit } from './buildEdit.ts';
import { type FieldWrite, groupWrites, MAX_QUERY_BYTES } from './EditRequest.ts';
import { fieldValue, fingerprint, isOurs, isSameValue } from './fieldValue.ts';
import { isListTag } from './listNames.ts';
import { restoreList } from './restoreList.ts';
import { SORT_TITLE } from './sortTitle.ts';

/** What gives an item's fields the values and locks that they had. */
export interface RestoreEdit extends Pick<Edit, 'requests' | 'clearsRating'> {
  /** Values that change; of the others at most the lock does. */
  changes: ValueChange[];
  /** Fields that are written, if only their lock. */
  written: string[];
  /** Fields that somebody has changed since the plugin did: they stay. */
  left: string[];
  /** For lists that one request cannot carry: what Plex gets when it has taken only the last of several. */
  heads: Map<string, QueryPairs>;
}

export interface ValueChange {
  field: string;
  from: FieldValue;
  to: FieldValue;
}

export interface RestoreOptions {
  /** Also what somebody has changed since. */
  isForced: boolean;
  /** Most bytes of a request's query, where the way to Plex takes less than usual. */
  longestEdit?: number | undefined;
  /** Further fields to be sent with it. */
  alongside?: readonly FieldWrite[];
}

/** The pictures, which are no fields of an edit but for their locks. */
export const PICTURE_FIELDS: ReadonlySet<string> = new Set(['thumb', 'art']);

/**
 * Compares an item with what it was and plans the edit that makes it so again. Pure: nothing is sent. Pictures are left out.
 *
 * A field is put back where it holds what the plugin left there; where it holds what it held before, only its lock may have to be.
 */
export function restoreEdit(
  item: PlexItem,
  fields: Readonly<Record<string, FieldSnapshot>>,
  { isForced, longestEdit = MAX_QUERY_BYTES, alongside = [] }: RestoreOptions,
): RestoreEdit {
  const maxBytes = Math.min(longestEdit, MAX_QUERY_BYTES);
  const plans = Object.entries(fields).flatMap(([field, snapshot]) =>
    PICTURE_FIELDS.has(field) || snapshot.was === undefined
      ? []
      : [{ field, ...planField(item, field, { ...snapshot, was: snapshot.was }, isForced, maxBytes) }],
  );
  const title = plans.find(({ field }) => field === 'title');
  const sort = plans.find(({ field }) => field === SORT_TITLE);
  if (sort) joinSortTitle(sort, title, item, fields[SORT_TITLE]);
  const written = plans.filter(({ removals, puts, clears }) => removals.length + puts.length > 0 || clears);
  const of = (puts: (plan: FieldPlan) => QueryPairs[]): FieldWrite[] =>
    plans
      .map((plan) => ({ field: plan.field, puts: puts(plan), empties: false }))
      .filter((write) => write.puts.length > 0);
  return {
    requests: [
      ...groupWrites(
        of(({ removals }) => removals),
        [],
        maxBytes,
      ),
      ...groupWrites([...of(({ puts }) => puts), ...alongside], [], maxBytes),
    ],
    clearsRating: plans.some(({ clears }) => clears),
    changes: plans.flatMap(({ change }) => change ?? []),
    written: written.map(({ field }) => field),
    left: plans.filter(({ isLeft }) => isLeft).map(({ field }) => field),
    heads: new Map(plans.flatMap(({ field, head }) => (head ? [[field, head] as const] : []))),
  };
}

/** What is done about one field. */
interface FieldPlan {
  /** Sent before anything else. */
  removals: QueryPairs[];
  puts: QueryPairs[];
  /** The rating is taken away. */
  clears: boolean;
  isLeft: boolean;
  change?: ValueChange;
  head?: QueryPairs;
}

const NOTHING: FieldPlan = { removals: [], puts: [], clears: false, isLeft: false };

function planField(
  item: PlexItem,
  field: string,
  snapshot: FieldSnapshot & { was: FieldValue },
  isForced: boolean,
  maxBytes: number,
): FieldPlan {
  const { was, locked } = snapshot;
  const now = fieldValue(item, field);
  const isLockRight = locked === item.locked.has(field);
  const lock: QueryPairs = [[`${field}.locked`, locked ? '1' : '0']];
  const locking = isLockRight ? [] : [lock];
  if (isSameValue(field, now, was)) return { ...NOTHING, puts: locking };
  if (!isForced && !isOurs(field, now, snapshot)) return { ...NOTHING, isLeft: true };
  const change = { field, from: now, to: was };
  if (isListTag(field) && typeof was !== 'string' && typeof now !== 'string') {
    const { names, ...list } = restoreList(field, now, was, locked, maxBytes);
    return { ...NOTHING, ...list, puts: names, change };
  }
  // There is no other way that is documented (plex-http-api.md 3.6.2).
  if (field === 'userRating' && was === '') return { ...NOTHING, clears: true, puts: locking, change };
  // What Plex makes of an empty title is not known (plex-http-api.md 3.6.1).
  if (field === 'title' && was === '') return { ...NOTHING, isLeft: true };
  return { ...NOTHING, puts: [[[`${field}.value`, String(was)], ...lock]], change };
}

/**
 * The sort title goes with the title, in one part. It is written also where it looks the same, because Plex has made it of the new title,
 * and not beside a title that stays. Its lock is the user's then: the plugin changes none that is locked. One that a template made is a
 * field of its own, with a lock of its own; it only must not come before the title.
 */
function joinSortTitle(
  sort: FieldPlan,
  title: FieldPlan | undefined,
  item: PlexItem,
  { was = '', locked, ours }: FieldSnapshot = NEVER_KEPT,
): void {
  const [put] = title?.puts ?? [];
  // Beside a title none is written that is locked.
  const isTemplates = locked || ours.some((mark) => mark !== fingerprint(SORT_TITLE, ''));
  const lock: QueryPairs = isTemplates ? [[`${SORT_TITLE}.locked`, locked ? '1' : '0']] : [];
  const pairs: QueryPairs = [[`${SORT_TITLE}.value`, String(was)], ...lock];
  if (sort.isLeft || !isTemplates) sort.puts = [];
  if (sort.isLeft) return;
  if (!isTemplates && (title?.isLeft || item.locked.has(SORT_TITLE))) {
    sort.isLeft = sort.change !== undefined;
    delete sort.change;
  } else if (title?.change && put) {
    title.puts = [[...put, ...pairs]];
    sort.puts = [];
  } else if (sort.change) sort.puts = [pairs];
}

const NEVER_KEPT: FieldSnapshot = { locked: false, ours: [] };
