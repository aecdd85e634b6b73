import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionReport, PathMapReport, SetupReport } from '../../src/tasks/pageReports.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ title: `T ${name}`, files: [`/data/films/${name}.mkv`] });
}

const output = <T>(run: PluginRun) => run.result.output as T;
const shown = ({ logs }: PluginRun) => logs.map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));
const remedies = (run: PluginRun) =>
  output<SetupReport>(run).lines.flatMap(({ area, name, remedy }) => (remedy ? [`${area}, ${name}`] : []));

/** Neither server was written to, and nothing was recorded, queued or started. */
function expectUntouched(): void {
  expect(world.plex.log.where({}).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(world.plex.violations).toEqual([]);
  const queries = world.stash.log.all().map(({ query }) => query ?? '');
  expect(queries.filter((query) => /\bmutation\b/.test(query))).toEqual([]);
  for (const table of ['jobs', 'scene_syncs', 'dead_letters'] as const) expect(world.rows(table)).toBe(0);
  expect(world.query('SELECT count(*) FROM default_settings')).toEqual([0]);
  expect(world.drainers()).toEqual([]);
}

/** No secret is in anything that a process said. */
function expectDiscreet(run: PluginRun): void {
  const said = `${run.stdout}\n${run.stderrRaw}`;
  for (const secret of [world.plex.token, world.plex.userToken, 'secret-of-the-proxy', 'SessionCookie']) {
    expect(said).not.toContain(secret);
  }
  for (const cookie of world.stash.log.all().map(({ headers }) => String(headers.cookie ?? '').slice(8))) {
    if (cookie) expect(said).not.toContain(cookie);
  }
}

describe('the task "Check Setup"', () => {
  it('says of everything whether it is fine, changes nothing, and ends with a report to paste', async () => {
    for (const name of ['one', 'two', 'three']) scanned(name);
    const run = await world.host.runTask('Check Setup');
    const report = output<SetupReport>(run);
    expect(report.summary).toBe('Everything is fine: nothing needs you.');
    expect(report.libraries).toEqual([
      expect.objectContaining({ title: 'Films', type: 'movie', items: 3, isUsable: true, isSynced: true }),
    ]);
    expect(report.pathMap).toMatchObject({ scenesTried: 3, matched: { name: 3 }, proposal: '/media=>/data' });
    expect([...new Set(report.lines.map(({ area }) => area))]).toEqual([
      ...['Program', 'Data folder', 'Stash', 'Settings', 'Plex', 'Libraries', 'Matching', 'Clocks'],
      ...['Background', 'Python plugin'],
    ]);
    const lines = shown(run);
    expect(lines[0]).toBe('=== Check Setup ===');
    expect(lines).toContain('  Films:                movie, com.plexapp.agents.none, 3 items: used');
    expect(lines.slice(-report.bugReport.split('\n').length)).toEqual(report.bugReport.split('\n'));
    for (const hidden of [world.dataFolder, '/data', '/media', 'Films', '127.0.0.1']) {
      expect(report.bugReport).not.toContain(hidden);
    }
    expect(run.logs.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(run.progress).toEqual([...run.progress].sort((left, right) => left - right));
    expect(run.progress.at(-1)).toBe(1);
    expectUntouched();
    expectDiscreet(run);
  });

  it('runs while nothing is set up, and while the plugin is off, and says so', async () => {
    world.stash.settings.delete('Stash2Plex');
    const bare = await world.host.runTask('Check Setup');
    expect(remedies(bare)).toEqual(['Settings, Connection']);
    expect(output<SetupReport>(bare)).toMatchObject({
      summary: 'Check Setup found 1 problem; each line says what helps.',
      pathMap: null,
    });
    expect(world.stash.settings.get('Stash2Plex')).toBeUndefined();
    const { url: plex_url, token: plex_token } = world.plex;
    world.stash.settings.set('Stash2Plex', { plex_url, plex_token, enabled: false });
    scanned('one');
    const off = await world.host.runTask('Check Setup');
    expect(remedies(off)).toEqual(['Settings, enabled', 'Matching, path_map']);
    expect(shown(off)).toContain('  enabled:              LOOK: Stash2Plex is switched off.');
    expectUntouched();
  });

  it('gives the other lines while a server is away', async () => {
    scanned('one');
    await world.plex.stop();
    const run = await world.host.runTask('Check Setup');
    expect(remedies(run)).toEqual(['Plex, Reached']);
    expect(run.logs.filter(({ level }) => level === 'warning')).toHaveLength(2);
    expectDiscreet(run);
    await world.plex.start();
    world.stash.faults.add({ match: { path: '/graphql' }, action: { status: 500 } });
    expect(remedies(await world.host.runTask('Check Setup'))).toEqual(['Stash, Reached']);
    expectUntouched();
  });
});

describe('the operation test_connection', () => {
  const test = async (settings?: unknown) =>
    world.host.runOperation({ mode: 'test_connection', ...(settings === undefined ? {} : { settings }) });

  it('tries settings that are stored nowhere yet', async () => {
    world.stash.settings.delete('Stash2Plex');
    const address = world.plex.url.replace('//', '//proxy:secret-of-the-proxy@');
    const run = await test({ plex_url: address, plex_token: world.plex.token });
    expect(output<ConnectionReport>(run)).toEqual({
      summary: 'The Plex server "Plex double" can be used: 1 library is synced.',
      isReached: true,
      isAccepted: true,
      isOwner: true,
      problem: null,
      serverName: 'Plex double',
      plexVersion: expect.stringMatching(/^1\./),
      serverId: world.plex.library.machineIdentifier,
      latencyMs: expect.any(Number),
      libraries: [expect.objectContaining({ key: world.sectionKey, items: 0, isSynced: true })],
    });
    expect(world.stash.settings.get('Stash2Plex')).toBeUndefined();
    expectUntouched();
    expectDiscreet(run);
  });

  it('refuses what is no map of settings, without repeating it', async () => {
    const run = await test('{"plex_token": "plex-admin-token"');
    expect(run.result.error).toBe('"settings" must be an object with the names and values of settings.');
    expectDiscreet(run);
  });
});

describe('the operation propose_path_map', () => {
  const propose = (settings: object) => world.host.runOperation({ mode: 'propose_path_map', settings });

  it('gives the value that finds more, with examples, and none where all is found', async () => {
    const ids = ['one', 'two', 'three'].map(scanned);
    const report = output<PathMapReport>(await propose({}));
    expect(report).toMatchObject({
      summary: '3 of 3 scenes have an item in Plex; another path_map would find 3 by the whole path.',
      proposal: '/media=>/data',
      pairs: [{ plex: '/media', stash: '/data', scenes: 3 }],
      misses: [],
    });
    expect(report.examples.map(({ sceneId }) => sceneId).sort()).toEqual(ids);
    for (const { stashPath, now, then, plexPath } of report.examples) {
      expect([now, then]).toEqual([stashPath, plexPath]);
      expect(plexPath).toBe(stashPath.replace('/data', '/media'));
    }
    const after = output<PathMapReport>(await propose({ path_map: report.proposal }));
    expect(after).toMatchObject({ matched: { path: 3 }, proposal: '', examples: [] });
    expectUntouched();
  });

  it('fails with a sentence where Plex cannot be used', async () => {
    const run = await propose({ plex_token: 'a-wrong-token-of-length' });
    expect(run.result.error).toMatch(/^Plex refuses the token.*owner's token as plex_token\.$/);
    expectDiscreet(run);
  });
});
