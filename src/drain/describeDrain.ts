import { describeHeld, totalHeld } from '../scene/gates/GateCounts.ts';
import type { DrainFigures } from './DrainResult.ts';

/** One line about a drain; undefined when nothing happened. */
export function describeDrain({
  synced,
  unchanged,
  skipped,
  shared,
  retried,
  buried,
  heldBack,
}: DrainFigures): string | undefined {
  const parts = [
    [synced, `synced${unchanged > 0 ? ` (${unchanged} were right already)` : ''}`],
    [skipped, 'without anything to sync'],
    [shared, "left alone because their Plex item is another scene's"],
    [totalHeld(heldBack), `held back by gates (${describeHeld(heldBack)})`],
    [retried, 'to be tried again'],
    [buried, 'given up'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length > 0 ? `Scenes: ${told.join(', ')}.` : undefined;
}
