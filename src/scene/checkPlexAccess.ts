import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import { type PlexSection, resolveSections } from '../plex/PlexSection.ts';

/** What the plugin may do at a Plex that can be reached: apart from reachability, because `/identity` needs no token (W41). */
export interface PlexAccess {
  /** `limited`: Plex accepts it, and shows it no files because it is not the owner's. `unknown`: no answer came that would tell. */
  token: 'accepted' | 'limited' | 'refused' | 'unknown';
  /** Names of the libraries that `plex_library` selects; empty when there is a problem. */
  libraries: string[];
  /** What is wrong, as a sentence for the user. */
  problem?: string;
}

const DEFAULT_TIMEOUT_SECS = 5;

/**
 * Asks for the libraries after a healthy probe, looks up those that the setting names, and asks for one item of the first, to see
 * whether Plex shows where its files are. Each question under one deadline. Never throws.
 *
 * @param plexLibrary the setting `plex_library`.
 */
export async function checkPlexAccess(
  client: Pick<PlexClient, 'sections' | 'checkFiles'>,
  plexLibrary: string,
  timeoutSecs = DEFAULT_TIMEOUT_SECS,
): Promise<PlexAccess> {
  const timeoutMs = timeoutSecs * 1000;
  let sections: PlexSection[];
  try {
    sections = await client.sections(timeoutMs);
  } catch (error) {
    return { token: isRefusal(error) ? 'refused' : 'unknown', libraries: [], problem: messageOf(error) };
  }
  let chosen: PlexSection[];
  try {
    chosen = resolveSections(plexLibrary, sections);
  } catch (error) {
    return { token: 'accepted', libraries: [], problem: messageOf(error) };
  }
  const libraries = chosen.map(({ title }) => title);
  try {
    if (chosen[0]) await client.checkFiles(chosen[0].key, timeoutMs);
    return { token: 'accepted', libraries };
  } catch (error) {
    return { token: isRefusal(error) ? 'limited' : 'accepted', libraries, problem: messageOf(error) };
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof PlexError && error.kind === 'unauthorized';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
