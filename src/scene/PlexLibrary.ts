import type { PlexSection } from '../plex/PlexSection.ts';

/** The part of the Plex server that the settings select. */
export interface PlexLibrary {
  /** Machine identifier; rating keys mean something on this server only. */
  serverId: string;
  sections: readonly PlexSection[];
}

/** @throws PlexError when Plex cannot be asked or the settings name an unknown library. */
export type LibraryLookup = () => Promise<PlexLibrary>;
