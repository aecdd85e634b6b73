import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFileFinder, type FileFinder, type FinderPlaces } from '../../src/plex/FileFinder.ts';
import { createPathIndex, type PathIndex } from '../../src/plex/PathIndex.ts';
import { createPlexClient, type PlexClient } from '../../src/plex/PlexClient.ts';
import { openPlexHttp } from '../../src/plex/PlexHttp.ts';
import type { PlexItem } from '../../src/plex/PlexItem.ts';
import { createPathMap, type PathMap } from '../../src/plex/pathMap.ts';
import type { FileMatch, WantedFile } from '../../src/plex/rankByFile.ts';
import { createIndexRefresher, type IndexRefresher } from '../../src/plex/refreshIndex.ts';
import { type Database, openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';
import type { PlexDouble } from '../support/plexDouble/startPlexDouble.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A path index on disk, and everything that works on it, for a double. */
export interface IndexBench {
  db: Database;
  index: PathIndex;
  plex: PlexClient;
  clock: FakeClock;
  refresher: IndexRefresher;
  finder: FileFinder;
  /** Server and sections as Plex tells now. */
  places(keys?: readonly string[]): Promise<FinderPlaces>;
  /** Looks files up now, in the sections of the keys given, in their order; by default in all. */
  find(paths: readonly (string | WantedFile)[], options?: FindOptions): Promise<FileMatch>;
  /** Requests since the last call, as `GET /path`, `file` for the filter, `new` and `all` for pages of listings. */
  requests(): string[];
}

export interface FindOptions {
  keys?: readonly string[];
  isOneOfMany?: boolean;
  since?: number;
}

/** Opens an empty index. */
export function openIndex(double: PlexDouble, map: PathMap = createPathMap([])): IndexBench {
  const clock = new FakeClock();
  const db = openDatabase(join(tempFolder(), 'stash2plex.db'), { durability: 'normal' });
  const plex = createPlexClient(
    openPlexHttp({
      baseUrl: double.url,
      token: double.token,
      clientIdentifier: 'index-bench',
      version: '2.0.0',
      connectTimeoutMs: 5_000,
      readTimeoutMs: 5_000,
      clock,
    }),
  );
  onTestFinished(async () => {
    await plex.close();
    db.close();
  });
  const index = createPathIndex(db);
  const refresher = createIndexRefresher({ plex, index, clock });
  const finder = createFileFinder({ plex, index, refresher, map });
  const places = async (keys?: readonly string[]): Promise<FinderPlaces> => {
    const sections = await plex.sections();
    const chosen = keys?.map((key) => sections.find((section) => section.key === key) ?? sectionLess(key));
    return { serverId: await plex.identity(), sections: chosen ?? sections };
  };
  const read = async (ratingKeys: readonly string[]) => {
    const items = new Map<string, PlexItem | undefined>();
    for (const item of await plex.items(ratingKeys)) items.set(item.ratingKey, item);
    return items;
  };
  return {
    db,
    index,
    plex,
    clock,
    refresher,
    finder,
    places,
    async find(paths, { keys, isOneOfMany = false, since = finder.moment() } = {}) {
      const where = await places(keys);
      double.log.clear();
      const files = paths.map((path) => (typeof path === 'string' ? { path } : path));
      return finder.find(where, { files, since, isOneOfMany, read });
    },
    requests() {
      const told = double.log.entries.map((request) => {
        const sort = request.parameter('sort');
        if (request.parameter('file') !== undefined) return 'file';
        return sort ? (sort.endsWith('desc') ? 'new' : 'all') : `${request.method} ${request.path}`;
      });
      double.log.clear();
      return told;
    },
  };
}

function sectionLess(key: string): never {
  throw new Error(`The double has no section ${key}.`);
}

/** `match 7 high`, `ambiguous 7 8`, `none` or `otherFile`. */
export function told(match: FileMatch): string {
  if (match.outcome === 'match') return `match ${match.item.ratingKey} ${match.confidence}`;
  if (match.outcome !== 'ambiguous') return match.outcome;
  return ['ambiguous', ...match.items.map(({ ratingKey }) => ratingKey)].join(' ');
}
