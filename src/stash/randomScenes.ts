import { type SceneFiles, sceneFilesOf } from './scenesByFileName.ts';
import type { GraphqlAnswer } from './walkScenes.ts';

const QUERY = `query Stash2PlexSample($scenes: SceneFilterType!, $page: FindFilterType!) {
  findScenes(scene_filter: $scenes, filter: $page) { scenes { id files { path size } } }
}`;

/** Stash's own limit of the seed is that of an unsigned number; this many are enough. */
const SEEDS = 100_000_000;

/**
 * Some scenes that have a file, in one request. Stash orders by a hash of seed and id, so that the same seed gives the same scenes.
 *
 * @throws StashError
 */
export async function randomScenes(
  { seed, count }: { seed: number; count: number },
  ask: (document: string, variables: object) => Promise<GraphqlAnswer>,
): Promise<SceneFiles[]> {
  const scenes = { file_count: { value: 0, modifier: 'GREATER_THAN' } };
  const page = {
    sort: `random_${Math.abs(Math.trunc(seed)) % SEEDS}`,
    direction: 'ASC',
    page: 1,
    per_page: count,
  };
  const found = sceneFilesOf(await ask(QUERY, { scenes, page }));
  return found.filter(({ files }) => files.length > 0);
}
