import { PlexError } from '../plex/PlexError.ts';
import type { Backoff } from '../resilience/calculateDelay.ts';
import { StashError } from '../stash/StashError.ts';
import { SyncError } from './SyncError.ts';

/** What a failure that is its scene's own means for the job. */
export type Verdict =
  /** Worth `limit` attempts in all, spaced by `backoff`. */
  | { action: 'retry'; type: string; backoff: Backoff; limit: number }
  /** Another attempt is pointless. */
  | { action: 'bury'; type: string }
  /** The user does not want to hear of it. */
  | { action: 'drop'; type: string };

const TEMPORARY: Backoff = { baseSecs: 5, capSecs: 80 };
const NOT_IN_PLEX: Backoff = { baseSecs: 30, capSecs: 600 };
const NOT_IN_PLEX_LIMIT = 12;
/** What Plex refuses now it will hardly take a minute later; after an update, or a scan of the item, it may. */
const PARTIAL: Backoff = { baseSecs: 300, capSecs: 3_600 };
const PARTIAL_LIMIT = 4;
/** A refusal is an answer; it comes again, unless somebody is just changing the server or what stands before it. */
const REFUSED: Backoff = { baseSecs: 30, capSecs: 600 };
const REFUSED_LIMIT = 3;

export interface VerdictSettings {
  max_retries: number;
  skip_not_found: boolean;
}

/**
 * The one table from an error that is its scene's own fault to its consequence (specification, queue 5.2 and 13.6, as intended).
 * Whether it is the scene's fault is decided before, by evidence.
 */
export function verdict(error: unknown, settings: VerdictSettings): Verdict {
  const temporary = (type: string): Verdict => ({
    action: 'retry',
    type,
    backoff: TEMPORARY,
    limit: settings.max_retries,
  });
  if (error instanceof PlexError) return plexVerdict(error, settings, temporary);
  if (error instanceof StashError) {
    return error.kind === 'rejected' ? temporary('StashError') : patient('StashError');
  }
  if (error instanceof SyncError) return syncVerdict(error, settings);
  return temporary(error instanceof Error ? error.name : 'UnknownError');
}

/** For a request that gets no proper answer though everything else does: the patience that a busy server deserves. */
function patient(type: string): Verdict {
  return { action: 'retry', type, backoff: NOT_IN_PLEX, limit: NOT_IN_PLEX_LIMIT };
}

function plexVerdict(
  { kind }: PlexError,
  { max_retries }: VerdictSettings,
  temporary: (type: string) => Verdict,
): Verdict {
  switch (kind) {
    case 'unavailable':
      return patient('PlexTemporaryError');
    case 'unauthorized':
    case 'misconfigured':
    case 'rejected': {
      const limit = Math.min(REFUSED_LIMIT, max_retries);
      return { action: 'retry', type: 'PlexPermanentError', backoff: REFUSED, limit };
    }
    // An item that vanished between look-up and edit is looked up anew.
    case 'notFound':
    case 'serverError':
      return temporary('PlexTemporaryError');
  }
}

function syncVerdict({ kind }: SyncError, { max_retries, skip_not_found }: VerdictSettings): Verdict {
  switch (kind) {
    case 'ambiguous':
      return { action: 'bury', type: 'AmbiguousMatch' };
    // Only what is outstanding is sent again, so neither a bad field nor a bad picture costs much, nor for ever (W-37).
    case 'partial':
    case 'picturesWait':
      return { action: 'retry', type: 'PlexPartialError', backoff: PARTIAL, limit: PARTIAL_LIMIT };
    case 'notInPlex': {
      const type = 'PlexNotFound';
      if (skip_not_found) return { action: 'drop', type };
      // More patience is granted, less is not: Plex may still be scanning (W39).
      const limit = Math.max(NOT_IN_PLEX_LIMIT, max_retries);
      return { action: 'retry', type, backoff: NOT_IN_PLEX, limit };
    }
  }
}
