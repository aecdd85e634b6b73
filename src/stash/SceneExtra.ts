/** What is read of scenes only where somebody needs it: each costs Stash more than the scene's own row. */
export const SCENE_EXTRAS = [
  'code',
  'director',
  'groups',
  'parentStudios',
  'performerTags',
  // What gates go by and a sync does not write.
  'organized',
  'endpoints',
  'tagIds',
  'studioId',
] as const;

export type SceneExtra = (typeof SCENE_EXTRAS)[number];

/** A group that a scene belongs to. */
export interface SceneGroup {
  name: string;
  /** The scene's number in it; null for none. */
  index: number | null;
}

/** Studios above a scene's own that are asked for; a chain that is longer is read so far. */
export const MAX_PARENT_STUDIOS = 6;

/** The selection of a scene; without extras the same one for every purpose (W-45). */
export function sceneFields(extras: readonly SceneExtra[] = []): string {
  const has = (extra: SceneExtra) => extras.includes(extra);
  const own = [
    ...(has('code') ? ['code'] : []),
    ...(has('director') ? ['director'] : []),
    ...(has('groups') ? ['groups { scene_index group { name } }'] : []),
    ...(has('organized') ? ['organized'] : []),
    ...(has('endpoints') ? ['stash_ids { endpoint }'] : []),
  ];
  return `fragment SceneFields on Scene {
  id title details date rating100 updated_at
  files { path size duration }
  paths { screenshot }
  studio { ${has('studioId') ? 'id ' : ''}name${has('parentStudios') ? parentSelection(MAX_PARENT_STUDIOS) : ''} }
  performers { name${has('performerTags') ? ' tags { name }' : ''} }
  tags { ${has('tagIds') ? 'id ' : ''}name }${own.map((field) => `\n  ${field}`).join('')}
}`;
}

/** GraphQL has no recursion: each level is asked for by itself, and costs nothing where there is none. */
function parentSelection(levels: number): string {
  return levels === 0 ? '' : ` parent_studio { name${parentSelection(levels - 1)} }`;
}
