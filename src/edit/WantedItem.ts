import type { Settings } from '../config/settings.ts';
import type { Scene } from '../stash/Scene.ts';
import { fold } from './listEdit.ts';
import type { Shortened } from './Shortened.ts';
import { cutToEncodedLength, sanitizeLine, sanitizeParagraphs } from './sanitizeText.ts';
import type { SyncExtent } from './syncExtent.ts';

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
  /** 0 to 10, with one decimal; null for none. */
  userRating?: number | null;
  /** The item's pictures are left alone. */
  leavesPictures?: true;
  /** What is longer in Stash; the other members hold what is left of it. */
  shortened?: Shortened[];
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
  | 'sync_rating'
  | 'max_tags'
>;

/**
 * The one rule from a scene to an item (W-39): every field whose toggle is on is made equal to Stash, empty
 * included. Only the title is never emptied, because Plex needs one.
 *
 * @param extent `title`: nothing that would clear or replace anything else (A9). A rating never does: only the plugin's own goes.
 */
export function wantedItem(
  scene: Scene,
  settings: SyncSettings,
  extent: SyncExtent = 'everything',
): WantedItem {
  const wanted = wholeItem(scene, settings);
  if (extent !== 'title') return wanted;
  const { title, userRating } = wanted;
  const shortened = wanted.shortened?.filter(({ field }) => field === 'title') ?? [];
  return {
    ...(title === undefined ? {} : { title }),
    ...(userRating === undefined ? {} : { userRating }),
    leavesPictures: true,
    ...(shortened.length > 0 ? { shortened } : {}),
  };
}

function wholeItem(scene: Scene, settings: SyncSettings): WantedItem {
  const title = lineOf('title', scene.title, LIMITS.title);
  // One name for the field and for the collection (W-34).
  const studio = lineOf(settings.sync_studio ? 'studio' : 'collection', scene.studio, LIMITS.studio);
  const summary = settings.sync_summary ? summaryOf(scene) : undefined;
  const date = wholeDate(scene.date);
  const rating = ratingOf(scene);
  const actors = settings.sync_performers
    ? names('actor', scene.performers, LIMITS.performerName, LIMITS.performers)
    : undefined;
  const genres = settings.sync_tags
    ? names('genre', scene.tags, LIMITS.tagName, settings.max_tags)
    : undefined;
  const isStudioWanted = settings.sync_studio || settings.sync_collection;
  const parts = [title, isStudioWanted ? studio : undefined, summary, actors, genres];
  const shortened = parts.flatMap((part) => part?.shortened ?? []);
  return {
    ...(title.text !== '' ? { title: title.text } : {}),
    ...(settings.sync_studio ? { studio: studio.text } : {}),
    ...(summary ? { summary: summary.text } : {}),
    ...(settings.sync_date && date !== undefined ? { originallyAvailableAt: date } : {}),
    ...(actors ? { actors: actors.names } : {}),
    ...(genres ? { genres: genres.names } : {}),
    ...(settings.sync_collection ? { collection: studio.text } : {}),
    ...(settings.sync_rating && rating !== undefined ? { userRating: rating } : {}),
    ...(shortened.length > 0 ? { shortened } : {}),
  };
}

/** A clean text, with what had to be cut of it. */
interface CutText {
  text: string;
  shortened: Shortened[];
}

function lineOf(field: string, raw: string | null, limit: number): CutText {
  const whole = sanitizeLine(raw, 0);
  return cutText(field, whole, whole.length > limit ? sanitizeLine(whole, limit) : whole);
}

function summaryOf({ details }: Scene): CutText {
  const whole = sanitizeParagraphs(details, 0);
  const text = cutToEncodedLength(sanitizeParagraphs(whole, LIMITS.summary), LIMITS.summaryEncodedBytes);
  return cutText('summary', whole, text);
}

function cutText(field: string, whole: string, text: string): CutText {
  if (text === whole) return { text, shortened: [] };
  const [total, kept] = [[...whole].length, [...text].length];
  return { text, shortened: [{ field, loss: 'characters', total, kept }] };
}

/**
 * Stash's 0 to 100 on Plex's scale of 0 to 10 (W-35); null for none.
 *
 * @returns undefined for a number that is no rating: better the old rating than a wrong one (W-49).
 */
function ratingOf({ rating100 }: Scene): number | null | undefined {
  if (rating100 === null) return null;
  return rating100 >= 0 && rating100 <= 100 ? Math.round(rating100) / 10 : undefined;
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
function names(
  field: string,
  list: readonly string[],
  nameLimit: number,
  limit: number,
): { names: string[]; shortened: Shortened[] } {
  const byFolded = new Map<string, CutText>();
  let named = 0;
  for (const raw of list) {
    const name = lineOf(field, raw, nameLimit);
    if (name.text === '') continue;
    named += 1;
    const folded = fold(name.text);
    if (!byFolded.has(folded)) byFolded.set(folded, name);
  }
  const total = byFolded.size;
  const kept = [...byFolded.values()].slice(0, limit);
  const whole = kept.filter(({ shortened }) => shortened.length === 0).length;
  const losses: Shortened[] = [
    { field, loss: 'unnamed', total: list.length, kept: named },
    { field, loss: 'sameName', total: named, kept: total },
    { field, loss: 'cutName', total: kept.length, kept: whole },
    { field, total, kept: kept.length },
  ];
  return {
    names: kept.map(({ text }) => text),
    shortened: losses.filter((loss) => loss.kept < loss.total),
  };
}
