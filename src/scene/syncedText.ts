import { fieldWords } from '../edit/fieldWords.ts';
import type { PathObfuscator } from '../log/obfuscatePath.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';

/**
 * What a synced scene is called, and what of it Plex did not have before: `The Film (title and tags)`.
 *
 * @param changed Plex's names of fields.
 */
export function syncedText(
  scene: Scene | StashError | undefined,
  changed: readonly string[],
  names: PathObfuscator,
): string {
  const isRead = scene !== undefined && !(scene instanceof StashError);
  const title = isRead ? names.name(scene.title?.trim() ?? '') : '';
  const words = fieldWords(changed);
  if (words === '') return title;
  return title === '' ? words : `${title} (${words})`;
}
