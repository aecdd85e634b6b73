import type { QueryPairs } from '../plex/queryString.ts';
import { MAX_QUERY_BYTES } from './EditRequest.ts';
import { type ListChange, type ListRule, listChange, memberOf } from './listEdit.ts';
import { type Details, headAndTails, type ListTag, namesPut, removalPuts, wholeListPut } from './listPuts.ts';
import type { Shortened } from './Shortened.ts';

/** How one list gets right. */
export interface ListWrite {
  /** Nothing when the list is right, or as right as it gets. */
  puts: QueryPairs[];
  /** What the PUTs change. */
  change?: ListChange;
  /** Names that cannot be added without risk to names of others. */
  shortened?: Shortened;
  /** Plex has only the first names, and cannot be given more. */
  isCut: boolean;
  /** Whether all names are there shows only afterwards. */
  isInPieces: boolean;
}

const NOTHING: ListWrite = { puts: [], isCut: false, isInPieces: false };

/**
 * Plans the PUTs for a list so that they are right whether Plex adds to its list or replaces it (plex-http-api.md 3.6.4).
 *
 * - One request carries the whole list and what goes: by far the usual case.
 * - Only names that go: removals, as many requests as it takes.
 * - Names of others are to be kept: the list ends where the request is full. In pieces, a Plex that replaces would be without the
 *   others' names from one piece to the next, and only this process would know them.
 * - Else pieces, the head last: a Plex that adds has all names then, and one that replaces has the head, which is all that any
 *   request could give it.
 *
 * @param wasCut Plex had only the head after this list was last written: writing it again would change nothing.
 * @param maxBytes longest query of a PUT.
 */
export function listWrite(
  tag: ListTag,
  rule: ListRule,
  details: Details,
  wasCut: boolean,
  maxBytes = MAX_QUERY_BYTES,
): ListWrite {
  const change = listChange(rule);
  if (!change) return NOTHING;
  const whole = wholeListPut(tag, change, details, maxBytes);
  if (whole) return { ...NOTHING, puts: [whole], change };
  if (change.added.length === 0) return { ...NOTHING, puts: removalPuts(tag, change.gone, maxBytes), change };
  return rule.keepsOthers
    ? writeUntilFull(tag, change, details, maxBytes)
    : writeInPieces(tag, change, rule, details, wasCut, maxBytes);
}

function writeUntilFull(tag: ListTag, change: ListChange, details: Details, maxBytes: number): ListWrite {
  const { desired, gone } = change;
  const stay = desired.length - change.added.length;
  const [head = []] = headAndTails(tag, desired, details, maxBytes);
  const added = change.added.slice(0, Math.max(head.length - stay, 0));
  const kept = desired.slice(0, stay + added.length);
  const puts = [
    ...removalPuts(tag, gone, maxBytes),
    ...(added.length > 0 ? [namesPut(tag, kept, details)] : []),
  ];
  const shortened = { field: tag, total: desired.length, kept: kept.length };
  return {
    puts,
    ...(puts.length > 0 ? { change: { desired: kept, gone, added } } : {}),
    ...(added.length < change.added.length ? { shortened } : {}),
    isCut: added.length < change.added.length,
    isInPieces: false,
  };
}

/** In Stash's order, not Plex's: the head does not depend on what is there, and it is what Stash names first (W-27). */
function writeInPieces(
  tag: ListTag,
  change: ListChange,
  { wanted, current }: ListRule,
  details: Details,
  wasCut: boolean,
  maxBytes: number,
): ListWrite {
  const pieces = headAndTails(tag, wanted, details, maxBytes);
  const [head = []] = pieces;
  if (wasCut && change.gone.length === 0 && head.every(memberOf(current))) return { ...NOTHING, isCut: true };
  return {
    puts: [
      ...removalPuts(tag, change.gone, maxBytes),
      ...pieces.toReversed().map((names) => namesPut(tag, names, details)),
    ],
    change,
    isCut: false,
    isInPieces: pieces.length > 1,
  };
}
