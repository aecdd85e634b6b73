/** What the user can do about scenes that were given up, by class of error; see `failures/verdict` for where they come from. */
const REMEDIES: Readonly<Record<string, string>> = {
  AmbiguousMatch:
    'Several Plex items may hold the file: choose one (docs/recovery.md), remove the double in Plex, set plex_library to one library, or switch strict_matching off.',
  PartsWait:
    'Plex takes this part from no scene at present, and has the rest: there is nothing to do, it follows by itself.',
  PlexNotFound:
    'Plex has no item for the file: let Plex scan the folder, check that plex_library names its library, and see that Plex and Stash see the same folders.',
  PlexServerDown: 'Plex was down: run "Recover Outage Jobs" or "Retry Failed Jobs".',
  PlexTemporaryError:
    'Plex failed at this scene again and again: look at Plex\'s own log, then run "Retry Failed Jobs".',
  PlexPermanentError:
    'Plex refuses the data: change what the message names in Stash, which queues the scene again.',
  PlexPartialError:
    'Plex refuses single fields and has the rest: change what the message names in Stash, which queues the scene again.',
  PlexAuthError: 'Plex refused the token: enter a valid plex_token, then run "Retry Failed Jobs".',
  PlexPermissionError:
    'Plex forbids the change: use the token of the server\'s owner, then run "Retry Failed Jobs".',
  StashError: 'Stash could not read the scene: look at Stash\'s own log, then run "Retry Failed Jobs".',
  ProcessKilled:
    'No process survived this scene: see whether memory or disk ran out, then run "Retry Failed Jobs".',
};

const UNKNOWN =
  'Something unexpected happened: run "Retry Failed Jobs"; if it comes back, report it with its message.';

/** One sentence about what helps. @param errorType class of the error, as the dead letters name it. */
export function remedyFor(errorType: string): string {
  return Object.hasOwn(REMEDIES, errorType) ? (REMEDIES[errorType] ?? UNKNOWN) : UNKNOWN;
}
