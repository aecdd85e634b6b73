// Operations that the plugin does not have yet answer from here, out of the world's own files and servers. To be removed row by
// row, as soon as there is a task for the mode; the tests hold for the plugin's own answers as well.
// biome-ignore-all lint/suspicious/noThenProperty: a word for what Plex has then
import { SETTINGS } from '../../src/config/settingsTable.ts';
import type {
  ConnectionReport,
  DashboardReport,
  ExplainReport,
  FailuresReport,
  PathMapReport,
  QueuedReport,
  SceneStatusReport,
  SettingsReport,
  SettingView,
} from '../../src/tasks/pageReports.ts';
import { remedyFor } from '../../src/tasks/remedyFor.ts';
import type { World } from '../support/startWorld.ts';
import type { StandIn } from '../support/uiHost/startUi.ts';

const rows = <Row>(world: World, sql: string) =>
  world.query(sql).map((text) => JSON.parse(String(text)) as Row);
const state = <Value>(world: World, name: string, missing: Value): Value => {
  try {
    return world.readState(name) as Value;
  } catch {
    return missing;
  }
};
const count = (world: World, sql: string) => Number(world.query(sql)[0] ?? 0);

function dashboard(_args: object, world: World): DashboardReport {
  const now = Date.now();
  const circuit = state(world, 'circuit_breaker.json', { state: 'closed', opened_at: null as number | null });
  const outages = state(world, 'outage_history.json', [] as Record<string, number | null>[]);
  const openedAtMs = circuit.opened_at === null ? null : circuit.opened_at * 1000;
  const dueIn = (sign: string) =>
    count(world, `SELECT count(*) FROM jobs WHERE state = 'pending' AND due_at_ms ${sign} ${now}`);
  return {
    summary: 'Looked.',
    version: '2.0.0',
    atMs: now,
    circuit: {
      state: circuit.state as 'closed',
      openedAtMs,
      trialAtMs: openedAtMs === null ? null : openedAtMs + 60_000,
    },
    obstacle: (world.query('SELECT obstacle FROM drainer')[0] as string | null) ?? null,
    isDrainerAlive: world.liveDrainers().length > 0,
    plexLatencyMs: 12,
    queue: {
      due: dueIn('<='),
      waiting: dueIn('>'),
      running: count(world, "SELECT count(*) FROM jobs WHERE state = 'running'"),
      deadLetters: count(world, 'SELECT count(*) FROM dead_letters WHERE recovered_at IS NULL'),
      shared: 0,
      heldBack: 0,
      next: rows(
        world,
        `SELECT json_object('sceneId', scene_id, 'dueAtMs', due_at_ms, 'attempts', attempts, 'lastError', last_error_type)
         FROM jobs ORDER BY due_at_ms LIMIT 10`,
      ),
    },
    ratePerMinute: null,
    secsToEmpty: null,
    events: rows(
      world,
      `SELECT json_object('atMs', synced_at_ms, 'sceneId', scene_id, 'outcome', 'written', 'text', '')
       FROM scene_syncs ORDER BY synced_at_ms DESC LIMIT 20`,
    ),
    reconciliation: {
      lastRunAtMs: null,
      scope: null,
      scenesChecked: 0,
      gapsFound: 0,
      queued: 0,
      lastError: null,
    },
    outages: outages
      .map(({ started_at, ended_at, jobs_affected }) => ({
        startedAtMs: Number(started_at) * 1000,
        endedAtMs: ended_at == null ? null : ended_at * 1000,
        scenesWaited: jobs_affected ?? null,
      }))
      .reverse(),
    throughput: Array.from({ length: 24 }, (_, index) => ({
      hourAtMs: now - (23 - index) * 3_600_000,
      synced: index === 23 ? count(world, 'SELECT count(*) FROM scene_syncs') : 0,
      failed: 0,
    })),
  };
}

const TITLES: Readonly<Record<string, string>> = {
  PlexNotFound: 'Not in Plex',
  AmbiguousMatch: 'Several items may be meant',
  PlexTemporaryError: 'Plex failed',
};

function failures(args: Readonly<Record<string, unknown>>, world: World): FailuresReport {
  const limit = Number(args['limit'] ?? 20);
  const offset = Number(args['offset'] ?? 0);
  const only = args['error_type'];
  const types = rows<{ type: string; count: number }>(
    world,
    `SELECT json_object('type', error_type, 'count', count(*)) FROM dead_letters WHERE recovered_at IS NULL
     GROUP BY error_type ORDER BY count(*) DESC`,
  );
  const groups = types
    .filter(({ type }) => only === undefined || only === type)
    .map(({ type, count: size }) => {
      const scenes = rows<FailuresReport['groups'][number]['scenes'][number]>(
        world,
        `SELECT json_object('sceneId', scene_id, 'deadLetterId', id, 'message', error_message, 'attempts', retry_count,
           'failedAtMs', unixepoch(failed_at) * 1000)
         FROM dead_letters WHERE error_type = '${type}' AND recovered_at IS NULL
         ORDER BY failed_at DESC, id LIMIT ${limit} OFFSET ${offset}`,
      );
      const times = scenes.map(({ failedAtMs }) => failedAtMs);
      return {
        errorType: type,
        title: TITLES[type] ?? type,
        remedy: remedyFor(type),
        count: size,
        firstFailedAtMs: Math.min(...times),
        lastFailedAtMs: Math.max(...times),
        scenes,
      };
    });
  const total = types.reduce((sum, each) => sum + each.count, 0);
  return { summary: `${total} given up.`, total, groups, shared: { total: 0, scenes: [] } };
}

const itemsOf = (world: World, sceneId: number) =>
  rows<{ serverId: string; ratingKey: string; atMs: number }>(
    world,
    `SELECT json_object('serverId', server_id, 'ratingKey', rating_key, 'atMs', synced_at_ms)
     FROM scene_syncs WHERE scene_id = ${sceneId}`,
  );

function sceneStatus(args: Readonly<Record<string, unknown>>, world: World): SceneStatusReport {
  const sceneId = Number(args['scene_id']);
  const items = itemsOf(world, sceneId);
  const [job] = rows<{ dueAtMs: number }>(
    world,
    `SELECT json_object('dueAtMs', due_at_ms) FROM jobs WHERE scene_id = ${sceneId}`,
  );
  const [failure] = rows<{ errorType: string; message: string }>(
    world,
    `SELECT json_object('errorType', error_type, 'message', error_message)
     FROM dead_letters WHERE scene_id = ${sceneId} AND recovered_at IS NULL`,
  );
  const base = {
    summary: '',
    sceneId,
    items: items.map(({ serverId, ratingKey }) => ({ serverId, ratingKey })),
    ...(items[0] ? { lastSyncedAtMs: items[0].atMs } : {}),
  };
  if (job) return { ...base, status: 'waiting', ...job };
  if (failure) {
    const status = failure.errorType === 'PlexNotFound' ? 'not_in_plex' : 'failed';
    return { ...base, status, ...failure, remedy: remedyFor(failure.errorType) };
  }
  return { ...base, status: items.length > 0 ? 'equal' : 'never_synced' };
}

async function queueScene(args: Readonly<Record<string, unknown>>, world: World): Promise<QueuedReport> {
  const id = Number(args['scene_id']);
  await world.host.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
  return { summary: 'The scene is queued; the background process works on it.', queued: 1 };
}

async function chooseItem(args: Readonly<Record<string, unknown>>, world: World): Promise<QueuedReport> {
  await drop({ scene_ids: [Number(args['scene_id'])] }, world);
  return { summary: `Item ${args['rating_key']} is the scene's from now on; it is synced next.`, queued: 1 };
}

async function drop(args: Readonly<Record<string, unknown>>, world: World): Promise<{ removed: number }> {
  const ids = args['scene_ids'] as number[] | undefined;
  const before = world.rows('dead_letters');
  world.query('SELECT 1');
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(`${world.dataFolder}/stash2plex.db`);
  if (ids) db.prepare(`DELETE FROM dead_letters WHERE scene_id IN (${ids.map(Number).join(',')})`).run();
  else if (args['error_type']) {
    db.prepare('DELETE FROM dead_letters WHERE error_type = ?').run(args['error_type']);
  } else db.prepare('DELETE FROM dead_letters').run();
  db.close();
  return { removed: before - world.rows('dead_letters') };
}

const GROUPS: readonly [RegExp, SettingView['group']][] = [
  [/^(connect_timeout|read_timeout|plex_)/, 'connection'],
  [/^(sync_|max_tags|preserve)/, 'synced'],
  [/^(enabled|strict|skip|trigger|path_map)/, 'scenes'],
  [/^reconcile/, 'when'],
];

function checkSettings(args: Readonly<Record<string, unknown>>, world: World): SettingsReport {
  const stored = (args['settings'] ?? {}) as Record<string, unknown>;
  const { settings } = world.host.manifest;
  const views = Object.entries(SETTINGS).map(([key, definition]): SettingView => {
    const usual: unknown = Array.isArray(definition.default) ? '' : definition.default;
    const given = stored[key] ?? usual;
    const parsed = definition.schema.safeParse(given);
    const choices = /^reconcile_(interval|scope)$/.test(key) ? definition.expects.split(', ') : undefined;
    const [, low, high] = /from ([\d.]+) to (\d+)/.exec(definition.expects) ?? [];
    const kind = typeof usual === 'boolean' ? 'switch' : typeof usual === 'number' ? 'number' : 'text';
    return {
      key,
      kind: choices ? 'choice' : kind,
      displayName: settings[key]?.displayName ?? key,
      description: settings[key]?.description ?? '',
      group: GROUPS.find(([pattern]) => pattern.test(key))?.[1] ?? 'expert',
      value: parsed.success ? given : usual,
      default: usual,
      isStored: key in stored,
      ...(low === undefined ? {} : { minimum: Number(low), maximum: Number(high) }),
      ...(choices ? { choices } : {}),
      ...(parsed.success ? {} : { warning: `Setting ${key} must be ${definition.expects}.` }),
    };
  });
  const isSetUp = Boolean(stored['plex_url']) && Boolean(stored['plex_token']);
  return {
    summary: '',
    problem: isSetUp
      ? null
      : 'Stash2Plex is not set up: enter the address of your Plex server and its token.',
    settings: views,
  };
}

function testConnection(args: Readonly<Record<string, unknown>>, world: World): ConnectionReport {
  const given = (args['settings'] ?? {}) as Record<string, unknown>;
  const isReached = given['plex_url'] === world.plex.url;
  const isAccepted = isReached && given['plex_token'] === world.plex.token;
  const problem = !isReached
    ? 'Nobody answers at this address: check host and port.'
    : isAccepted
      ? null
      : 'Plex refused the token: copy it again from an app that the owner is signed in to.';
  return {
    summary: problem ?? 'The Plex server "Attic" can be used: 1 library is synced.',
    isReached,
    isAccepted,
    isOwner: isAccepted,
    problem,
    serverName: isReached ? 'Attic' : null,
    plexVersion: isReached ? '1.41.3' : null,
    serverId: 'double',
    latencyMs: 4,
    libraries: isAccepted
      ? [
          ...world.plex.library.sections().map(({ key, title, type, agent }) => ({
            key,
            title,
            type,
            agent: agent ?? '',
            items: [...world.plex.library.items()].filter((item) => item.sectionKey === key).length,
            isUsable: type === 'movie',
            isSynced: true,
          })),
        ]
      : [],
  };
}

function proposePathMap(_args: object, world: World): PathMapReport {
  return {
    summary: 'One entry would compare whole paths for every scene.',
    scenesTried: 2,
    matched: { path: 0, name: 2, ambiguous: 0, none: 0 },
    proposal: '/media/films=>/data/films',
    pairs: [{ plex: '/media/films', stash: '/data/films', scenes: 2 }],
    examples: world.stash.scenes.all().map(({ id: sceneId, files }) => {
      const stashPath = files[0]?.path ?? '';
      const plexPath = stashPath.replace('/data/', '/media/');
      return { sceneId, stashPath, now: stashPath, then: plexPath, plexPath, ratingKey: '1' };
    }),
    misses: [],
  };
}

function explainScene(args: Readonly<Record<string, unknown>>, world: World): ExplainReport {
  const sceneId = Number(args['scene_id']);
  const path = world.stash.scenes.get(sceneId)?.files[0]?.path ?? '';
  const name = path.split('/').at(-1) ?? '';
  const candidates = [...world.plex.library.items()].filter(({ files }) =>
    files.some((file) => file.endsWith(`/${name}`)),
  );
  return {
    summary: '',
    sceneId,
    sentences: [
      `The scene's file is ${path}.`,
      `Plex has ${candidates.length} items with a file of that name.`,
    ],
    gate: null,
    files: [{ stashPath: path, lookedFor: path, sizeBytes: null }],
    candidates: candidates.map(({ ratingKey, title, files }) => ({
      ratingKey,
      serverId: 'double',
      title,
      library: 'Films',
      paths: files,
      sizeBytes: null,
      agreement: 'name',
      isChosen: false,
      reason: '',
    })),
    lastSync: [],
    nextSync: [],
    queue: '',
  };
}

async function previewSync(args: Readonly<Record<string, unknown>>, world: World): Promise<unknown> {
  const { result } = await world.host.runOperation(args);
  if (result.error !== undefined) throw new Error(result.error);
  const report = result.output as { scenes: { changes?: { field: string; from: string; to: string }[] }[] };
  return {
    ...report,
    scenes: report.scenes.map((scene) => ({
      ...scene,
      fields: scene.changes?.map(({ field, from, to }) => ({ field, stash: to, now: from, then: to })),
    })),
  };
}

/** Modes that no task answers yet. */
export const STAND_INS: Readonly<Record<string, StandIn>> = {
  dashboard,
  failures,
  scene_status: sceneStatus,
  sync_scene: queueScene,
  choose_item: chooseItem,
  check_settings: checkSettings,
  test_connection: testConnection,
  propose_path_map: proposePathMap,
  explain_scene: explainScene,
  preview_sync: previewSync,
  clear_dlq: async (args, world) => ({
    summary: `${(await drop(args, world)).removed} dead letters were removed.`,
  }),
};
