import type { Logger } from '../log/logger.ts';
import type { JobStore } from '../queue/JobStore.ts';
import type { PlexHealth } from '../resilience/checkPlexHealth.ts';
import type { Reliability } from './Reliability.ts';

/** What the recovery check needs. */
export interface RecoveryCheck {
  reliability: Pick<Reliability, 'breaker' | 'recovery'>;
  jobs: JobStore;
  log: Logger;
  /** One question to Plex; undefined when it cannot be asked as things are. */
  probe: () => Promise<PlexHealth | undefined>;
}

/**
 * At the start of every task and drainer: while the circuit is not closed, asks Plex whether it is back, at most
 * every 5 s over all processes. A closed circuit costs one look at its file. Never throws.
 */
export async function maybeCheckRecovery(check: RecoveryCheck): Promise<void> {
  const { reliability, probe, log } = check;
  try {
    const state = await reliability.breaker.state();
    if (!(await reliability.recovery.shouldCheckRecovery(state))) return;
    const health = await probe();
    if (health) await recordHealth(health, check);
  } catch (error) {
    log.debug(`Recovery check failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Hands a probe's result to the recovery scheduler, the only one that moves the circuit because of probes. */
export async function recordHealth(
  { healthy, latencyMs }: PlexHealth,
  { reliability: { breaker, recovery }, jobs, log }: Omit<RecoveryCheck, 'probe'>,
): Promise<void> {
  await recovery.recordHealthCheck(healthy, latencyMs, breaker);
  if (!healthy || (await breaker.state()) !== 'closed') return;
  const { due, waiting, running } = jobs.counts();
  const pending = due + waiting + running;
  if (pending > 0) log.info(`Queue will drain automatically (${pending} jobs pending)`);
}
