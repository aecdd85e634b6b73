/**
 * What may hold a scene back from being synced, each switched on by settings of its own (issue 12). In the order in which they are asked;
 * the first that holds a scene back is the one that is told and counted: what excludes comes before what includes.
 */
export const GATES = [
  'exclude_tags',
  'exclude_studios',
  'exclude_paths',
  'organized',
  'stash_id',
  'include_tags',
  'include_studios',
  'include_paths',
  'min_rating',
] as const;

/** A gate's short name: that of its setting without `gate_`. */
export type Gate = (typeof GATES)[number];

/** That a gate holds a scene back, and why. */
export interface GateHold {
  gate: Gate;
  /** Half a sentence about the scene for the user, `it …`; it names no path. */
  reason: string;
}

/** Who is held back by a gate, behind a number: `3 not organized`. */
export const GATE_WORDS: Readonly<Record<Gate, string>> = {
  exclude_tags: 'with an excluded tag',
  exclude_studios: 'of an excluded studio',
  exclude_paths: 'in an excluded place',
  organized: 'not organized',
  stash_id: 'without the stash-id asked for',
  include_tags: 'without an included tag',
  include_studios: 'of no included studio',
  include_paths: 'in no included place',
  min_rating: 'not rated high enough',
};
