import type { Reliability } from '../drain/Reliability.ts';
import type { Logger } from '../log/logger.ts';
import type { PlexHealth } from '../resilience/checkPlexHealth.ts';
import { formatDuration } from '../resilience/formatDuration.ts';
import type { PlexAccess } from '../scene/checkPlexAccess.ts';
import type { Clock } from '../time/clock.ts';
import { type Task, TaskError } from './Task.ts';

/**
 * Task "Health Check": the circuit, whether Plex can be reached, whether token and libraries are of use (W41), and what waits. Only
 * reports; the recovery check before every task is what may close a circuit.
 */
export const handleHealthCheck: Task = async ({ log, clock, jobs, reliability, session }) => {
  log.info('=== Plex Health Check ===');
  const circuit = await reportCircuit(reliability, log, clock);
  const health = await session.probe();
  // The settings changed this very moment.
  if (!health)
    throw new TaskError('Plex cannot be asked with the settings as they are now; run the task again.');
  reportReach(health, log);
  const access = health.healthy ? await session.checkAccess() : undefined;
  if (access) reportAccess(access, log);
  const { due, waiting, running } = jobs.counts();
  const queued = due + waiting + running;
  log.info(queued > 0 ? `Queue: ${queued} jobs pending` : 'Queue is empty');
  if (circuit === 'open' && queued > 0) log.warn(`Circuit is OPEN: ${queued} jobs wait until Plex is back.`);
  log.info('=== Health Check Complete ===');
  log.progress(1);
  return {
    summary: summaryOf(health, access),
    healthy: health.healthy,
    latencyMs: Math.round(health.latencyMs),
    token: access?.token ?? 'unknown',
    libraries: access?.libraries ?? [],
    ...(access?.problem ? { problem: access.problem } : {}),
    circuit,
    queued,
  };
};

async function reportCircuit({ breaker }: Reliability, log: Logger, clock: Clock): Promise<string> {
  const condition = await breaker.condition();
  const { state, openedAtSecs } = await breaker.snapshot();
  const remark = { missing: ' (no state file)', damaged: ' (corrupted state file)', sound: '' }[condition];
  const word = condition === 'damaged' ? 'UNKNOWN' : state.toUpperCase();
  // A file that appeared since then is nothing to remark.
  log.info(`Circuit Breaker State: ${word}${state === 'closed' ? remark : ''}`);
  if (state === 'open' && openedAtSecs !== null) {
    log.info(`Circuit opened ${formatDuration(clock.now() / 1000 - openedAtSecs)} ago`);
  }
  return condition === 'damaged' ? 'unknown' : state;
}

function reportReach({ healthy, latencyMs, error }: PlexHealth, log: Logger): void {
  if (healthy) {
    log.info(`Plex is HEALTHY (responded in ${latencyMs.toFixed(0)}ms)`);
    return;
  }
  log.warn('Plex is UNREACHABLE');
  if (error) log.info(error);
  log.info('Verify Plex URL and network connectivity');
}

const TOKEN_WORDS: Readonly<Record<PlexAccess['token'], string>> = {
  accepted: 'accepted',
  limited: "accepted, but not the owner's",
  refused: 'refused',
  unknown: 'unknown',
};

function reportAccess({ token, libraries, problem }: PlexAccess, log: Logger): void {
  log.info(`Token: ${TOKEN_WORDS[token]}`);
  if (libraries.length > 0) log.info(`Libraries: ${libraries.join(', ')}`);
  if (problem) log.warn(problem);
}

function summaryOf({ healthy, latencyMs, error }: PlexHealth, access: PlexAccess | undefined): string {
  if (!healthy) return `Plex is UNREACHABLE. ${error ?? ''}`.trim();
  const reached = `Plex is HEALTHY (responded in ${latencyMs.toFixed(0)}ms)`;
  return access?.problem ? `${reached}, but cannot be used: ${access.problem}` : `${reached}.`;
}
