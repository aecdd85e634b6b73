import { SyncError } from '../failures/SyncError.ts';
import type { Obstacle } from '../failures/verdict.ts';
import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import { formatDuration } from '../resilience/formatDuration.ts';
import type { WorkContext } from './WorkContext.ts';

/** What the end of an attempt tells about Plex. */
export type PlexCondition = 'answered' | 'failed' | 'unknown';

const CONDITIONS: Readonly<Record<PlexErrorKind, PlexCondition>> = {
  unavailable: 'failed',
  serverError: 'failed',
  // It answered properly, which ends a run of failures whatever the answer was (W34).
  unauthorized: 'answered',
  notFound: 'answered',
  rejected: 'answered',
  // A redirect or a certificate: perhaps not even Plex.
  misconfigured: 'unknown',
};

/** What an error tells about Plex; trouble with Stash or with our own files tells nothing (W7). */
export function plexConditionOf(error: unknown): PlexCondition {
  if (error instanceof PlexError) return CONDITIONS[error.kind];
  // Concluded from complete answers only.
  return error instanceof SyncError ? 'answered' : 'unknown';
}

/** Tells the circuit breaker what an error means for it. */
export async function notePlexCondition(
  error: unknown,
  { reliability }: Pick<WorkContext, 'reliability'>,
): Promise<void> {
  const { breaker, pace } = reliability;
  switch (plexConditionOf(error)) {
    case 'failed':
      await breaker.recordFailure();
      return;
    case 'answered':
      if (await breaker.recordSuccess()) await pace.recovered();
      return;
    case 'unknown':
      breaker.releaseTrial();
  }
}

/** What stands in the way while the circuit is open. */
export async function circuitOpened({ reliability, clock }: WorkContext): Promise<Obstacle> {
  const { firstFailureAtSecs, openedAtSecs } = await reliability.breaker.snapshot();
  const since = firstFailureAtSecs ?? openedAtSecs ?? clock.now() / 1000;
  return {
    kind: 'plexDown',
    message: `Plex has not answered properly for ${formatDuration(clock.now() / 1000 - since)}.`,
  };
}
