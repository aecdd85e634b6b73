/** What notifications may be about, by the words of the setting `notify_events`. */
export const NOTICE_EVENTS = ['outage', 'recovery', 'dead_letters', 'reconciliation', 'attention'] as const;

export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** The words of a stored list, separated by commas, semicolons or blanks, as they were written. */
export function eventWords(stored: unknown): string[] {
  return String(stored)
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
}

/** The event that a word means, in any case and with `-` for `_`; undefined when it means none. */
export function eventOf(word: string): NoticeEvent | undefined {
  const plain = word.toLowerCase().replaceAll('-', '_');
  return NOTICE_EVENTS.find((event) => event === plain);
}
