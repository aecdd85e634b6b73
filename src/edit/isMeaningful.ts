import type { Scene } from '../stash/Scene.ts';
import { sanitizeLine } from './sanitizeText.ts';

/**
 * Whether a scene says enough for its item to be made equal to it, cleared fields included: a studio, performers, tags, details or a
 * date. A title, a path or a rating alone may be automatic, and syncing them would clear what Plex has (W-40).
 */
export function isMeaningful({ studio, performers, tags, details, date }: Scene): boolean {
  return [studio, details, date, ...performers, ...tags].some((text) => sanitizeLine(text, 0) !== '');
}
