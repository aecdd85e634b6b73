import type { DrainResult } from './drainDue.ts';

/** What passes did, summed up. */
export type DrainFigures = Omit<DrainResult, 'obstacle'>;

/** A drain in which nothing happened. */
export const NOTHING_DONE: DrainFigures = { synced: 0, unchanged: 0, skipped: 0, retried: 0, buried: 0 };

/** The sum of two drains. */
export function addDrains(left: DrainFigures, right: DrainFigures): DrainFigures {
  return {
    synced: left.synced + right.synced,
    unchanged: left.unchanged + right.unchanged,
    skipped: left.skipped + right.skipped,
    retried: left.retried + right.retried,
    buried: left.buried + right.buried,
  };
}

/** One line about a drain; undefined when nothing happened. */
export function describeDrain({
  synced,
  unchanged,
  skipped,
  retried,
  buried,
}: DrainFigures): string | undefined {
  const parts = [
    [synced, `synced${unchanged > 0 ? ` (${unchanged} were right already)` : ''}`],
    [skipped, 'without anything to sync'],
    [retried, 'to be tried again'],
    [buried, 'given up'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length > 0 ? `Scenes: ${told.join(', ')}.` : undefined;
}
