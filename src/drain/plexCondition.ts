import type { Obstacle } from '../failures/Obstacle.ts';
import { certainObstacle } from '../failures/obstacles.ts';
import { PlexError } from '../plex/PlexError.ts';
import { checkPlexHealth } from '../resilience/checkPlexHealth.ts';
import { formatDuration } from '../resilience/formatDuration.ts';
import type { WorkContext } from './WorkContext.ts';

/** What the end of something tells about Plex. */
export type PlexCondition = 'answered' | 'failed' | 'unknown';

/** What an error of no single scene tells about Plex; trouble with Stash or with our own files tells nothing (W7). */
export function plexConditionOf(error: unknown): PlexCondition {
  if (!(error instanceof PlexError)) return 'unknown';
  switch (error.kind) {
    case 'unavailable':
    case 'serverError':
      return 'failed';
    // It answered properly, which ends a run of failures whatever the answer was (W34).
    case 'unauthorized':
    case 'notFound':
    case 'rejected':
      return 'answered';
    // A redirect or a certificate: perhaps not even Plex.
    case 'misconfigured':
      return 'unknown';
  }
}

/**
 * Tells the circuit breaker what an error means for it that concerns no single scene. Whether Plex is away as a whole, or fails at this
 * one thing only, is asked where the error does not say.
 */
export async function notePlexCondition(
  error: unknown,
  { reliability, plex, clock }: Pick<WorkContext, 'reliability' | 'plex' | 'clock'>,
): Promise<void> {
  const { breaker, pace, operations } = reliability;
  switch (plexConditionOf(error)) {
    case 'failed': {
      const isAway = certainObstacle(error) !== undefined || !(await checkPlexHealth(plex, clock)).healthy;
      await breaker.recordFailure(isAway ? undefined : operations.operationOf(error));
      return;
    }
    case 'answered':
      if (await breaker.recordSuccess()) await pace.recovered();
      return;
    case 'unknown':
      breaker.releaseTrial();
  }
}

/** What stands in the way while the circuit is open. */
export async function circuitOpened({
  reliability,
  clock,
}: Pick<WorkContext, 'reliability' | 'clock'>): Promise<Obstacle> {
  const { firstFailureAtSecs, openedAtSecs, operation } = await reliability.breaker.snapshot();
  const since = firstFailureAtSecs ?? openedAtSecs ?? clock.now() / 1000;
  const duration = formatDuration(clock.now() / 1000 - since);
  const what = operation === 'edit' ? 'has taken no edit' : 'has not answered properly';
  return { kind: 'plexDown', message: `Plex ${what} for ${duration}.` };
}
