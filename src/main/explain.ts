/**
 * The sentence for the user. The plugin's own errors carry one; an unexpected error keeps its message, never
 * its stack, which would be noise in Stash's log.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return `Stash2Plex failed unexpectedly: ${String(error)}`;
  if (OWN_ERRORS.has(error.name)) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  return `Stash2Plex failed unexpectedly: ${error.message || code || error.name}`;
}

/** Names of the error classes whose messages are written for the user. */
const OWN_ERRORS = new Set([
  'ConnectionError',
  'InputError',
  'PlexError',
  'SettingsError',
  'StashError',
  'StorageError',
  'SyncError',
  'TaskError',
]);
