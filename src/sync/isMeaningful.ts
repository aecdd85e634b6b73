import type { Scene } from '../stash/Scene.ts';

/**
 * Whether a scene says enough to be written to Plex: a studio, performers, tags, details or a date. A title, a path
 * or a rating alone may be automatic, and syncing them would clear what Plex has (W-40).
 */
export function isMeaningful({ studio, performers, tags, details, date }: Scene): boolean {
  const texts = [studio, details, date];
  return (
    texts.some((text) => text !== null && text.trim() !== '') || performers.length > 0 || tags.length > 0
  );
}
