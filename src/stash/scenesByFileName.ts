import * as z from 'zod/mini';
import type { SceneFile } from './Scene.ts';
import { StashError } from './StashError.ts';
import type { GraphqlAnswer } from './walkScenes.ts';

/** A scene's id and files. */
export interface SceneFiles {
  id: number;
  files: SceneFile[];
}

/** Names in one request: Stash compares every one with the paths of all its files. */
const NAMES_PER_REQUEST = 50;
const PAGE_SIZE = 1_000;

const QUERY = `query Stash2PlexFiles($scenes: SceneFilterType!, $page: FindFilterType!) {
  findScenes(scene_filter: $scenes, filter: $page) { scenes { id files { path size } } }
}`;

const answerSchema = z.object({
  findScenes: z.object({
    scenes: z.array(
      z.object({
        id: z.string(),
        files: z.array(z.object({ path: z.string(), size: z.nullish(z.number()) })),
      }),
    ),
  }),
});

/**
 * The scenes with a file of one of these names, in any folder, and some whose names are only similar: the caller compares.
 *
 * @throws StashError
 */
export async function scenesByFileName(
  names: readonly string[],
  ask: (document: string, variables: object) => Promise<GraphqlAnswer>,
): Promise<SceneFiles[]> {
  const found = new Map<number, SceneFiles>();
  for (let start = 0; start < names.length; start += NAMES_PER_REQUEST) {
    const scenes = filterOf(names.slice(start, start + NAMES_PER_REQUEST));
    for (let page = 1; ; page += 1) {
      const variables = { scenes, page: { page, per_page: PAGE_SIZE, sort: 'id', direction: 'ASC' } };
      const rows = sceneFilesOf(await ask(QUERY, variables));
      for (const row of rows) found.set(row.id, row);
      if (rows.length < PAGE_SIZE) break;
    }
  }
  return [...found.values()];
}

/** Any of the names. */
function filterOf(names: readonly string[]): object {
  return names.reduceRight<object>(
    (rest, name) => ({
      path: { value: patternOf(name), modifier: 'EQUALS' },
      ...(Object.keys(rest).length > 0 ? { OR: rest } : {}),
    }),
    {},
  );
}

/**
 * For Stash "equals" is SQL's `LIKE`, whose wildcards cannot be escaped. Letters beyond ASCII may be stored in another normal form.
 */
function patternOf(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
  return `%${name.replace(/[^\u0000-\u007f]+/g, '%')}`;
}

/** The scenes of an answer with their files. @throws StashError */
export function sceneFilesOf({ data, errors }: GraphqlAnswer): SceneFiles[] {
  // An error without a path is about the whole request (W-46).
  if (errors.some(({ path }) => !path) || (!data && errors.length === 0))
    throw new StashError('unavailable', 'Stash could not say whose some files are; it is asked again.');
  const parsed = answerSchema.safeParse(data);
  if (!parsed.success) {
    throw new StashError(
      'rejected',
      'Stash lists the files of its scenes in another form than Stash2Plex knows.',
      {
        cause: parsed.error,
      },
    );
  }
  return parsed.data.findScenes.scenes.map(({ id, files }) => ({
    id: Number(id),
    files: files.map(({ path, size }) => ({ path, ...(size ? { sizeBytes: size } : {}) })),
  }));
}
