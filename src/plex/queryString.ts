/** Query parameters in the order in which they are to be sent. */
export type QueryPairs = readonly (readonly [key: string, value: string])[];

/**
 * Encodes query pairs for Plex: everything but unreserved characters, blanks as `%20`, keys as well (`genre[0].tag.tag`,
 * `addedAt>>`), in the given order.
 */
export function queryString(pairs: QueryPairs): string {
  return pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
}

/** Percent-encodes all but the unreserved characters of RFC 3986. A lone surrogate becomes U+FFFD. */
export function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
