import { baseName } from '../plex/filePath.ts';
import type { Scene } from '../stash/Scene.ts';
import { sanitizeLine } from './sanitizeText.ts';

/**
 * Whether a scene has a title that somebody gave: not the name of one of its files, with or without extension, which is what a
 * scan makes of it (A9).
 */
export function hasOwnTitle({ title, files }: Scene): boolean {
  const given = comparable(title);
  if (given === '') return false;
  return files.every(({ path }) => {
    const name = baseName(path);
    return given !== comparable(name) && given !== comparable(name.replace(/(?<=.)\.[^.]*$/, ''));
  });
}

function comparable(text: string | null): string {
  return sanitizeLine(text, 0).toLowerCase();
}
