import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import { type PlexSection, resolveSections } from '../plex/PlexSection.ts';

/** What the plugin may do at a Plex that can be reached: apart from reachability, because `/identity` needs no token (W41). */
export interface PlexAccess {
  /** `unknown`: no answer came that would tell. */
  token: 'accepted' | 'refused' | 'unknown';
  /** Names of the libraries that `plex_library` selects; empty when there is a problem. */
  libraries: string[];
  /** What is wrong, as a sentence for the user. */
  problem?: string;
}

const DEFAULT_TIMEOUT_SECS = 5;

/**
 * Asks for the libraries after a healthy probe, under one deadline, and looks up those that the setting names. Never throws.
 *
 * @param plexLibrary the setting `plex_library`.
 */
export async function checkPlexAccess(
  client: Pick<PlexClient, 'sections'>,
  plexLibrary: string,
  timeoutSecs = DEFAULT_TIMEOUT_SECS,
): Promise<PlexAccess> {
  let sections: PlexSection[];
  try {
    sections = await client.sections(timeoutSecs * 1000);
  } catch (error) {
    const isRefused = error instanceof PlexError && error.kind === 'unauthorized';
    return { token: isRefused ? 'refused' : 'unknown', libraries: [], problem: messageOf(error) };
  }
  try {
    const libraries = resolveSections(plexLibrary, sections).map(({ title }) => title);
    return { token: 'accepted', libraries };
  } catch (error) {
    return { token: 'accepted', libraries: [], problem: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
