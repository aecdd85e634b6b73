import type { PlexItem } from '../plex/PlexItem.ts';

/**
 * Whether an item has something of what a sync writes: a studio, performers, tags or a summary. A date alone is often the
 * scanner's. A row of a listing tells as well (specification 11.5).
 */
export function isFilled({ studio, actors, genres, summary }: PlexItem): boolean {
  return studio !== '' || actors.length > 0 || genres.length > 0 || summary.trim() !== '';
}
