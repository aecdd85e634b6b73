/** Ways in which Plex lacks something of a scene, under the names of the state file; in the order in which they are looked for. */
export const GAP_TYPES = ['empty_metadata', 'stale_sync', 'missing'] as const;

export type GapType = (typeof GAP_TYPES)[number];

/** A scene that Plex does not show as it should. */
export interface Gap {
  sceneId: number;
  type: GapType;
  /** Half a sentence for the log. */
  reason: string;
  /** What exactly is to be done: as long as it is the same, nothing has changed since the last try. */
  key: string;
  /** Plex has no item for the scene: nothing but a scan in Plex can help. */
  isNotInPlex: boolean;
}

/** The one gap of a scene with several items (W-62): the first, which is over when all are. */
export function combineGaps(gaps: readonly Gap[]): Gap | undefined {
  const [first, ...others] = gaps;
  if (!first || others.length === 0) return first;
  return { ...first, key: JSON.stringify(gaps.map(({ key }) => key)) };
}

/** How many scenes have a gap, by its type; a scene counts once (W-62). */
export type GapCounts = Record<GapType, number>;

export const NO_GAPS: GapCounts = { empty_metadata: 0, stale_sync: 0, missing: 0 };

/** The sum over all types. */
export function totalOf(counts: GapCounts): number {
  return GAP_TYPES.reduce((sum, type) => sum + counts[type], 0);
}
