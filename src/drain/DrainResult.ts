import type { Obstacle } from '../failures/Obstacle.ts';
import { addHeld, type GateCounts, totalHeld } from '../scene/gates/GateCounts.ts';

/** What a drain did, by how each job ended, and what stopped it before nothing was due. */
export interface DrainResult {
  synced: number;
  /** Among the synced: items that were right already. */
  unchanged: number;
  skipped: number;
  /** Their items are other scenes' (A2): not written, not tried again. */
  shared: number;
  retried: number;
  buried: number;
  /** Held back, by gate; left out while nobody is. */
  heldBack?: GateCounts;
  obstacle?: Obstacle;
}

/** What passes did, summed up. */
export type DrainFigures = Omit<DrainResult, 'obstacle'>;

/** A drain in which nothing happened. */
export const NOTHING_DONE: DrainFigures = {
  synced: 0,
  unchanged: 0,
  skipped: 0,
  shared: 0,
  retried: 0,
  buried: 0,
};

/** The sum of two drains. */
export function addDrains(left: DrainFigures, right: DrainFigures): DrainFigures {
  const heldBack = addHeld(left.heldBack, right.heldBack);
  return {
    synced: left.synced + right.synced,
    unchanged: left.unchanged + right.unchanged,
    skipped: left.skipped + right.skipped,
    shared: left.shared + right.shared,
    retried: left.retried + right.retried,
    buried: left.buried + right.buried,
    ...(heldBack ? { heldBack } : {}),
  };
}

/** Scenes that came to an end of any kind, or will be tried again. */
export function countDone({ synced, skipped, shared, retried, buried, heldBack }: DrainFigures): number {
  return synced + skipped + shared + retried + buried + totalHeld(heldBack);
}
