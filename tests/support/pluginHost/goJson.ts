const GO_ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Compact JSON as Go's `json.Marshal` writes it: `<`, `>`, `&` and the two line separators are `\u` escapes. */
export function goJson(value: unknown): string {
  // These characters occur in JSON text only inside strings, so replacing them in the text is safe.
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (found) => GO_ESCAPES[found] ?? found);
}

/** A deep copy with all object keys sorted by bytes, as Go writes its maps. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sortedKeys(inner)] as const);
  entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Object.fromEntries(entries);
}
