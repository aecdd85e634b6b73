import type { Scene } from '../stash/Scene.ts';
import { sanitizeLine } from './sanitizeText.ts';

/**
 * Whether a scene says enough for its item to be made equal to it, cleared fields included: a studio, performers, tags, details or a
 * date, or groups or a director where these were asked for. A title, a path or a rating alone may be automatic, and syncing them would clear what Plex has (W-40).
 */
export function isMeaningful({
  studio,
  performers,
  tags,
  details,
  date,
  director,
  groups = [],
}: Scene): boolean {
  const names = [...performers, ...tags, ...groups.map(({ name }) => name)];
  return [studio, details, date, director, ...names].some((text) => sanitizeLine(text, 0) !== '');
}
