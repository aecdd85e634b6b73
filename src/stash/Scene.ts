import * as z from 'zod/mini';

const named = z.object({ id: z.optional(z.string()), name: z.nullish(z.string()) });

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
  organized: z.nullish(z.boolean()),
  stash_ids: z.nullish(z.array(z.object({ endpoint: z.string() }))),
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
  /** What else was asked for; left out where it was not. */
  facts?: SceneFacts;
}

/** What gates go by and a sync does not write. */
export interface SceneFacts {
  organized?: boolean;
  /** Addresses of the stash-boxes that the scene is linked to. */
  endpoints?: string[];
  tagIds?: number[];
  /** Null: it has no studio. */
  studioId?: number | null;
}

export type SceneFact = keyof SceneFacts;

/** The selection that {@link decodeScene} needs; the same complete one for every purpose (W-45). */
export const SCENE_FIELDS = `fragment SceneFields on Scene {
  id title details date rating100 updated_at
  files { path size duration }
  paths { screenshot }
  studio { name }
  performers { name }
  tags { name }
}`;

const FACT_FIELDS: Readonly<Record<SceneFact, string>> = {
  organized: 'organized',
  endpoints: 'stash_ids { endpoint }',
  tagIds: 'tags { id }',
  studioId: 'studio { id }',
};

/** The fragment {@link SCENE_FIELDS} with these facts as well; without any it is the very same. */
export function sceneFields(facts: readonly SceneFact[]): string {
  if (facts.length === 0) return SCENE_FIELDS;
  return SCENE_FIELDS.replace(/\}$/, `  ${facts.map((fact) => FACT_FIELDS[fact]).join(' ')}\n}`);
}

/**
 * Turns one GraphQL scene into a {@link Scene}: `""` and a missing member both mean nothing.
 *
 * @param facts those that were asked for.
 * @throws ZodError when the answer has another shape.
 */
export function decodeScene(answer: unknown, facts: readonly SceneFact[] = []): Scene {
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
    ...(facts.length > 0 ? { facts: factsOf(scene, facts) } : {}),
  };
}

function factsOf(
  { organized, stash_ids, tags, studio }: z.infer<typeof sceneSchema>,
  facts: readonly SceneFact[],
): SceneFacts {
  const all: Required<SceneFacts> = {
    organized: organized ?? false,
    endpoints: (stash_ids ?? []).map(({ endpoint }) => endpoint),
    tagIds: (tags ?? []).map(({ id }) => Number(id)),
    studioId: studio?.id === undefined ? null : Number(studio.id),
  };
  return Object.fromEntries(facts.map((fact) => [fact, all[fact]]));
}

function names(list: { name?: string | null | undefined }[] | null | undefined): string[] {
  return (list ?? []).flatMap(({ name }) => (name ? [name] : []));
}
