import * as z from 'zod/mini';
import type { SceneExtra, SceneGroup } from './SceneExtra.ts';

const named = z.object({ id: z.optional(z.string()), name: z.nullish(z.string()) });
/** The chain of studios is as deep as it was asked for. */
const studioSchema = z.object({
  id: z.optional(z.string()),
  name: z.nullish(z.string()),
  get parent_studio() {
    return z.nullish(studioSchema);
  },
});

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
  studio: z.nullish(studioSchema),
  performers: z.nullish(z.array(z.extend(named, { tags: z.nullish(z.array(named)) }))),
  tags: z.nullish(z.array(named)),
  organized: z.nullish(z.boolean()),
  stash_ids: z.nullish(z.array(z.object({ endpoint: z.string() }))),
  code: z.nullish(z.string()),
  director: z.nullish(z.string()),
  groups: z.nullish(z.array(z.object({ scene_index: z.nullish(z.number()), group: z.nullish(named) }))),
});

/** A video file of a scene, primary file first in its list. */
export interface SceneFile {
  /** Absolute, as Stash sees it. */
  path: string;
  sizeBytes?: number;
}

/**
 * A scene as it is in Stash now. Null and empty mean: Stash has nothing there. A member that is not there was not asked for, and says
 * nothing.
 */
export interface Scene extends SceneExtras {
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

/** What is read of a scene only where it is asked for; see {@link SceneExtra}. */
export interface SceneExtras {
  code?: string | null;
  director?: string | null;
  /** In Stash's order. */
  groups?: SceneGroup[];
  /** Names of the studios above the scene's own, the nearest first. */
  parentStudios?: string[];
  /** Names of the tags of its performers, each once. */
  performerTags?: string[];
  organized?: boolean;
  /** Addresses of the stash-boxes that the scene is linked to. */
  endpoints?: string[];
  tagIds?: number[];
  /** Null: it has no studio. */
  studioId?: number | null;
}

/**
 * Turns one GraphQL scene into a {@link Scene}: `""` and a missing member both mean nothing.
 *
 * @param extras what was asked for beside the rest.
 * @throws ZodError when the answer has another shape.
 */
export function decodeScene(answer: unknown, extras: readonly SceneExtra[] = []): Scene {
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
    ...Object.fromEntries(extras.map((extra) => [extra, EXTRAS[extra](scene)])),
  };
}

type SceneAnswer = z.infer<typeof sceneSchema>;

const EXTRAS: { [Extra in SceneExtra]: (scene: SceneAnswer) => SceneExtras[Extra] } = {
  code: ({ code }) => code || null,
  director: ({ director }) => director || null,
  groups: ({ groups }) =>
    (groups ?? []).flatMap(({ group, scene_index: index }) =>
      group?.name ? [{ name: group.name, index: index ?? null }] : [],
    ),
  parentStudios({ studio }) {
    const parents: string[] = [];
    for (let next = studio?.parent_studio; next; next = next.parent_studio) parents.push(...names([next]));
    return parents;
  },
  organized: ({ organized }) => organized ?? false,
  endpoints: ({ stash_ids: links }) => (links ?? []).map(({ endpoint }) => endpoint),
  tagIds: ({ tags }) => (tags ?? []).map(({ id }) => Number(id)),
  studioId: ({ studio }) => (studio?.id === undefined ? null : Number(studio.id)),
  performerTags: ({ performers }) => [...new Set((performers ?? []).flatMap(({ tags }) => names(tags)))],
};

function names(list: { name?: string | null | undefined }[] | null | undefined): string[] {
  return (list ?? []).flatMap(({ name }) => (name ? [name] : []));
}
