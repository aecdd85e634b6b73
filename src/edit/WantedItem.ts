import type { Settings } from '../config/settings.ts';
import type { Scene } from '../stash/Scene.ts';
import { cutNames } from './cutNames.ts';
import { type CutText, cutLine, cutText } from './cutText.ts';
import { type FurtherFields, type FurtherSettings, furtherFields } from './furtherFields.ts';
import { LIMITS } from './limits.ts';
import type { Shortened } from './Shortened.ts';
import { cutToEncodedLength, sanitizeParagraphs } from './sanitizeText.ts';
import type { SyncExtent } from './syncExtent.ts';
import { genreTags } from './tagNames.ts';
import { templateTitle } from './templateTitle.ts';
import { wholeDate } from './wholeDate.ts';

/**
 * What a Plex item has to look like. An absent member is left alone; an empty text or list means: nothing there.
 */
export interface WantedItem extends FurtherFields {
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

type SyncSettings = FurtherSettings &
  Pick<
    Settings,
    | 'sync_studio'
    | 'sync_summary'
    | 'sync_date'
    | 'sync_performers'
    | 'sync_tags'
    | 'sync_collection'
    | 'sync_rating'
    | 'sync_performer_tags'
    | 'title_template'
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
  const title = titleOf(scene, settings);
  // One name for the field and for the collection (W-34).
  const studio = cutLine(settings.sync_studio ? 'studio' : 'collection', scene.studio, LIMITS.line);
  const summary = settings.sync_summary ? summaryOf(scene) : undefined;
  const date = wholeDate(scene.date);
  const rating = ratingOf(scene);
  const actors = settings.sync_performers
    ? cutNames('actor', scene.performers, LIMITS.performers)
    : undefined;
  const tags = settings.sync_tags ? genreTags(scene, settings) : undefined;
  const genres = tags && cutNames('genre', tags, settings.max_tags);
  const further = furtherFields(scene, settings);
  const isStudioWanted = settings.sync_studio || settings.sync_collection;
  const parts = [title, isStudioWanted ? studio : undefined, summary, actors, genres, further];
  const shortened = parts.flatMap((part) => part?.shortened ?? []);
  return {
    ...(title && title.text !== '' ? { title: title.text } : {}),
    ...(settings.sync_studio ? { studio: studio.text } : {}),
    ...(summary ? { summary: summary.text } : {}),
    ...(settings.sync_date && date !== undefined ? { originallyAvailableAt: date } : {}),
    ...(actors ? { actors: actors.names } : {}),
    ...(genres ? { genres: genres.names } : {}),
    ...(settings.sync_collection ? { collection: studio.text } : {}),
    ...(settings.sync_rating && rating !== undefined ? { userRating: rating } : {}),
    ...further.fields,
    ...(shortened.length > 0 ? { shortened } : {}),
  };
}

/** By the template where it makes something of the scene, else the scene's own; undefined: nothing can be told. */
function titleOf(scene: Scene, { title_template: template }: SyncSettings): CutText | undefined {
  const made = template === '' ? '' : templateTitle(template, scene);
  return made === undefined ? undefined : cutLine('title', made === '' ? scene.title : made, LIMITS.line);
}

function summaryOf({ details }: Scene): CutText {
  const whole = sanitizeParagraphs(details, 0);
  const text = cutToEncodedLength(sanitizeParagraphs(whole, LIMITS.summary), LIMITS.summaryEncodedBytes);
  return cutText('summary', whole, text);
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
