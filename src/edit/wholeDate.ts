/**
 * Plex knows whole dates only: a year or a month stands for its first day (W-32). Empty means none.
 *
 * @returns undefined for a text that is no date: better the old date than none.
 */
export function wholeDate(date: string | null): string | undefined {
  const text = date?.trim() ?? '';
  if (text === '') return '';
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (!match) return undefined;
  const [, year, month = '01', day = '01'] = match;
  const whole = `${year}-${month}-${day}`;
  const parsed = new Date(`${whole}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(whole) ? whole : undefined;
}
