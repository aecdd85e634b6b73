import { writeToDescriptor } from '../log/writeToDescriptor.ts';

const STDOUT = 1;

/** The one document that Stash reads from stdout. */
export type Answer = { output: unknown } | { error: string };

/**
 * Writes the answer, as the last thing a process does with stdout, and sets the exit status. An empty `error` would reach the
 * user as a failure without a reason, so it gets a text.
 */
export function answer(document: Answer): void {
  const isError = 'error' in document;
  const safe = isError ? { error: document.error || 'Stash2Plex failed without saying why.' } : document;
  writeToDescriptor(STDOUT, JSON.stringify(safe));
  process.exitCode = isError ? 1 : 0;
}
