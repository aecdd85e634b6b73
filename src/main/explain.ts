/**
 * The sentence for the user. The plugin's own errors carry one; an unexpected error keeps its message, never
 * its stack, which would be noise in Stash's log.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return `Stash2Plex failed unexpectedly: ${String(error)}`;
  const isOwn = !Object.hasOwn(BUILT_IN, error.name);
  return isOwn ? error.message : `Stash2Plex failed unexpectedly: ${error.message}`;
}

const BUILT_IN = { Error, TypeError, RangeError, SyntaxError, ReferenceError, AggregateError };
