import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { type PlexDouble, type PlexDoubleOptions, startPlexDouble } from './plexDouble/startPlexDouble.ts';
import { createPluginHost, type PluginHost } from './pluginHost/createPluginHost.ts';
import { type ActingStash, createStash } from './stashDouble/actAsStash.ts';
import {
  type StashDouble,
  type StashDoubleOptions,
  startStashDouble,
} from './stashDouble/startStashDouble.ts';

/** The repository's own yml: the plugin is started as Stash would start it from a checkout. */
export const YML_PATH = fileURLToPath(new URL('../../Stash2Plex.yml', import.meta.url));

/** Both servers, the plugin's host and its data folder. */
export interface World {
  stash: StashDouble;
  plex: PlexDouble;
  host: PluginHost;
  /** Changes Stash and fires the hooks, as Stash does. */
  act: ActingStash;
  dataFolder: string;
  /** The same plugin with other environment variables. */
  hostWith(env: Record<string, string>): PluginHost;
  /** Everything that is in the files of the data folder, as text. */
  filesContent(): string;
  /** Key of the one Plex library. */
  sectionKey: string;
  /** Scenes that wait in the queue, from the database itself. */
  waitingScenes(): number[];
  /** Number of rows of a table. */
  rows(table: 'jobs' | 'dead_letters' | 'scene_syncs'): number;
  /** Resolves when `isTrue`; fails after `deadlineMs`. */
  until(what: string, isTrue: () => boolean, deadlineMs?: number): Promise<void>;
  /** Process ids of all drainers that got to work so far. */
  drainers(): number[];
  /** What the drainers logged. */
  drainerLog(): string;
  /** SIGKILL for all of them. */
  killDrainers(): void;
  close(): Promise<void>;
}

export interface WorldOptions {
  plex?: PlexDoubleOptions;
  stash?: StashDoubleOptions;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
}

/** Starts a world with a library at `/media/films` in Plex that Stash sees at `/data/films`. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'stash2plex-world-'));
  const plex = await startPlexDouble(options.plex);
  const stash = await startStashDouble(options.stash);
  const { key: sectionKey } = plex.library.addSection({ title: 'Films', locations: ['/media/films'] });
  stash.settings.set('Stash2Plex', { plex_url: plex.url, plex_token: plex.token, ...options.settings });
  const hostWith = (env: Record<string, string> = {}) =>
    createPluginHost({
      ymlPath: YML_PATH,
      connection: () => stash.serverConnection(),
      env: {
        PLEX_URL: undefined,
        PLEX_TOKEN: undefined,
        ...options.env,
        ...env,
        STASH_PLUGIN_DATA: dataFolder,
      },
      ...(process.env['STASH2PLEX_TEST_NODE'] ? { nodePath: process.env['STASH2PLEX_TEST_NODE'] } : {}),
    });
  const host = hostWith();
  const query = (sql: string): unknown[] => {
    const path = join(dataFolder, 'stash2plex.db');
    if (!existsSync(path)) return [];
    const db = new BetterSqlite3(path, { timeout: 5_000 });
    try {
      return db.prepare(sql).pluck().all();
    } finally {
      db.close();
    }
  };
  const drainerLog = () => {
    const path = join(dataFolder, 'hook_autodrain.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const drainers = () => [...drainerLog().matchAll(/Started \(process (\d+)/g)].map(([, pid]) => Number(pid));
  const killDrainers = () => {
    for (const pid of drainers()) kill(pid);
  };
  return {
    stash,
    plex,
    host,
    act: createStash(stash, host),
    dataFolder,
    hostWith,
    filesContent: () =>
      readdirSync(dataFolder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
        .join('\n'),
    sectionKey,
    waitingScenes: () => query('SELECT scene_id FROM jobs ORDER BY scene_id') as number[],
    rows: (table) => Number(query(`SELECT count(*) FROM ${table}`)[0] ?? 0),
    async until(what, isTrue, deadlineMs = 20_000) {
      const deadline = performance.now() + deadlineMs;
      while (!isTrue()) {
        if (performance.now() > deadline) throw new Error(`Waited in vain for: ${what}.\n${drainerLog()}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    drainers,
    drainerLog,
    killDrainers,
    async close() {
      killDrainers();
      await Promise.all([plex.close(), stash.close()]);
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has left by itself.
  }
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
