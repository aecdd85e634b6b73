import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import type {
  DashboardReport,
  FailuresReport,
  SceneStatusReport,
  SettingsReport,
} from '../../src/tasks/pageReports.ts';
import { VIEW_MODES } from '../../src/tasks/viewModes.ts';
import { startWorld, type World, YML_PATH } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const HOUR_MS = 3_600_000;
const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    files: [`/data/films/${name}.mkv`],
  });
}

/** Asks as the page does: by an operation, which has no arguments but its own. */
async function ask<Report>(
  mode: string,
  args: Record<string, unknown> = {},
  host = paused(),
): Promise<Report> {
  const { result, exitCode } = await host.runOperation({ mode, ...args });
  expect(result.error, mode).toBeUndefined();
  expect(exitCode, mode).toBe(0);
  return result.output as Report;
}

async function refused(mode: string, args: Record<string, unknown>): Promise<string> {
  const run = await paused().runOperation({ mode, ...args });
  expect(run.exitCode).toBe(1);
  expect(run.result.error).toMatch(/^["A-Z][^\n]+\.$/);
  return run.result.error ?? '';
}

const dashboard = (host = paused()) => ask<DashboardReport>('dashboard', {}, host);
const requests = () => world.stash.log.count() + world.plex.log.count();
const record = (id: number) =>
  paused().runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
/** Every file of the data folder that is content: names, sizes, and the database's bytes. */
function content(): unknown {
  const names = readdirSync(world.dataFolder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => !/compile_cache|-shm$|-wal$/.test(name))
    .map((name) => join(world.dataFolder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

describe('the operation "dashboard"', () => {
  it('has everything in it before there is anything, and leaves nothing behind', async () => {
    const before = content();
    const report = await dashboard();
    expect(report).toMatchObject({
      summary: '0 scenes wait to be synced, 0 given up.',
      circuit: { state: 'closed', openedAtMs: null, trialAtMs: null },
      obstacle: null,
      isDrainerAlive: false,
      plexLatencyMs: null,
      queue: { due: 0, waiting: 0, running: 0, deadLetters: 0, shared: 0, heldBack: 0, next: [] },
      ratePerMinute: null,
      secsToEmpty: null,
      events: [],
      reconciliation: { lastRunAtMs: null, scope: null, lastError: null },
      outages: [],
    });
    expect(report.throughput).toHaveLength(24);
    expect(content()).toEqual(before);
    expect(requests()).toBe(0);
  });

  it('shows what a drainer does and did, while it lives, and asks nobody', async () => {
    world.plex.switches.latencyMs = 5;
    const [one, two] = [scanned('one'), scanned('two')];
    await world.host.runHook('Scene.Update.Post', {
      id: one,
      input: { id: String(one) },
      inputFields: ['title'],
    });
    await world.host.runHook('Scene.Update.Post', {
      id: two,
      input: { id: String(two) },
      inputFields: ['title'],
    });
    const events = () => world.query('SELECT scene_id FROM recent_events');
    await world.until('both to be told of', () => events().length === 2);
    const asked = requests();
    const report = await dashboard();
    expect(requests()).toBe(asked);
    expect(report.isDrainerAlive).toBe(true);
    expect(report.queue).toMatchObject({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
    expect(report.events.map(({ sceneId }) => sceneId).sort()).toEqual([one, two].sort());
    expect(report.events[0]).toMatchObject({
      outcome: 'written',
      text: expect.stringContaining('Title of '),
    });
    expect(report.plexLatencyMs).toBeGreaterThanOrEqual(5);
    expect(report.ratePerMinute).toBeGreaterThan(0);
    expect(report.secsToEmpty).toBe(0);
    const hours = report.throughput.slice(-2).map(({ synced }) => synced);
    expect(hours.reduce((sum, synced) => sum + synced, 0)).toBe(2);
    world.killDrainers();
    await world.until('the drainer to be gone', () => world.liveDrainers().length === 0);
    expect((await dashboard()).isDrainerAlive).toBe(false);
  });

  it('shows what waits, with what is recorded and not taken in yet, and touches none of it', async () => {
    const [one, two] = [scanned('one'), scanned('two')];
    await record(one);
    await paused().runTask('View Queue Status');
    const db = openDatabase(join(world.dataFolder, 'stash2plex.db'), { durability: 'normal' });
    db.exec("UPDATE jobs SET attempts = 2, last_error_type = 'X', last_error_message = 'It failed.'");
    db.exec(`INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (99, ${Date.now() + HOUR_MS}, 0)`);
    db.close();
    await record(two);
    const spooled = world.spooled().length;
    const before = content();
    const { queue } = await dashboard();
    expect(queue).toMatchObject({ due: 2, waiting: 1, running: 0 });
    expect(queue.next[0]).toMatchObject({ sceneId: one, attempts: 2, lastError: 'It failed.' });
    expect(queue.next.at(-1)).toMatchObject({ sceneId: 99 });
    expect(world.spooled()).toHaveLength(spooled);
    expect(content()).toEqual(before);
    expect(world.drainers()).toEqual([]);
    expect(requests()).toBe(0);
  });

  it('shows the circuit, its outages and the last reconciliation, from files that it leaves as they are', async () => {
    const startSecs = Math.floor(Date.now() / 1000) - 7_200;
    world.writeState('circuit_breaker.json', {
      state: 'open',
      failure_count: 0,
      success_count: 0,
      opened_at: startSecs + 7_000,
      last_opened_at: startSecs + 7_190,
    });
    const ended = { started_at: startSecs, ended_at: startSecs + 60, duration: 60, jobs_affected: 4 };
    const open = { started_at: startSecs + 7_000, ended_at: null, duration: null, jobs_affected: 0 };
    world.writeState('outage_history.json', [ended, open]);
    world.writeState('reconciliation_state.json', 'no JSON at all');
    const before = content();
    const report = await dashboard();
    expect(report.circuit).toEqual({
      state: 'open',
      openedAtMs: (startSecs + 7_000) * 1000,
      trialAtMs: (startSecs + 7_250) * 1000,
    });
    expect(report.outages).toEqual([
      { startedAtMs: (startSecs + 7_000) * 1000, endedAtMs: null, scenesWaited: null },
      { startedAtMs: startSecs * 1000, endedAtMs: (startSecs + 60) * 1000, scenesWaited: 4 },
    ]);
    expect(report.reconciliation.lastRunAtMs).toBeNull();
    expect(content()).toEqual(before);
    expect(requests()).toBe(0);
  });

  it('says in a sentence that the data file is of another version, and leaves it so', async () => {
    await record(scanned('one'));
    await paused().runTask('View Queue Status');
    for (const schema of [1, 999]) {
      const db = openDatabaseAs(schema);
      for (const mode of ['dashboard', 'failures']) {
        expect(await refused(mode, {})).toMatch(schema === 1 ? /earlier version/ : /newer version/);
      }
      db.restore();
    }
    expect((await dashboard()).queue.due).toBe(1);
  });

  it('works in a data folder that cannot be written', async () => {
    await record(scanned('one'));
    await paused().runTask('View Queue Status');
    const root = dirname(YML_PATH);
    // Nothing is forbidden to root; somebody else may not be allowed to see the checkout.
    const other = { uid: 65_534, gid: 65_534 };
    const isRoot = process.getuid?.() === 0 && spawnSync('ls', [root], other).status === 0;
    const nobody = isRoot ? other : {};
    const paths = readdirSync(world.dataFolder).map((name) => join(world.dataFolder, name));
    for (const path of paths) chmodSync(path, statSync(path).isDirectory() ? 0o555 : 0o444);
    chmodSync(world.dataFolder, 0o555);
    const { stdout } = spawnSync(join(root, 'stash2plex'), [root], {
      ...nobody,
      env: { ...process.env, STASH_PLUGIN_DATA: world.dataFolder },
      input: JSON.stringify({ server_connection: {}, args: { mode: 'dashboard' } }),
      encoding: 'utf8',
    });
    chmodSync(world.dataFolder, 0o755);
    expect(JSON.parse(stdout)).toMatchObject({ output: { queue: { due: 1 } } });
  });
});

/** The data file with another schema number, until it is put back. */
function openDatabaseAs(schema: number) {
  const path = join(world.dataFolder, 'stash2plex.db');
  const db = openDatabase(path, { durability: 'normal' });
  const own = Number(db.pragma('user_version', { simple: true }));
  db.pragma(`user_version = ${schema}`);
  return {
    restore() {
      expect(db.pragma('user_version', { simple: true })).toBe(schema);
      db.pragma(`user_version = ${own}`);
      db.close();
    },
  };
}

describe('the operations that deal with what was given up', () => {
  beforeEach(() => {
    world.giveUp(
      { sceneId: 1, type: 'PlexNotFound', agoSecs: 300 },
      { sceneId: 2, type: 'PlexNotFound', agoSecs: 200 },
      { sceneId: 3, type: 'PlexNotFound', agoSecs: 100 },
      { sceneId: 4, type: 'AmbiguousMatch', agoSecs: 50 },
    );
  });
  const left = () => world.query('SELECT scene_id FROM dead_letters WHERE recovered_at IS NULL ORDER BY 1');

  it('list them by reason with title and remedy, a part at a time, and change nothing', async () => {
    const before = content();
    const report = await ask<FailuresReport>('failures', { limit: 2 });
    expect(report).toMatchObject({
      summary: '4 scenes were given up.',
      total: 4,
      shared: { total: 0, scenes: [] },
    });
    expect(report.groups.map(({ errorType, title, count }) => [errorType, title, count])).toEqual([
      ['PlexNotFound', 'Not in Plex', 3],
      ['AmbiguousMatch', 'Several Plex items may be meant', 1],
    ]);
    const [missing] = report.groups;
    expect(missing?.remedy).toContain('let Plex scan the folder');
    expect(missing?.scenes.map(({ sceneId, attempts, message }) => [sceneId, attempts, message])).toEqual([
      [3, 5, 'It failed.'],
      [2, 5, 'It failed.'],
    ]);
    expect((missing?.lastFailedAtMs ?? 0) - (missing?.firstFailedAtMs ?? 0)).toBe(200_000);
    const next = await ask<FailuresReport>('failures', {
      error_type: 'PlexNotFound',
      offset: '2',
      limit: '2',
    });
    expect(next.groups).toMatchObject([{ count: 3, scenes: [{ sceneId: 1 }] }]);
    expect(content()).toEqual(before);
    expect(requests()).toBe(0);
  });

  it('retry one, a group, or all', async () => {
    const one = await ask('retry_failed', { scene_ids: '2' });
    expect(one).toMatchObject({ retried: 1, summary: expect.stringMatching(/^1 scene gets another try\./) });
    expect(left()).toEqual([1, 3, 4]);
    const group = await ask('retry_failed', { error_type: 'PlexNotFound', scene_ids: [1, '3', 4] });
    expect(group).toMatchObject({ retried: 2 });
    expect(group).toMatchObject({ summary: expect.stringContaining('1 other scene is not given up') });
    expect(left()).toEqual([4]);
    expect(await ask('retry_failed')).toMatchObject({ retried: 1 });
    expect(world.waitingScenes()).toEqual([1, 2, 3, 4]);
  });

  it('discard one, a group, or all, and no other', async () => {
    expect(await ask('clear_dlq', { scene_ids: '2, 2' })).toMatchObject({ removed: 1 });
    expect(left()).toEqual([1, 3, 4]);
    expect(await ask('clear_dlq', { error_type: 'AmbiguousMatch' })).toMatchObject({ removed: 1 });
    expect(left()).toEqual([1, 3]);
    expect(await ask('clear_dlq')).toMatchObject({ removed: 2, summary: '2 dead letters were removed.' });
    expect(left()).toEqual([]);
    expect(world.rows('jobs')).toBe(0);
  });

  it.each(['retry_failed', 'clear_dlq'])(
    'refuse what they do not understand, and do nothing: %s',
    async (mode) => {
      expect(await refused(mode, { scene_ids: '2,x' })).toContain('"scene_ids" must be numbers of scenes');
      expect(await refused(mode, { scene_ids: [] })).toContain('"scene_ids" must be numbers of scenes');
      expect(await refused(mode, { scene_ids: '77' })).toContain('None of the scenes');
      expect(await refused(mode, { error_type: 'Nonsense' })).toContain(
        'there are: PlexNotFound, AmbiguousMatch',
      );
      expect(await refused(mode, { ids: '2' })).toContain('Unknown argument "ids"');
      expect(left()).toEqual([1, 2, 3, 4]);
    },
  );
});

describe("the operations of a scene's page", () => {
  const status = (sceneId: number, host = paused()) =>
    ask<SceneStatusReport>('scene_status', { scene_id: String(sceneId) }, host);

  it('tell how it stands with the scene, from never synced to equal, with its items', async () => {
    const id = scanned('one');
    expect(await status(id)).toMatchObject({ status: 'never_synced', items: [] });
    await record(id);
    await paused().runTask('View Queue Status');
    expect(await status(id)).toMatchObject({ status: 'waiting', dueAtMs: expect.any(Number) });
    expect(requests()).toBe(0);
    await paused().runTask('Process Queue');
    const key = world.plex.library.itemByFile('/media/films/one.mkv')?.ratingKey;
    const before = content();
    expect(await status(id)).toMatchObject({
      summary: `Scene ${id} is in Plex as it is in Stash.`,
      sceneId: id,
      status: 'equal',
      lastSyncedAtMs: expect.any(Number),
      items: [{ serverId: expect.stringMatching(/^[0-9a-f]{40}$/), ratingKey: key }],
    });
    expect(content()).toEqual(before);
    world.giveUp({ sceneId: id, type: 'PlexNotFound', agoSecs: 1 });
    expect(await status(id)).toMatchObject({ status: 'not_in_plex', remedy: expect.any(String) });
  });

  it('tell of a gate that holds the scene back, where there are gates', async () => {
    await paused().runTask('View Queue Status');
    const db = openDatabase(join(world.dataFolder, 'stash2plex.db'), { durability: 'normal' });
    db.exec(
      'CREATE TABLE IF NOT EXISTS held_back (scene_id INTEGER PRIMARY KEY, gate TEXT, held_at_ms INTEGER)',
    );
    db.exec("INSERT INTO held_back (scene_id, gate, held_at_ms) VALUES (7, 'the tag gate', 0)");
    db.close();
    expect(await status(7)).toMatchObject({ status: 'held_back', gate: 'the tag gate' });
    expect((await dashboard()).queue.heldBack).toBe(1);
  });

  it('queue the scene before all others, and have it synced', async () => {
    const [one, two] = [scanned('one'), scanned('two')];
    await record(one);
    await paused().runTask('View Queue Status');
    const report = await ask('sync_scene', { scene_id: two });
    expect(report).toMatchObject({ queued: 1, summary: expect.stringContaining('"Process Queue"') });
    expect((await dashboard()).queue.next.map(({ sceneId }) => sceneId)).toEqual([two, one]);
    expect(requests()).toBe(0);
    expect(await ask('sync_scene', { scene_id: one }, world.host)).toMatchObject({
      summary: `Scene ${one} is queued before all others; the background process works on it.`,
    });
    const title = () => world.plex.library.itemByFile('/media/films/one.mkv')?.title;
    await world.until('the sync', () => title() === 'Title of one');
  });

  it.each(['scene_status', 'sync_scene'])('refuse what is no scene in a sentence: %s', async (mode) => {
    for (const scene_id of ['x', '-1', 0, '']) {
      expect(await refused(mode, { scene_id })).toContain('"scene_id" must be the number of a scene');
    }
    expect(await refused(mode, {})).toContain('it is missing');
    expect(world.rows('jobs')).toBe(0);
  });
});

describe('the operation "check_settings"', () => {
  it('says what is in force, and hides the token, also in a sentence that quotes it', async () => {
    const { token } = world.plex;
    const settings = { plex_url: world.plex.url, plex_token: token, path_map: token };
    const before = content();
    const run = await paused().runOperation({ mode: 'check_settings', settings });
    const { settings: views } = run.result.output as SettingsReport;
    expect(run.stdout + run.stderrRaw).not.toContain(token);
    const { warning, value } = views.find(({ key }) => key === 'path_map') ?? {};
    expect({ warning, value }).toEqual({ warning: expect.stringContaining('left out: "****"'), value: '' });
    expect(content()).toEqual(before);
    expect(requests()).toBe(0);
  });
});

describe('every operation of the page', () => {
  it.each(VIEW_MODES)('refuses arguments that it does not take: %s', async (mode) => {
    expect(await refused(mode, { nonsense: 1 })).toContain(
      `Unknown argument "nonsense" of the mode "${mode}"`,
    );
  });
});
