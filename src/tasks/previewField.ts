import type { PreviewField } from './pageReports.ts';

/** A field of a scene's item: in Stash, in Plex now, in Plex after the next sync; each value made fit for an answer by `short`. */
export function previewField(
  { field, stash, now, next }: { field: string; stash: string; now: string; next: string },
  short: (text: string) => string,
): PreviewField {
  // biome-ignore lint/suspicious/noThenProperty: the page reads it as a word, and a text is nothing to wait for.
  return { field, stash: short(stash), now: short(now), then: short(next) };
}
