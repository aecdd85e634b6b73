import type { Settings } from '../config/settings.ts';
import type { Scene } from '../stash/Scene.ts';
import { cutToEncodedLength, sanitizeLine, sanitizeParagraphs } from './sanitizeText.ts';

/**
 * What a Plex item has to look like. An absent member is left alone; an empty text or list means: nothing there.
 */
export interface WantedItem {
  title?: string;
  studio?: string;
  summary?: string;
  /** `YYYY-MM-DD` or empty. */
  originallyAvailableAt?: string;
  genres?: string[];
  actors?: string[];
  /** The collection named after the studio; empty for none. */
  collection?: string;
}

/** Longest texts and lists that Plex items get. */
export const LIMITS = {
  title: 255,
  studio: 255,
  summary: 10_000,
  /** A text travels in the address of a request, where it cannot be split (W-36). */
  summaryEncodedBytes: 7_000,
  performerName: 255,
  tagName: 255,
  performers: 50,
} as const;

type SyncSettings = Pick<
  Settings,
  | 'sync_studio'
  | 'sync_summary'
  | 'sync_date'
  | 'sync_performers'
  | 'sync_tags'
  | 'sync_collection'
  | 'max_tags'
>;

/**
 * The one rule from a scene to an item (W-39): every field whose toggle is on is made equal to Stash, empty
 * included. Only the title is never emptied, because Plex needs one.
 */
export function wantedItem(scene: Scene, settings: SyncSettings): WantedItem {
  const title = sanitizeLine(scene.title, LIMITS.title);
  const studio = sanitizeLine(scene.studio, LIMITS.studio);
  const date = wholeDate(scene.date);
  return {
    ...(title !== '' ? { title } : {}),
    ...(settings.sync_studio ? { studio } : {}),
    ...(settings.sync_summary ? { summary: summaryOf(scene) } : {}),
    ...(settings.sync_date && date !== undefined ? { originallyAvailableAt: date } : {}),
    ...(settings.sync_performers
      ? { actors: names(scene.performers, LIMITS.performerName, LIMITS.performers) }
      : {}),
    ...(settings.sync_tags ? { genres: names(scene.tags, LIMITS.tagName, settings.max_tags) } : {}),
    ...(settings.sync_collection ? { collection: studio } : {}),
  };
}

function summaryOf({ details }: Scene): string {
  return cutToEncodedLength(sanitizeParagraphs(details, LIMITS.summary), LIMITS.summaryEncodedBytes);
}

/**
 * Plex knows whole dates only: a year or a month stands for its first day (W-32). Empty means none.
 *
 * @returns undefined for a text that is no date: better the old date than none.
 */
function wholeDate(date: string | null): string | undefined {
  const text = date?.trim() ?? '';
  if (text === '') return '';
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (!match) return undefined;
  const [, year, month = '01', day = '01'] = match;
  const whole = `${year}-${month}-${day}`;
  const parsed = new Date(`${whole}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(whole) ? whole : undefined;
}

/** Clean names without empties and without doubles, letter case aside (W-34); the first `limit` of them. */
function names(list: readonly string[], nameLimit: number, limit: number): string[] {
  const byFolded = new Map<string, string>();
  for (const raw of list) {
    const name = sanitizeLine(raw, nameLimit);
    if (name !== '' && !byFolded.has(name.toLowerCase())) byFolded.set(name.toLowerCase(), name);
  }
  return [...byFolded.values()].slice(0, limit);
}
