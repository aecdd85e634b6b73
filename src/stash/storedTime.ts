/** A time as Stash stores it: the instant, and the offset from UTC in which it was written. */
export interface StoredTime {
  atMs: number;
  utcOffsetMinutes: number;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Reads a time of Stash (RFC 3339, protocol section 10); undefined when it is none. */
export function parseStoredTime(text: string | null): StoredTime | undefined {
  const match = RFC_3339.exec(text ?? '');
  const atMs = Date.parse(text ?? '');
  if (!match || Number.isNaN(atMs)) return undefined;
  const [, sign, hours = '0', minutes = '0'] = match;
  const minutesFromUtc = Number(hours) * 60 + Number(minutes);
  return { atMs, utcOffsetMinutes: sign === '-' ? -minutesFromUtc : minutesFromUtc };
}

/**
 * The text that sorts below every time that Stash stores for this instant's second or a later one in this offset, and above every earlier
 * one: Stash compares texts, with one-second resolution, and the offset stands at their ends.
 */
export function textBelow({ atMs, utcOffsetMinutes }: StoredTime): string {
  return new Date(atMs + utcOffsetMinutes * 60_000).toISOString().slice(0, 19);
}
