import type { FolderPair } from '../config/settingsTable.ts';
import { createPathMap, type PathMap } from '../plex/pathMap.ts';
import type { SceneFiles } from '../stash/scenesByFileName.ts';
import { type LookedUpScene, type LookUpContext, lookUpScenes } from './lookUpScenes.ts';
import { matchScene, type SceneMatch } from './matchScene.ts';
import { missReason } from './missReason.ts';
import { type PathMapProposal, pathMapText, proposePathMap } from './proposePathMap.ts';

/** How a sample of scenes finds its items, and what map would find more. */
export interface SampleFindings {
  scenesTried: number;
  /** Scenes that were drawn and left out, so that Plex is not asked too much. */
  leftOut: number;
  matched: Record<SceneMatch['kind'], number>;
  /** The value for `path_map`; empty when no other one would match more. */
  proposal: string;
  /** Scenes that would be found by it and are not now, and those found by their whole path and not by their names alone. */
  fixed: number;
  surer: number;
  pairs: (FolderPair & { scenes: number })[];
  examples: PathExample[];
  misses: { sceneId: number; stashPath: string; reason: string }[];
}

/** A scene of the sample, before and after. */
export interface PathExample {
  sceneId: number;
  stashPath: string;
  /** Where Plex is expected to have it, by the present map and by the proposed one. */
  expectedNow: string;
  expectedThen: string;
  plexPath: string;
  ratingKey: string;
}

/** What sampling needs of the settings. */
interface SampleSettings {
  path_map: readonly FolderPair[];
  strict_matching: boolean;
}

const MOST_EXAMPLES = 5;

/**
 * Looks scenes up in Plex, and tries on them what map would match more.
 *
 * @throws PlexError
 */
export async function sampleScenes(
  scenes: readonly SceneFiles[],
  settings: SampleSettings,
  context: Omit<LookUpContext, 'map'>,
  onScene: (share: number) => void,
): Promise<SampleFindings> {
  const { path_map: present, strict_matching: isStrict } = settings;
  const map = createPathMap(present);
  const looked = await lookUpScenes(scenes, { ...context, map }, onScene);
  const candidates = looked.map(({ scene: { files }, items }) => ({ files, items }));
  const matches = candidates.map((each) => matchScene(each, map, isStrict));
  const matched = { path: 0, name: 0, ambiguous: 0, none: 0 };
  for (const { kind } of matches) matched[kind] += 1;
  const proposed = proposePathMap(candidates, present, isStrict);
  const isAny = proposed.added.length > 0;
  const then = createPathMap(proposed.entries);
  return {
    scenesTried: looked.length,
    leftOut: scenes.length - looked.length,
    matched,
    proposal: isAny ? pathMapText(proposed.entries) : '',
    ...figuresOf(proposed),
    pairs: [...proposed.added],
    examples: isAny ? examplesOf(looked, matches, { map, then, isStrict }) : [],
    misses: looked.flatMap((scene, index) => {
      const reason = missReason(scene, matches[index] as SceneMatch, { map: then, synced: context.synced });
      const [file] = scene.scene.files;
      return reason && file ? [{ sceneId: scene.scene.id, stashPath: file.path, reason }] : [];
    }),
  };
}

function figuresOf({ fixed, surer }: PathMapProposal): { fixed: number; surer: number } {
  return { fixed, surer };
}

function examplesOf(
  looked: readonly LookedUpScene[],
  before: readonly SceneMatch[],
  { map, then, isStrict }: { map: PathMap; then: PathMap; isStrict: boolean },
): PathExample[] {
  const examples: PathExample[] = [];
  for (const [index, { scene, items }] of looked.entries()) {
    if (before[index]?.kind === 'path') continue;
    const after = matchScene({ files: scene.files, items }, then, isStrict);
    if (after.kind !== 'path') continue;
    const { wanted, path, item } = after.found;
    examples.push({
      sceneId: scene.id,
      stashPath: wanted.path,
      expectedNow: map.stashToPlex(wanted.path) ?? wanted.path,
      expectedThen: then.stashToPlex(wanted.path) ?? wanted.path,
      plexPath: path,
      ratingKey: item.ratingKey,
    });
    if (examples.length === MOST_EXAMPLES) break;
  }
  return examples;
}
