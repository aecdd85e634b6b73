import * as z from 'zod/mini';

const named = z.object({ name: z.nullish(z.string()) });

/** One `Scene` of Stash's GraphQL answer, as far as Plex is concerned. */
const sceneSchema = z.object({
  id: z.string(),
  title: z.nullish(z.string()),
  details: z.nullish(z.string()),
  date: z.nullish(z.string()),
  rating100: z.nullish(z.number()),
  updated_at: z.nullish(z.string()),
  files: z.nullish(
    z.array(z.object({ path: z.string(), size: z.nullish(z.number()), duration: z.nullish(z.number()) })),
  ),
  paths: z.nullish(z.object({ screenshot: z.nullish(z.string()) })),
  studio: z.nullish(named),
  performers: z.nullish(z.array(named)),
  tags: z.nullish(z.array(named)),
});

/** A video file of a scene, primary file first in its list. */
export interface SceneFile {
  /** Absolute, as Stash sees it. */
  path: string;
  sizeBytes?: number;
}

/** A scene as it is in Stash now. Null and empty mean: Stash has nothing there. */
export interface Scene {
  id: number;
  title: string | null;
  details: string | null;
  /** `YYYY-MM-DD`, or partial since Stash 0.30. */
  date: string | null;
  rating100: number | null;
  studio: string | null;
  performers: string[];
  tags: string[];
  files: SceneFile[];
  /** Address of the screenshot as Stash gives it; a placeholder may be behind it. */
  screenshotUrl: string | null;
  updatedAt: string | null;
}

/** The selection that {@link decodeScene} needs; the same complete one for every purpose (W-45). */
export const SCENE_FIELDS = `fragment SceneFields on Scene {
  id title details date rating100 updated_at
  files { path size duration }
  paths { screenshot }
  studio { name }
  performers { name }
  tags { name }
}`;

/**
 * Turns one GraphQL scene into a {@link Scene}: `""` and a missing member both mean nothing.
 *
 * @throws ZodError when the answer has another shape.
 */
export function decodeScene(answer: unknown): Scene {
  const scene = sceneSchema.parse(answer);
  return {
    id: Number(scene.id),
    title: scene.title || null,
    details: scene.details || null,
    date: scene.date || null,
    rating100: scene.rating100 ?? null,
    studio: scene.studio?.name || null,
    performers: names(scene.performers),
    tags: names(scene.tags),
    files: (scene.files ?? []).map(({ path, size }) => ({ path, ...(size ? { sizeBytes: size } : {}) })),
    screenshotUrl: scene.paths?.screenshot || null,
    updatedAt: scene.updated_at ?? null,
  };
}

function names(list: { name?: string | null | undefined }[] | null | undefined): string[] {
  return (list ?? []).flatMap(({ name }) => (name ? [name] : []));
}
