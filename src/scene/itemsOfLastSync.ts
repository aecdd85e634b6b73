import { type FoundByFile, rankByFile } from '../plex/rankByFile.ts';
import type { Scene } from '../stash/Scene.ts';
import type { SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';

/**
 * The items of a scene's last sync; only those that still have the very file by which they were found, and that is still one of the
 * scene's (W-05).
 *
 * @param chosen rating keys of the items that the user has chosen for the scene, the latest choice first.
 * @throws PlexError
 */
export async function itemsOfLastSync(
  { previous, knownItem }: Pick<SceneInput, 'previous' | 'knownItem'>,
  scene: Scene,
  chosen: readonly string[],
  { matching }: Pick<SceneContext, 'matching'>,
): Promise<FoundByFile[]> {
  const known: FoundByFile[] = [];
  for (const { ratingKey, written } of previous) {
    const item = written.file === undefined ? undefined : await knownItem(ratingKey);
    if (!item) continue;
    const holder = { ...item, files: item.files.filter(({ path }) => path === written.file) };
    const match = rankByFile(scene.files, [holder], matching.map, chosen);
    if (match.outcome === 'match' && match.confidence !== 'low') known.push({ ...match, item });
  }
  return known;
}
