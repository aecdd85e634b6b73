import { folderToScan } from '../plex/folderToScan.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexSection } from '../plex/PlexSection.ts';
import type { Clock } from '../time/clock.ts';

/** Asks Plex to scan folders whose files it does not have yet (setting `trigger_plex_scan`). */
export interface FolderScans {
  /**
   * Asks for a scan of the file's folder, unless that was done a short while ago: a folder of many new files is scanned
   * once. Plex scans when it has the time; nobody waits for it.
   *
   * @returns the folder that was asked for, or undefined when nothing was to be done.
   * @throws PlexError when Plex does not answer.
   */
  request(path: string, sections: readonly PlexSection[]): Promise<string | undefined>;
}

/** About as long as the first tries of a scene that is not in Plex take. */
const SCAN_INTERVAL_MS = 5 * 60_000;

/** Scans of one process; another process's are not known, which costs Plex a quick look at an unchanged folder. */
export function createFolderScans(plex: Pick<PlexClient, 'scan'>, clock: Clock): FolderScans {
  const askedAt = new Map<string, number>();
  return {
    async request(path, sections) {
      const target = folderToScan(path, sections);
      if (!target) return undefined;
      const { sectionKey, folder } = target;
      const key = `${sectionKey} ${folder}`;
      const last = askedAt.get(key);
      if (last !== undefined && clock.monotonic() - last < SCAN_INTERVAL_MS) return undefined;
      for (const [other, at] of askedAt)
        if (clock.monotonic() - at >= SCAN_INTERVAL_MS) askedAt.delete(other);
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
