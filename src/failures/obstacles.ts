import { SettingsError } from '../config/settings.ts';
import { PlexError } from '../plex/PlexError.ts';
import { StashError } from '../stash/StashError.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { Obstacle } from './Obstacle.ts';
import type { Operation } from './Operation.ts';

/** What stands in the way when a failure concerns no single job: a batch could not be read, settings are wrong. */
export function obstacleOf(error: unknown): Obstacle {
  const local = localTrouble(error);
  if (local) return local;
  const message = messageOf(error);
  if (error instanceof PlexError) return plexObstacle(error, message);
  if (error instanceof StashError) {
    if (error.kind === 'unavailable') return { kind: 'stashDown', message };
    return { kind: 'setup', message, ...(error.kind === 'unauthorized' ? { needsNewSession: true } : {}) };
  }
  return { kind: error instanceof SettingsError ? 'setup' : 'localTrouble', message };
}

/**
 * What stands in the way of everybody whatever scene it came up with: our own files, a server that nobody reaches, settings that no
 * request can be made of.
 */
export function certainObstacle(error: unknown): Obstacle | undefined {
  const local = localTrouble(error);
  if (local) return local;
  const isCertain =
    error instanceof SettingsError ||
    (error instanceof StashError && error.kind !== 'rejected') ||
    (error instanceof PlexError && error.status === undefined && isOfConnection(error));
  return isCertain ? obstacleOf(error) : undefined;
}

/** Of errors without a status: what was concluded about address and token, and that nobody is there. */
function isOfConnection({ kind, isUnanswered }: PlexError): boolean {
  return kind === 'misconfigured' || kind === 'unauthorized' || (kind === 'unavailable' && !isUnanswered);
}

/** What stands in the way when an operation fails for one scene after the other. */
export function widespreadObstacle(operation: Operation, error: unknown): Obstacle {
  const what = WHAT_FAILS[operation];
  if (error instanceof PlexError && what !== undefined) {
    const how = error.status === undefined ? 'gives no answer' : `answers with status ${error.status}`;
    return plexObstacle(error, `Plex ${how} to ${what}, whatever the scene${hint(operation, error)}.`);
  }
  if (error instanceof StashError) {
    return {
      kind: 'stashDown',
      message: "Stash could read none of the scenes that it was asked for; see Stash's own log.",
    };
  }
  return obstacleOf(error);
}

const WHAT_FAILS: Partial<Record<Operation, string>> = {
  listing: 'listing the library',
  filter: 'looking for a file',
  lookup: 'looking for items',
  read: 'reading an item',
  edit: 'every edit',
  picture: 'every picture',
};

/** What may help, where the status says so. */
function hint(operation: Operation, { kind, status }: PlexError): string {
  if (kind === 'unauthorized') return ": plex_token must be a token of the server's owner";
  if (operation === 'edit' && kind === 'rejected') {
    return `: a proxy between Stash and Plex may forbid ${status === 405 ? 'the method PUT' : 'it'}`;
  }
  return '';
}

function plexObstacle({ kind, retryAfterMs }: PlexError, message: string): Obstacle {
  if (kind === 'unauthorized' || kind === 'misconfigured') return { kind: 'setup', message };
  return { kind: 'plexDown', message, retryAfterMs };
}

/** Trouble with our own files blames neither the job nor Plex (W7). */
export function localTrouble(error: unknown): Obstacle | undefined {
  const isLocal =
    error instanceof StorageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_'));
  if (!isLocal) return undefined;
  return { kind: 'localTrouble', message: StorageError.from(error, 'The queue cannot be used').message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
