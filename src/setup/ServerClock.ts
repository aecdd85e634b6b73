import type { Clock } from '../time/clock.ts';

/** How a server's clock compares with this machine's. */
export interface ServerClock {
  /** Above 0 when the server's is ahead. */
  offsetMs: number;
  /** The truth lies within so much of it: half of the way there and back, and half of the second that servers round to. */
  toleranceMs: number;
}

const HALF_A_SECOND_MS = 500;

/**
 * Asks a server for something, and compares the time of day in its answer with the middle of the time that it took.
 *
 * @param ask gives the server's time in whole seconds, undefined where it tells none.
 */
export async function timed<T extends { dateMs: number | undefined }>(
  clock: Clock,
  ask: () => Promise<T>,
): Promise<{ answer: T; latencyMs: number; serverClock: ServerClock | undefined }> {
  const sentAtMs = clock.now();
  const startedMs = clock.monotonic();
  const answer = await ask();
  const latencyMs = clock.monotonic() - startedMs;
  if (answer.dateMs === undefined) return { answer, latencyMs, serverClock: undefined };
  const offsetMs = answer.dateMs + HALF_A_SECOND_MS - (sentAtMs + latencyMs / 2);
  return { answer, latencyMs, serverClock: { offsetMs, toleranceMs: latencyMs / 2 + HALF_A_SECOND_MS } };
}
