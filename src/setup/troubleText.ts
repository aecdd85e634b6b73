import type { PlexTrouble } from './inspectPlex.ts';
import { SETUP_REMEDIES, type SetupRemedy } from './setupRemedies.ts';

/** Where the sentence about what is wrong says what helps as well. */
const SAID_ALREADY: ReadonlySet<SetupRemedy> = new Set([
  'plexToken',
  'plexOwner',
  'plexAsTold',
  'libraryName',
]);

/** What is wrong with Plex, and what helps, for where there is no line below. */
export function troubleText({ message, remedy }: PlexTrouble): string {
  return SAID_ALREADY.has(remedy) ? message : `${message} ${SETUP_REMEDIES[remedy]}`;
}
