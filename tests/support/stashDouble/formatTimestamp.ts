const MINUTE_MS = 60_000;

/**
 * A time as Stash stores it: RFC 3339 text, one-second resolution, in the server's local offset (`Z` under UTC).
 * Two texts with different offsets do not sort by time, which is what the text-comparing filters make visible.
 */
export function formatTimestamp(atMs: number, utcOffsetMinutes: number): string {
  const local = new Date(atMs + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 19);
  if (utcOffsetMinutes === 0) return `${local}Z`;
  const minutes = Math.abs(utcOffsetMinutes);
  const hh = String(Math.floor(minutes / 60)).padStart(2, '0');
  const mm = String(minutes % 60).padStart(2, '0');
  return `${local}${utcOffsetMinutes < 0 ? '-' : '+'}${hh}:${mm}`;
}
