import type { QueryPairs } from '../plex/queryString.ts';
import type { ListEntry } from '../queue/ItemSnapshot.ts';
import { isSameEntry } from './fieldValue.ts';
import { fold, memberOf } from './listEdit.ts';
import { headAndTails, type ListTag, namesPut, removalPuts, wholeListPut } from './listPuts.ts';

/** How a list becomes what it was, order included. */
export interface ListRestore {
  /** What has to be gone before the names come. */
  removals: QueryPairs[];
  /** What brings the names, several PUTs where one cannot carry them. */
  names: QueryPairs[];
  /** With several: the one whose names Plex has at least, if it replaces its list by each. */
  head?: QueryPairs;
}

/**
 * Plans the PUTs. One is enough where the names that stay are the first of the old ones, in their order: Plex appends the others. A name
 * at another place has to go first, because Plex leaves names that it has where they are, and takes removals after additions within one
 * request (plex-http-api.md 3.6.4, 3.6.5).
 *
 * @param maxBytes longest query of a PUT.
 */
export function restoreList(
  tag: ListTag,
  now: readonly ListEntry[],
  was: readonly ListEntry[],
  isLocked: boolean,
  maxBytes: number,
): ListRestore {
  const isWanted = memberOf(was.map(([name]) => name));
  const staying = now.filter(([name]) => isWanted(name));
  let ordered = 0;
  while (ordered < staying.length && isInPlace(staying[ordered], was[ordered])) ordered += 1;
  const desired = was.map(([name]) => name);
  const gone = now.map(([name]) => name).filter((name) => !isWanted(name));
  const misplaced = staying.slice(ordered).map(([name]) => name);
  const roles = new Map(was.map(([name, role]) => [fold(name), role]));
  const details = (name: string, index: number): QueryPairs => {
    const role = tag === 'actor' ? roles.get(fold(name)) : undefined;
    return role ? [[`actor[${index}].tagging.text`, role]] : [];
  };
  const lock = (puts: readonly QueryPairs[]) => puts.map((pairs) => locking(pairs, tag, isLocked));
  const whole = wholeListPut(tag, { desired, gone, added: [] }, details, maxBytes);
  if (whole && misplaced.length === 0) return { removals: [], names: lock([whole]) };
  const removals = lock(removalPuts(tag, [...gone, ...misplaced], maxBytes));
  if (desired.length === 0) return { removals, names: [] };
  const pieces = headAndTails(tag, desired, details, maxBytes).map((names) => namesPut(tag, names, details));
  const names = lock(pieces);
  const [head] = names;
  return { removals, names, ...(head && names.length > 1 ? { head } : {}) };
}

/** A role that somebody has added since goes with its name only. */
function isInPlace(now: ListEntry | undefined, was: ListEntry | undefined): boolean {
  if (!now || !was) return false;
  return isSameEntry(now, was) || (fold(now[0]) === fold(was[0]) && was[1] !== undefined);
}

/** A list's PUT with the lock that it had. */
function locking(pairs: QueryPairs, tag: ListTag, isLocked: boolean): QueryPairs {
  return pairs.map(([key, value]) => [key, key === `${tag}.locked` ? (isLocked ? '1' : '0') : value]);
}
