/** A key and a value of a query string; undecoded or decoded, as the holder says. */
export type QueryPair = [key: string, value: string];

/** Splits a query string into its pairs in order, without decoding anything. */
export function splitQuery(rawQuery: string): QueryPair[] {
  if (rawQuery === '') return [];
  return rawQuery
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const at = piece.indexOf('=');
      return at < 0 ? [piece, ''] : [piece.slice(0, at), piece.slice(at + 1)];
    });
}

/**
 * Percent-decodes UTF-8. What is not a valid escape stays as it is: the double must not be stricter than a server
 * that never answers 400 for that (6.3).
 */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
    );
  }
}

/** Decodes one key or value of a query string; `+` is a space (2.6). */
export function decodeQueryPart(raw: string): string {
  return percentDecode(raw.includes('+') ? raw.replaceAll('+', ' ') : raw);
}
