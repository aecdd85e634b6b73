import { hash } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import type { WantedItem } from '../edit/WantedItem.ts';
import type { PlexItem } from '../plex/PlexItem.ts';

/** A short text that is equal for equal values, and for no others in practice. */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 24);
}

/**
 * What a listing shows of an item, except its files. Lists are cut short there and `updatedAt` does not move with every edit of a
 * list, but a change that shows in none of it is rare.
 */
export function itemFingerprint(row: PlexItem): string {
  return fingerprint([
    row.updatedAtSecs ?? null,
    row.title,
    row.studio,
    row.summary,
    row.originallyAvailableAt,
    row.userRating ?? null,
    row.genres,
    row.collections,
    row.actors.map(({ name }) => name),
    row.hasThumb,
    row.hasArt,
  ]);
}

type WritingSettings = Pick<Settings, 'preserve_plex_edits' | 'sync_poster' | 'sync_background'>;

/**
 * What a scene's item is wanted to be. A performer, tag or studio that was renamed shows here, and in no `updated_at` of the scene.
 */
export function wantedFingerprint(wanted: WantedItem, settings: WritingSettings): string {
  return fingerprint([wanted, settings.preserve_plex_edits, settings.sync_poster, settings.sync_background]);
}
