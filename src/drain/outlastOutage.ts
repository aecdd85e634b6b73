import { probeDelaySecs } from '../resilience/probePace.ts';
import type { Clock } from '../time/clock.ts';
import { type RecoveryCheck, recordHealth } from './maybeCheckRecovery.ts';

/** What waiting for Plex needs. */
export interface OutageWait extends RecoveryCheck {
  clock: Clock;
  random: () => number;
  /** Whether somebody else is to wait from here on. */
  isOver?: () => boolean;
}

/** Nothing asks Plex more often than this, whatever the circuit's times say. */
const SHORTEST_PAUSE_MS = 1_000;

/**
 * Waits while the circuit is open, asking Plex at 5 s growing to 60 s, and at the moment when the circuit may be tried again: so
 * the queue drains within 65 s of Plex's return. The probe itself never touches the circuit; its result goes to the
 * recovery scheduler. Returns when the circuit is closed, or when a pass has something to say first.
 *
 * While only one operation fails, Plex answers every such question, and nobody learns anything by it: the operation itself is tried,
 * by the next job, as soon as the circuit allows it.
 */
export async function outlastOutage(wait: OutageWait): Promise<void> {
  const { clock, random, log, probe } = wait;
  const { breaker } = wait.reliability;
  let failures = 0;
  let delaySecs = probeDelaySecs(failures, random);
  for (;;) {
    const { state, operation } = await breaker.snapshot();
    // A task may close it as well, or the user correct the address.
    if (state === 'closed' || (state === 'half_open' && operation !== null)) return;
    const untilTrialSecs = await breaker.secsUntilTrial();
    const pauseSecs = operation === null ? Math.min(delaySecs, untilTrialSecs) : untilTrialSecs;
    await clock.sleep(Math.max(pauseSecs * 1000, SHORTEST_PAUSE_MS));
    if (wait.isOver?.()) return;
    const health = await probe();
    if (!health) return;
    failures = health.healthy ? 0 : failures + 1;
    delaySecs = probeDelaySecs(failures, random);
    if (health.healthy)
      log.info(`Plex health check passed (${Math.round(health.latencyMs)}ms), recovery possible`);
    else log.debug(`Plex health check failed (attempt #${failures}), next check in ${delaySecs.toFixed(1)}s`);
    await recordHealth(health, wait);
  }
}
