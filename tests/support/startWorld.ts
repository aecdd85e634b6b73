import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { resolvePaths } from '../../src/config/paths.ts';
import { takeInEvents } from '../../src/hooks/takeInEvents.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { systemClock } from '../../src/time/clock.ts';
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

/** How a hook is recorded: by the launcher into the spool, or by Node into the database. */
export type HookPath = 'launcher' | 'node';

/** By the launcher, as on every system but Windows, unless the whole test file is run the other way. */
export const usualHookPath = (): HookPath =>
  process.env['STASH2PLEX_TEST_HOOKS'] === 'node' ? 'node' : 'launcher';

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
  /** Documents that launchers recorded and nobody has taken in. */
  spooled(): string[];
  /** Scenes that wait in the queue, from the database itself; what is in the spool is taken in first. */
  waitingScenes(): number[];
  /** What a statement finds in the queue's database; nothing while there is none. */
  query(sql: string): unknown[];
  /** Puts dead letters into the database, as if their scenes had been given up `agoSecs` ago. */
  giveUp(...entries: GivenUp[]): void;
  /** Writes a file of the data folder: bytes and text as they are, anything else as JSON. */
  writeState(name: string, content: unknown): void;
  /** A state file as it is now. */
  readState(name: string): unknown;
  /** Number of rows of a table. */
  rows(table: 'jobs' | 'dead_letters' | 'scene_syncs'): number;
  /** Resolves when `isTrue`; fails after `deadlineMs`. */
  until(what: string, isTrue: () => boolean, deadlineMs?: number): Promise<void>;
  /** Process ids of all drainers that got to work so far. */
  drainers(): number[];
  /** Those of them that are alive. */
  liveDrainers(): number[];
  /** What the drainers logged. */
  drainerLog(): string;
  /** SIGKILL for all of them. */
  killDrainers(): void;
  close(): Promise<void>;
}

/** A scene that was given up. */
export interface GivenUp {
  sceneId: number;
  type: string;
  agoSecs: number;
}

export interface WorldOptions {
  /** The plugin's yml, where it is another one than the repository's. */
  ymlPath?: string;
  plex?: PlexDoubleOptions;
  stash?: StashDoubleOptions;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  hooks?: HookPath;
}

/** Starts a world with a library at `/media/films` in Plex that Stash sees at `/data/films`. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'stash2plex-world-'));
  const paths = resolvePaths({ STASH_PLUGIN_DATA: dataFolder }, dataFolder);
  const isSpooling = (options.hooks ?? usualHookPath()) === 'launcher';
  // As the first hook by Node leaves it.
  if (isSpooling) mkdirSync(paths.spool, { mode: 0o700 });
  const plex = await startPlexDouble(options.plex);
  const stash = await startStashDouble(options.stash);
  const { key: sectionKey } = plex.library.addSection({ title: 'Films', locations: ['/media/films'] });
  stash.settings.set('Stash2Plex', { plex_url: plex.url, plex_token: plex.token, ...options.settings });
  const testNode = process.env['STASH2PLEX_TEST_NODE'];
  const hostWith = (env: Record<string, string> = {}) =>
    createPluginHost({
      ymlPath: options.ymlPath ?? YML_PATH,
      connection: () => stash.serverConnection(),
      env: {
        PLEX_URL: undefined,
        PLEX_TOKEN: undefined,
        ...(isSpooling ? {} : { STASH2PLEX_HOOK_SPOOL: 'off' }),
        ...options.env,
        ...env,
        STASH_PLUGIN_DATA: dataFolder,
      },
      // A test that has a PATH of its own says by it which Node there is.
      ...(testNode && env['PATH'] === undefined ? { nodePath: testNode } : {}),
    });
  const host = hostWith();
  const spooled = () => {
    const isThere = statSync(paths.spool, { throwIfNoEntry: false })?.isDirectory();
    const names = isThere ? readdirSync(paths.spool) : [];
    return names.filter((name) => name.endsWith('.json'));
  };
  const query = (sql: string): unknown[] => {
    const path = paths.database;
    if (spooled().length > 0) {
      const db = openDatabase(path, { durability: 'normal' });
      takeInEvents({ db, paths, clock: systemClock });
      db.close();
    }
    if (!existsSync(path)) return [];
    const db = new BetterSqlite3(path, { timeout: 5_000 });
    try {
      // The file is there before its tables are.
      if (db.pragma('user_version', { simple: true }) === 0) return [];
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
  const liveDrainers = () => drainers().filter((pid) => isAlive(pid) && isOf(dataFolder, pid));
  const killDrainers = () => {
    for (const pid of liveDrainers()) kill(pid);
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
    query,
    giveUp(...entries) {
      const db = openDatabase(join(dataFolder, 'stash2plex.db'), { durability: 'normal' });
      try {
        const insert = db.prepare(
          `INSERT INTO dead_letters (scene_id, error_type, error_message, retry_count, failed_at, first_failed_at)
           SELECT @sceneId, @type, 'It failed.', 5, moment, moment
           FROM (SELECT datetime('now', '-' || @agoSecs || ' seconds') AS moment)`,
        );
        for (const entry of entries) insert.run(entry);
      } finally {
        db.close();
      }
    },
    writeState(name, content) {
      const isRaw = typeof content === 'string' || content instanceof Uint8Array;
      writeFileSync(join(dataFolder, name), isRaw ? content : JSON.stringify(content));
    },
    readState: (name) => JSON.parse(readFileSync(join(dataFolder, name), 'utf8')),
    spooled,
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
    liveDrainers,
    drainerLog,
    killDrainers,
    async close() {
      // Also those that were just being started, or stand by: they would wait for this world's servers for ever.
      for (const pid of new Set([...liveDrainers(), ...processesOf(dataFolder)])) kill(pid);
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

/**
 * Whether the process is one of that world: numbers are used again, in long tests of many processes soon. Where it cannot be
 * found out, it is taken for one.
 */
function isOf(dataFolder: string, pid: number): boolean {
  if (!existsSync('/proc/self/environ')) return true;
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(dataFolder);
  } catch {
    return false;
  }
}

/** All processes of that world, where they can be found out. */
function processesOf(dataFolder: string): number[] {
  if (!existsSync('/proc/self/environ')) return [];
  const pids = readdirSync('/proc').map(Number);
  return pids.filter((pid) => pid > 0 && pid !== process.pid && isOf(dataFolder, pid));
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
