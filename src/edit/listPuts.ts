import { encode, type QueryPairs } from '../plex/queryString.ts';
import { fits, MAX_QUERY_BYTES } from './EditRequest.ts';
import type { ListChange } from './listEdit.ts';

/** Plex's edit names of the lists that are synced. */
export type ListTag = 'genre' | 'actor' | 'collection' | 'label' | 'director';

/** Further parameters of the name at `index` of its request, such as an actor's role. */
export type Details = (name: string, index: number) => QueryPairs;

/**
 * The PUT for a list (plex-http-api.md 3.6.4), right whether Plex adds to its list or replaces it: the whole list, and
 * one removal whose names are encoded before they are joined.
 *
 * @returns undefined when it is too long for one request.
 */
export function wholeListPut(
  tag: ListTag,
  { desired, gone }: ListChange,
  details: Details,
  maxBytes = MAX_QUERY_BYTES,
): QueryPairs | undefined {
  const pairs = [
    ...namePairs(tag, desired, details),
    ...(gone.length > 0 ? [removal(tag, gone)] : []),
    lock(tag),
  ];
  return fits(pairs, maxBytes) ? pairs : undefined;
}

/** PUTs that only take names away, which is one thing whether Plex adds to its list or replaces it. */
export function removalPuts(tag: ListTag, gone: readonly string[], maxBytes = MAX_QUERY_BYTES): QueryPairs[] {
  const pairsOf = (names: readonly string[]) => [removal(tag, names), lock(tag)];
  return inPieces(gone, (names) => fits(pairsOf(names), maxBytes)).map(pairsOf);
}

/** A list cut into runs of names that fit one request each. The first is the head. */
export function headAndTails(
  tag: ListTag,
  names: readonly string[],
  details: Details,
  maxBytes = MAX_QUERY_BYTES,
): string[][] {
  return inPieces(names, (piece) => fits(namesPut(tag, piece, details), maxBytes));
}

/** The PUT that names these, and no others. */
export function namesPut(tag: ListTag, names: readonly string[], details: Details): QueryPairs {
  return [...namePairs(tag, names, details), lock(tag)];
}

function namePairs(tag: ListTag, names: readonly string[], details: Details): QueryPairs {
  return names.flatMap((name, index) => [
    [`${tag}[${index}].tag.tag`, name] as const,
    ...details(name, index),
  ]);
}

function removal(tag: ListTag, gone: readonly string[]): readonly [string, string] {
  return [`${tag}[].tag.tag-`, gone.map(encode).join(',')];
}

function lock(tag: ListTag): readonly [string, string] {
  return [`${tag}.locked`, '1'];
}

/** Cuts a list into the fewest runs that fit; a name that fits nowhere is a run by itself, for Plex to refuse. */
function inPieces(names: readonly string[], doFit: (piece: readonly string[]) => boolean): string[][] {
  const pieces: string[][] = [];
  for (const name of names) {
    const last = pieces.at(-1);
    if (last && doFit([...last, name])) last.push(name);
    else pieces.push([name]);
  }
  return pieces;
}
