import { join } from 'node:path';
import { resolvePaths } from '../../src/config/paths.ts';
import { createRedactor } from '../../src/log/redactor.ts';
import { createPlexClient } from '../../src/plex/PlexClient.ts';
import { openPlexHttp } from '../../src/plex/PlexHttp.ts';
import { createPlexInspector } from '../../src/plex/PlexInspector.ts';
import { plexConnection } from '../../src/scene/plexConnection.ts';
import { checkSetup, type SetupFindings } from '../../src/setup/checkSetup.ts';
import type { SetupContext } from '../../src/setup/SetupContext.ts';
import { tryExclusiveLock } from '../../src/storage/exclusiveLock.ts';
import { systemClock } from '../../src/time/clock.ts';
import { type Bench, startBench } from './startBench.ts';
import { tempFolder } from './tempFolder.ts';

/** Both servers, a data folder, and a check of their set-up in this process, on a machine that a test may change. */
export interface SetupBench extends Bench {
  setup: SetupContext;
  /** Puts settings above those that are stored in Stash. */
  store(settings: Record<string, unknown>): void;
  check(): Promise<SetupFindings>;
}

/** A set-up with which everything is fine: three scenes, whose items are found by their whole paths. */
export async function startSetupBench(): Promise<SetupBench> {
  const bench = await startBench({ stash: { now: Date.now } });
  const { stash, plex, dataFolder, db, jobs, pathIndex, stashClient } = bench;
  const store = (settings: Record<string, unknown>) => {
    stash.settings.set('Stash2Plex', { ...stash.settings.get('Stash2Plex'), ...settings });
  };
  store({ plex_url: plex.url, plex_token: plex.token, path_map: '/media=>/data' });
  for (const name of ['one', 'two', 'three']) bench.scanned(name);
  const setup: SetupContext = {
    clock: systemClock,
    random: () => 0.5,
    env: {},
    paths: resolvePaths({ STASH_PLUGIN_DATA: dataFolder }, dataFolder),
    db,
    redactor: createRedactor(),
    machine: {
      nodeVersion: '26.0.0',
      platform: 'linux',
      arch: 'x64',
      hostName: 'wohnzimmer-nas',
      userName: 'erika',
      uid: process.getuid?.(),
      freeBytes: async () => 1e12,
      tryLock: tryExclusiveLock,
    },
    installation: {
      pluginFolder: join(tempFolder(), 'plugins', 'Stash2Plex'),
      dataFolder,
      isDataFolderGiven: true,
    },
    jobs,
    breaker: bench.reliability.breaker,
    pathIndex,
    stashUrl: stash.url,
    stash: stashClient,
    async openPlex(settings) {
      const http = openPlexHttp({
        ...plexConnection(settings),
        clientIdentifier: 'setup',
        version: '2.0.0',
        clock: systemClock,
      });
      return { client: createPlexClient(http), inspector: createPlexInspector(http) };
    },
  };
  return { ...bench, setup, store, check: () => checkSetup(setup, () => {}) };
}
