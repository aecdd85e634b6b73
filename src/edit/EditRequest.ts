import { type QueryPairs, queryString } from '../plex/queryString.ts';

/** What one PUT says about one field. */
export interface FieldPart {
  /** Plex's name of the field, such as `title`, `genre` or `userRating`. */
  field: string;
  pairs: QueryPairs;
}

/** One PUT: parts of one field or of several, each of which could be sent alone as well. */
export type EditRequest = readonly FieldPart[];

/** How one field is written: nearly always by one PUT, else by several in this order. */
export interface FieldWrite {
  field: string;
  puts: QueryPairs[];
  /** Nothing is left in the field afterwards. */
  empties: boolean;
}

/**
 * Longest query of an edit: request lines of 8 000 bytes are safe (W-36), less room for method, path and id. Some proxies take less,
 * which is found out when it happens.
 */
export const MAX_QUERY_BYTES = 7_800;

/** The parameters of a request, in order. */
export function pairsOf(request: EditRequest): QueryPairs {
  return request.flatMap(({ pairs }) => pairs);
}

/**
 * Puts what is to be written into as few requests as their encoded length allows (W-24): all fields in one, in nearly every
 * case. The PUTs of a field that needs several stay apart and in order.
 *
 * @param alone fields that Plex refused last time: each goes by itself, so that it takes no other down with it.
 * @param maxBytes longest query.
 */
export function groupWrites(
  writes: readonly FieldWrite[],
  alone: readonly string[],
  maxBytes = MAX_QUERY_BYTES,
): EditRequest[] {
  const requests: FieldPart[][] = [];
  let open: FieldPart[] | undefined;
  for (const { field, puts } of writes) {
    const parts = puts.map((pairs): FieldPart => ({ field, pairs }));
    if (parts.length > 1 || alone.includes(field)) {
      requests.push(...parts.map((part) => [part]));
    } else if (open && fits(pairsOf([...open, ...parts]), maxBytes)) {
      open.push(...parts);
    } else {
      open = parts;
      requests.push(open);
    }
  }
  return requests;
}

/** Whether one request can carry these parameters. */
export function fits(pairs: QueryPairs, maxBytes = MAX_QUERY_BYTES): boolean {
  return queryString(pairs).length <= maxBytes;
}
