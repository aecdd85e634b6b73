import { formatDuration } from '../resilience/formatDuration.ts';
import type { ServerClock } from './ServerClock.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

/** So far apart clocks may be: times of events are compared with a longer margin than that. */
const MOST_MS = 60_000;
const lines = linesOf('Clocks');

/** Compares the clocks of both servers with this machine's. @param clocks `untold`: the server answers without its time */
export function checkClocks(
  clocks: Readonly<Record<'Stash' | 'Plex', ServerClock | 'untold' | undefined>>,
): SetupLine[] {
  return (['Stash', 'Plex'] as const).flatMap((server) => {
    const clock = clocks[server];
    if (clock === undefined) return [];
    if (clock === 'untold') return [lines.info(server, 'does not tell its time')];
    const { offsetMs, toleranceMs } = clock;
    if (Math.abs(offsetMs) - toleranceMs <= MOST_MS) return [lines.ok(server, "agrees with this machine's")];
    const apart = formatDuration(Math.abs(offsetMs) / 1000);
    const side = offsetMs > 0 ? 'ahead of' : 'behind';
    return [lines.warning(server, `The clock of ${server} is ${apart} ${side} this machine's.`, 'clock')];
  });
}
