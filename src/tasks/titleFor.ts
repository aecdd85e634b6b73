/** What a class of error is called above a list of the scenes that met it; `remedyFor` says what helps. */
const TITLES: Readonly<Record<string, string>> = {
  AmbiguousMatch: 'Several Plex items may be meant',
  PartsWait: 'Complete but for what Plex takes from no scene at present',
  PlexNotFound: 'Not in Plex',
  PlexServerDown: 'Plex was down',
  PlexTemporaryError: 'Plex failed again and again',
  PlexPermanentError: 'Plex refuses the data',
  PlexPartialError: 'Plex refuses a part and has the rest',
  PlexAuthError: 'Plex refused the token',
  PlexPermissionError: 'Plex forbids the change',
  StashError: 'Stash could not read the scene',
  ProcessKilled: 'No process survived the scene',
};

/** A few words. @param errorType class of the error, as the dead letters name it. */
export function titleFor(errorType: string): string {
  return (Object.hasOwn(TITLES, errorType) && TITLES[errorType]) || `Something unexpected (${errorType})`;
}
