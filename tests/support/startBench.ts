import { onTestFinished } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { parseSettings } from '../../src/config/settings.ts';
import type { DrainResult } from '../../src/drain/DrainResult.ts';
import { doubtsBy } from '../../src/drain/doubtsBy.ts';
import { drainDue } from '../../src/drain/drainDue.ts';
import { openReliability, type Reliability } from '../../src/drain/Reliability.ts';
import { timingEdits } from '../../src/drain/timingEdits.ts';
import type { WorkContext } from '../../src/drain/WorkContext.ts';
import { watchPlex } from '../../src/failures/watchPlex.ts';
import { watchStash } from '../../src/failures/watchStash.ts';
import type { LogLevel } from '../../src/log/logger.ts';
import { createPathObfuscator, PLAIN_PATHS } from '../../src/log/obfuscatePath.ts';
import { createRedactor } from '../../src/log/redactor.ts';
import { createPathIndex, type PathIndex } from '../../src/plex/PathIndex.ts';
import { createPlexClient } from '../../src/plex/PlexClient.ts';
import { openPlexHttp } from '../../src/plex/PlexHttp.ts';
import { createRequestLimits } from '../../src/plex/RequestLimits.ts';
import { createDeadLetters, type DeadLetters } from '../../src/queue/deadLetters.ts';
import { createJobStore, type JobStore } from '../../src/queue/JobStore.ts';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { openGates } from '../../src/scene/gates/openGates.ts';
import { openMatching } from '../../src/scene/Matching.ts';
import { openLibrary } from '../../src/scene/openLibrary.ts';
import { readingScenes } from '../../src/scene/readingScenes.ts';
import { parseConnection } from '../../src/stash/connection.ts';
import { createStashClient, type StashClient } from '../../src/stash/StashClient.ts';
import { type Database, openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from './FakeClock.ts';
import {
  type NewPlexItem,
  type PlexDouble,
  type PlexDoubleOptions,
  type PlexItem,
  startPlexDouble,
} from './plexDouble/startPlexDouble.ts';
import { recordingLog } from './recordingLog.ts';
import {
  type NewScene,
  type StashDouble,
  type StashDoubleOptions,
  startStashDouble,
} from './stashDouble/startStashDouble.ts';
import { tempFolder } from './tempFolder.ts';

/** A job's row, as far as a test asks. */
export interface JobRow {
  state: string;
  attempts: number;
  error: string | null;
  /** Milliseconds until it is due. */
  dueInMs: number;
}

/** Both servers, a queue on disk, and the worker's context inside this process, on a clock that never waits. */
export interface Bench {
  stash: StashDouble;
  plex: PlexDouble;
  clock: FakeClock;
  db: Database;
  jobs: JobStore;
  deadLetters: DeadLetters;
  pathIndex: PathIndex;
  /** The circuit breaker and what belongs to it, on files in {@link dataFolder}; made anew by {@link restart}. */
  reliability: Reliability;
  dataFolder: string;
  stashClient: StashClient;
  /** Key of the library "Films" at `/media/films`. */
  sectionKey: string;
  lines: { level: LogLevel; text: string }[];
  context: WorkContext;
  /** Another process takes over: same queue, nothing remembered; with other settings where given. */
  restart(settings?: Record<string, unknown>): WorkContext;
  /** A scene with a screenshot-less file at `/data/films/<name>.mkv` and its bare item. */
  scanned(name: string, scene?: NewScene, item?: Partial<NewPlexItem>): number;
  item(name: string): PlexItem;
  record(...sceneIds: number[]): void;
  drain(): Promise<DrainResult>;
  /** Records and drains. */
  sync(...sceneIds: number[]): Promise<DrainResult>;
  /** Drains again and again, skipping to the next due time, until nothing waits or something is in the way. */
  drainAll(maxPasses?: number): Promise<DrainResult[]>;
  job(sceneId: number): JobRow | undefined;
  givenUp(): { sceneId: number; type: string; attempts: number }[];
  /** Requests to Plex since the last call, `METHOD path`. */
  plexRequests(): string[];
}

export interface BenchOptions {
  plex?: PlexDoubleOptions;
  stash?: StashDoubleOptions;
  settings?: Record<string, unknown>;
  readTimeoutMs?: number;
}

/** Starts a bench that is gone after the test. */
export async function startBench(options: BenchOptions = {}): Promise<Bench> {
  const clock = new FakeClock();
  const plex = await startPlexDouble(options.plex);
  const stash = await startStashDouble({ now: () => clock.now(), ...options.stash });
  const { key: sectionKey } = plex.library.addSection({ title: 'Films', locations: ['/media/films'] });
  const dataFolder = tempFolder();
  const paths = resolvePaths({ STASH_PLUGIN_DATA: dataFolder }, dataFolder);
  const db = openDatabase(paths.database, { durability: 'normal' });
  const jobs = createJobStore(db, clock);
  const deadLetters = createDeadLetters(db, clock);
  const pathIndex = createPathIndex(db);
  const { log, lines } = recordingLog();
  const openHealth = () => openReliability({ paths, clock, log, jobs });
  const stashClient = createStashClient(parseConnection({ ...stash.serverConnection() }), createRedactor());
  const closers: (() => Promise<void>)[] = [];

  const openContext = (reliability: Reliability, changed: Record<string, unknown> = {}): WorkContext => {
    const stored = { plex_url: plex.url, plex_token: plex.token, ...options.settings, ...changed };
    const { settings } = parseSettings(stored, {});
    const plain = createPlexClient(
      openPlexHttp({
        baseUrl: settings.plex_url,
        token: settings.plex_token,
        login: settings.plex_login,
        clientIdentifier: 'bench',
        version: '2.0.0',
        connectTimeoutMs: options.readTimeoutMs ?? 5_000,
        readTimeoutMs: options.readTimeoutMs ?? 5_000,
        clock,
      }),
      createRequestLimits(db, clock).of(settings.plex_url),
    );
    closers.push(() => plain.close());
    const timed = timingEdits(plain, clock, reliability.activity.edited);
    const client = watchPlex(timed, reliability.operations);
    return {
      clock,
      random: () => 1,
      log,
      redact: (text) => text,
      names: settings.obfuscate_paths ? createPathObfuscator() : PLAIN_PATHS,
      settings,
      jobDelayMs: 0,
      jobs,
      deadLetters,
      reliability,
      stash: watchStash(readingScenes(stashClient, settings), reliability.operations),
      gates: openGates({ settings, stash: stashClient, log }),
      plex: client,
      library: openLibrary(client, settings.plex_library),
      matching: openMatching({ plex: client, index: pathIndex, settings, clock }),
      lastSyncs: (sceneId) => jobs.sceneSyncs(sceneId),
      lastSyncsOf: (sceneIds) => jobs.sceneSyncsOf(sceneIds),
      owners: jobs.owners,
      chosen: jobs.chosen,
      doubts: doubtsBy(reliability.evidence, clock),
    };
  };
  onTestFinished(async () => {
    for (const close of closers) await close();
    await stashClient.close();
    await Promise.all([plex.close(), stash.close()]);
    db.close();
  });

  const reliability = openHealth();
  const bench: Bench = {
    stash,
    plex,
    clock,
    db,
    jobs,
    deadLetters,
    pathIndex,
    reliability,
    dataFolder,
    stashClient,
    sectionKey,
    lines,
    context: openContext(reliability),
    restart(settings) {
      bench.reliability = openHealth();
      bench.context = openContext(bench.reliability, settings);
      return bench.context;
    },
    scanned(name, scene = {}, item = {}) {
      plex.library.addItem(sectionKey, { title: name, file: `/media/films/${name}.mkv`, ...item });
      return stash.scenes.add({ files: [`/data/films/${name}.mkv`], details: `About ${name}.`, ...scene });
    },
    item(name) {
      const found = plex.library.itemByFile(`/media/films/${name}.mkv`);
      if (!found) throw new Error(`Plex has no item for ${name}.`);
      return found;
    },
    record(...sceneIds) {
      for (const sceneId of sceneIds) recordSceneChange(db, sceneId, clock.now());
    },
    drain: () => drainDue(bench.context),
    sync(...sceneIds) {
      bench.record(...sceneIds);
      return bench.drain();
    },
    async drainAll(maxPasses = 50) {
      const results: DrainResult[] = [];
      while (results.length < maxPasses) {
        const result = await bench.drain();
        results.push(result);
        const dueAtMs = jobs.nextDueAtMs();
        if (result.obstacle || dueAtMs === undefined) break;
        clock.advance(Math.max(dueAtMs - clock.now(), 0));
      }
      return results;
    },
    job(sceneId) {
      const row = db
        .prepare(
          `SELECT state, attempts, last_error_type AS error, due_at_ms - @nowMs AS dueInMs
           FROM jobs WHERE scene_id = @sceneId`,
        )
        .get({ sceneId, nowMs: clock.now() });
      return row as JobRow | undefined;
    },
    givenUp: () =>
      db
        .prepare(
          'SELECT scene_id AS sceneId, error_type AS type, retry_count AS attempts FROM dead_letters ORDER BY id',
        )
        .all() as ReturnType<Bench['givenUp']>,
    plexRequests() {
      const requests = plex.log.entries.map(({ method, path }) => `${method} ${path}`);
      plex.log.clear();
      return requests;
    },
  };
  return bench;
}
