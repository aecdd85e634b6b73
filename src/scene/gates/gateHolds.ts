import type { Scene } from '../../stash/Scene.ts';
import { GATES, type Gate, type GateHold } from './Gate.ts';
import { boxKey, type GateRules } from './GateRules.ts';
import type { PathTest } from './pathGlob.ts';

/** What a gate looks at. */
export type GatedScene = Pick<
  Scene,
  'files' | 'rating100' | 'organized' | 'endpoints' | 'tagIds' | 'studioId'
>;

/** The first gate that holds a scene back; undefined: it may be synced. */
export function gateHold(scene: GatedScene, rules: GateRules): GateHold | undefined {
  for (const gate of GATES) {
    const reason = PREDICATES[gate](scene, rules);
    if (reason !== undefined) return { gate, reason };
  }
  return undefined;
}

/** Every gate that holds a scene back. */
export function gateHolds(scene: GatedScene, rules: GateRules): GateHold[] {
  return GATES.flatMap((gate) => {
    const reason = PREDICATES[gate](scene, rules);
    return reason === undefined ? [] : [{ gate, reason }];
  });
}

/** Why a gate holds a scene back; undefined when it does not, or is open. */
type Predicate = (scene: GatedScene, rules: GateRules) => string | undefined;

const PREDICATES: Readonly<Record<Gate, Predicate>> = {
  organized: (scene, { organized }) =>
    organized && !scene.organized ? 'it is not marked as organized (setting gate_organized)' : undefined,
  stash_id({ endpoints = [] }, { stash_id: rule }) {
    if (rule === undefined || endpoints.some((endpoint) => rule === 'any' || rule.has(boxKey(endpoint)))) {
      return undefined;
    }
    return endpoints.length === 0
      ? 'it has no stash-id (setting gate_stash_id)'
      : 'it has no stash-id of a stash-box that the setting gate_stash_id names';
  },
  include_tags: ({ tagIds }, { include_tags: tags }) =>
    tags && !hasAny(tagIds, tags) ? 'it has no tag that the setting gate_include_tags names' : undefined,
  exclude_tags: ({ tagIds }, { exclude_tags: tags }) =>
    tags && hasAny(tagIds, tags) ? 'it has a tag that the setting gate_exclude_tags names' : undefined,
  include_studios: ({ studioId }, { include_studios: studios }) =>
    studios && !hasAny(listOf(studioId), studios)
      ? 'it is of no studio that the setting gate_include_studios names'
      : undefined,
  exclude_studios: ({ studioId }, { exclude_studios: studios }) =>
    studios && hasAny(listOf(studioId), studios)
      ? 'it is of a studio that the setting gate_exclude_studios names'
      : undefined,
  // Without a file there is no place to judge, and nothing to sync either.
  include_paths: ({ files }, { include_paths: tests }) =>
    tests && files.length > 0 && !isAnyAt(files, tests)
      ? 'no file of it is in a place that the setting gate_include_paths names'
      : undefined,
  exclude_paths: ({ files }, { exclude_paths: tests }) =>
    tests && isAnyAt(files, tests)
      ? 'a file of it is in a place that the setting gate_exclude_paths names'
      : undefined,
  min_rating({ rating100 }, { min_rating: minimum }) {
    if (minimum === undefined || (rating100 ?? 0) >= minimum) return undefined;
    return rating100 === null
      ? `it is not rated, and the setting gate_min_rating asks for ${minimum}`
      : `it is rated ${rating100}, and the setting gate_min_rating asks for ${minimum}`;
  },
};

function hasAny(own: readonly number[] = [], wanted: ReadonlySet<number>): boolean {
  return own.some((id) => wanted.has(id));
}

function listOf(id: number | null | undefined): number[] {
  return typeof id === 'number' ? [id] : [];
}

function isAnyAt(files: Scene['files'], tests: readonly PathTest[]): boolean {
  return files.some(({ path }) => tests.some((test) => test(path)));
}
