import type { Clock } from '../time/clock.ts';

/** What a probe needs of Plex: one question that is answered only when Plex's database is up. Needs no token. */
export interface PlexIdentity {
  /** @param timeoutMs deadline of the whole question, connecting and repetitions included. */
  identity(timeoutMs?: number): Promise<unknown>;
}

/** Result of a probe: Plex is reachable, which says nothing about token or libraries (W41). */
export interface PlexHealth {
  healthy: boolean;
  /** Above 0 when healthy, exactly 0 otherwise. */
  latencyMs: number;
  /** Why it is not healthy, as a sentence. */
  error?: string;
}

const DEFAULT_TIMEOUT_SECS = 5;
/** An answer always took some time, also where the clock is too coarse to notice. */
const SHORTEST_LATENCY_MS = 0.001;

/** Asks Plex once whether it is there, under one deadline (W40). Never throws. */
export async function checkPlexHealth(
  client: PlexIdentity,
  clock: Clock,
  timeoutSecs = DEFAULT_TIMEOUT_SECS,
): Promise<PlexHealth> {
  const startedMs = clock.monotonic();
  try {
    await client.identity(timeoutSecs * 1000);
  } catch (error) {
    return { healthy: false, latencyMs: 0, error: error instanceof Error ? error.message : String(error) };
  }
  return { healthy: true, latencyMs: Math.max(clock.monotonic() - startedMs, SHORTEST_LATENCY_MS) };
}
