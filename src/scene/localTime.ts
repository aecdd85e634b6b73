/** A time as this machine's users read it: `2026-11-28 18:40:05`. @param ms milliseconds since the epoch. */
export function localTime(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE');
}
