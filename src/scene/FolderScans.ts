import { folderToScan } from '../plex/folderToScan.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexSection } from '../plex/PlexSection.ts';
import type { Clock } from '../time/clock.ts';

/** Asks Plex to scan folders whose files it does not have yet (setting `trigger_plex_scan`). */
export interface FolderScans {
  /**
   * Asks for a scan of the folder of the first file that belongs to a section, unless that was done a short while ago: a folder of
   * many new files is scanned once, and where the new files lie in many folders, the whole location is. Plex scans when it has
   * the time; nobody waits for it.
   *
   * @param paths as Plex sees them, or as Stash does.
   * @returns the folder that was asked for, or undefined when nothing was to be done.
   * @throws PlexError when Plex does not answer.
   */
  request(paths: readonly string[], sections: readonly PlexSection[]): Promise<string | undefined>;
}

/** About as long as the first tries of a scene that is not in Plex take. */
const SCAN_INTERVAL_MS = 5 * 60_000;
/** Folders of one location that are scanned one by one within that time. */
const MAX_FOLDERS = 20;

/** Scans of one process; another process's are not known, which costs Plex a quick look at an unchanged folder. */
export function createFolderScans(plex: Pick<PlexClient, 'scan'>, clock: Clock): FolderScans {
  const askedAt = new Map<string, number>();
  return {
    async request(paths, sections) {
      const target = paths.map((path) => folderToScan(path, sections)).find((found) => found !== undefined);
      if (!target) return undefined;
      const { sectionKey, location } = target;
      for (const [other, at] of askedAt)
        if (clock.monotonic() - at >= SCAN_INTERVAL_MS) askedAt.delete(other);
      const place = `${sectionKey} ${location} `;
      const folders = [...askedAt.keys()].filter((key) => key.startsWith(place));
      const folder = folders.length < MAX_FOLDERS ? target.folder : location;
      const [key, whole] = [`${place}${folder}`, `${place}${location}`];
      if (askedAt.has(key) || askedAt.has(whole)) return undefined;
      askedAt.set(key, clock.monotonic());
      try {
        await plex.scan(sectionKey, folder);
      } catch (error) {
        // A folder that Plex does not accept is not asked for again at once; one that it never heard of is.
        if (!(error instanceof PlexError) || error.kind !== 'rejected') askedAt.delete(key);
        throw error;
      }
      return folder;
    },
  };
}
