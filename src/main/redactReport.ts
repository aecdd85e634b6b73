/** Hides secrets in every text of a report; in the serialised form a mask could swallow a quote. */
export function redactReport(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry) => redactReport(entry, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redactReport(entry, redact)]));
}
