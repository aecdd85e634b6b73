import { SettingsError } from '../config/settings.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { Backoff } from '../resilience/calculateDelay.ts';
import { StashError } from '../stash/StashError.ts';
import { StorageError } from '../storage/StorageError.ts';
import { SyncError } from './SyncError.ts';

/** Who has to change before a drain can go on. */
export type Obstacle =
  /** Passes by itself: wait and look again. */
  | { kind: 'plexDown' | 'stashDown' | 'localTrouble'; message: string; retryAfterMs?: number | undefined }
  /** The user has to act: token, address, library name, settings. */
  | { kind: 'setup'; message: string };

/** What a failed attempt means for its job and for the drain. */
export type Verdict =
  /** Not the job's fault: it stays as it is, and nothing else would fare better now. */
  | { action: 'giveBack'; obstacle: Obstacle }
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

/**
 * A request that Plex never answers though it answers everything else: the scene's own fault, with the patience that a busy
 * server deserves.
 */
export const UNANSWERED: Exclude<Verdict, { action: 'giveBack' }> = {
  action: 'retry',
  type: 'PlexTemporaryError',
  backoff: NOT_IN_PLEX,
  limit: NOT_IN_PLEX_LIMIT,
};

export interface VerdictSettings {
  max_retries: number;
  skip_not_found: boolean;
}

/** The one table from an error to its consequence (specification, queue 5.2 and 13.6, as intended). */
export function verdict(error: unknown, settings: VerdictSettings): Verdict {
  const temporary = (type: string): Verdict => ({
    action: 'retry',
    type,
    backoff: TEMPORARY,
    limit: settings.max_retries,
  });
  if (error instanceof PlexError) return plexVerdict(error, temporary);
  if (error instanceof StashError) return stashVerdict(error, temporary);
  if (error instanceof SyncError) {
    if (error.kind === 'ambiguous') return { action: 'bury', type: 'AmbiguousMatch' };
    // Only what is outstanding is sent again, so neither a bad field nor a bad picture costs much, nor for ever (W-37).
    if (error.kind === 'partial') {
      return { action: 'retry', type: 'PlexPartialError', backoff: PARTIAL, limit: PARTIAL_LIMIT };
    }
    const type = 'PlexNotFound';
    if (settings.skip_not_found) return { action: 'drop', type };
    // More patience is granted, less is not: Plex may still be scanning (W39).
    const limit = Math.max(NOT_IN_PLEX_LIMIT, settings.max_retries);
    return { action: 'retry', type, backoff: NOT_IN_PLEX, limit };
  }
  return temporary(error instanceof Error ? error.name : 'UnknownError');
}

function plexVerdict(error: PlexError, temporary: (type: string) => Verdict): Verdict {
  const { kind, message, retryAfterMs } = error;
  switch (kind) {
    case 'unavailable':
      return { action: 'giveBack', obstacle: { kind: 'plexDown', message, retryAfterMs } };
    case 'unauthorized':
    case 'misconfigured':
      return { action: 'giveBack', obstacle: { kind: 'setup', message } };
    case 'rejected':
      return { action: 'bury', type: 'PlexPermanentError' };
    // An item that vanished between look-up and edit is looked up anew.
    case 'notFound':
    case 'serverError':
      return temporary('PlexTemporaryError');
  }
}

function stashVerdict({ kind, message }: StashError, temporary: (type: string) => Verdict): Verdict {
  switch (kind) {
    case 'unavailable':
      return { action: 'giveBack', obstacle: { kind: 'stashDown', message } };
    case 'unauthorized':
      return { action: 'giveBack', obstacle: { kind: 'setup', message } };
    case 'rejected':
      return temporary('StashError');
  }
}

/** What stands in the way when a failure concerns no single job: a batch could not be read, settings are wrong. */
export function obstacleOf(error: unknown): Obstacle {
  const local = localTrouble(error);
  if (local) return local;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SettingsError || error instanceof StashError || error instanceof PlexError) {
    const consequence = verdict(error, { max_retries: 1, skip_not_found: false });
    if (consequence.action === 'giveBack') return consequence.obstacle;
    // Plex fails at a plain listing: as good as down. Stash or the settings refuse: nothing but the user helps.
    return { kind: error instanceof PlexError ? 'plexDown' : 'setup', message };
  }
  return { kind: 'localTrouble', message };
}

/** Trouble with our own files blames neither the job nor Plex (W7). */
export function localTrouble(error: unknown): Obstacle | undefined {
  const isLocal =
    error instanceof StorageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_'));
  if (!isLocal) return undefined;
  return { kind: 'localTrouble', message: StorageError.from(error, 'The queue cannot be used').message };
}
