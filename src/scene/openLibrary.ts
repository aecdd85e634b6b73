import type { PlexClient } from '../plex/PlexClient.ts';
import { resolveSections } from '../plex/PlexSection.ts';
import type { LibraryLookup, PlexLibrary } from './PlexLibrary.ts';

/** Looks server and sections up when they are first needed; a failed look-up is not remembered. */
export function openLibrary(plex: PlexClient, plexLibrarySetting: string): LibraryLookup {
  let known: Promise<PlexLibrary> | undefined;
  const look = async (): Promise<PlexLibrary> => {
    const serverId = await plex.identity();
    return { serverId, sections: resolveSections(plexLibrarySetting, await plex.sections()) };
  };
  return () => {
    known ??= look().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
