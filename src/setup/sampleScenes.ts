import type { FolderPair } from '../config/settingsTable.ts';
import { createPathMap, type PathMap } from '../plex/pathMap.ts';
import type { SceneFiles } from '../stash/scenesByFileName.ts';
import { type LookedUpScene, type LookUpContext, lookUpScenes } from './lookUpScenes.ts';
import { matchScene, type SceneCandidates, type SceneMatch } from './matchScene.ts';
import { FOUND_BY_PROPOSAL, missReason } from './missReason.ts';
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

const MOST_EXAMPLES = 3;

/**
 * Looks scenes up in Plex, and tries on them what map would match more.
 *
 * @throws PlexError
 */
export async function sampleScenes(
  scenes: readonly SceneFiles[],
  settings: SampleSettings,
  context: Omit<LookUpContext, 'map'> & {
    /** Rating keys of the items that the user has chosen for a scene. */
    chosenFor: (sceneId: number) => readonly string[];
  },
  onScene: (share: number) => void,
): Promise<SampleFindings> {
  const { path_map: present, strict_matching: isStrict } = settings;
  const map = createPathMap(present);
  const looked = await lookUpScenes(scenes, { ...context, map }, onScene);
  const candidates = looked.map((each) => candidatesOf(each, context.chosenFor(each.scene.id)));
  const matchesBy = (by: PathMap) => candidates.map((each) => matchScene(each, by, isStrict));
  const matches = matchesBy(map);
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
    misses: missesOf(looked, matches, { after: matchesBy(then), then, synced: context.synced }),
  };
}

/** As a sync does it, what the user has chosen stands for all that may be meant. */
function candidatesOf(
  { scene: { files }, items }: LookedUpScene,
  chosen: readonly string[],
): SceneCandidates {
  const meant = items.filter(({ ratingKey }) => chosen.includes(ratingKey));
  return meant.length > 0 ? { files, items: meant, isChosen: true } : { files, items };
}

/** Scenes without an item, those first that no map would find. */
function missesOf(
  looked: readonly LookedUpScene[],
  before: readonly SceneMatch[],
  { after, then, synced }: { after: readonly SceneMatch[]; then: PathMap; synced: LookUpContext['synced'] },
): SampleFindings['misses'] {
  const misses = looked.flatMap((scene, index) => {
    const [file] = scene.scene.files;
    const reason = missReason(scene, before[index] as SceneMatch, { map: then, synced });
    if (!file || reason === undefined) return [];
    const isFixed = 'found' in (after[index] as SceneMatch);
    const miss = {
      sceneId: scene.scene.id,
      stashPath: file.path,
      reason: isFixed ? FOUND_BY_PROPOSAL : reason,
    };
    return [{ miss, isFixed }];
  });
  const sorted = [...misses.filter(({ isFixed }) => !isFixed), ...misses.filter(({ isFixed }) => isFixed)];
  return sorted.map(({ miss }) => miss);
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
