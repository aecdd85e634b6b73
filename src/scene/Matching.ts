import type { Settings } from '../config/settings.ts';
import { createFileFinder, type FileFinder } from '../plex/FileFinder.ts';
import type { PathIndex } from '../plex/PathIndex.ts';
import { createPathMapAdvice, type PathMapAdvice } from '../plex/PathMapAdvice.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { createPathMap, type PathMap } from '../plex/pathMap.ts';
import { createIndexRefresher } from '../plex/refreshIndex.ts';
import type { Clock } from '../time/clock.ts';
import { createFolderScans, type FolderScans } from './FolderScans.ts';

/** What finding a scene's item takes. */
export interface Matching {
  finder: FileFinder;
  /** The setting `path_map`, one mapping for everything (W-59). */
  map: PathMap;
  advice: PathMapAdvice;
  scans: FolderScans;
}

/** Opens what belongs to one Plex client and one set of settings. */
export function openMatching({
  plex,
  index,
  settings,
  clock,
}: {
  plex: PlexClient;
  index: PathIndex;
  settings: Pick<Settings, 'path_map'>;
  clock: Clock;
}): Matching {
  const map = createPathMap(settings.path_map);
  const refresher = createIndexRefresher({ plex, index, clock });
  return {
    finder: createFileFinder({ plex, index, refresher, map }),
    map,
    advice: createPathMapAdvice(),
    scans: createFolderScans(plex, clock),
  };
}
