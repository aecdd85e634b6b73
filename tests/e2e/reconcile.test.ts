import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

const STATE = 'reconciliation_state.json';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

/** A scene with details and a bare item. */
function scanned(name: string, agoHours = 0): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  const stamp = world.stash.scenes.stamp(-agoHours * 3_600_000);
  const times = { created_at: stamp, updated_at: stamp };
  return world.stash.scenes.add({ title: name, details: 'D', files: [`/data/films/${name}.mkv`], ...times });
}

const summaryOf = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.summary;
const setUp = (settings: Record<string, unknown>) => {
  const { url, token } = world.plex;
  world.stash.settings.set('Stash2Plex', { plex_url: url, plex_token: token, ...settings });
};
const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
const output = (run: PluginRun) => run.result.output as Record<string, unknown> & { summary: string };
const linesOf = ({ logs }: PluginRun, level: string) =>
  logs.filter((line) => line.level === level).map(({ text }) => text);

describe('the reconciliation tasks', () => {
  it('compare, queue and answer at once; a drainer does the rest (18.23)', async () => {
    for (const name of ['a', 'b', 'c']) scanned(name);
    const run = await world.host.runTask('Reconcile Library (All)');
    expect(output(run)).toMatchObject({
      summary: '3 scenes checked: 3 gaps found, 3 scenes queued.',
      checked: 3,
      enqueued: 3,
      gaps: { empty_metadata: 3, stale_sync: 0, missing: 0 },
    });
    await world.until('the drain', () => world.rows('jobs') === 0 && world.rows('scene_syncs') === 3);
    expect(['a', 'b', 'c'].map(summaryOf)).toEqual(['D', 'D', 'D']);
    const again = output(await world.host.runTask('Reconcile Library (All)'));
    expect(again).toMatchObject({
      checked: 3,
      right: 3,
      enqueued: 0,
      summary: '3 scenes checked: no gaps found.',
    });
  });

  it('look at the scenes of their scopes (18.23)', async () => {
    scanned('day', 5);
    scanned('week', 100);
    scanned('old', 1_000);
    const checked = async (task: string) => output(await paused().runTask(task))['checked'];
    expect(await checked('Reconcile Library (Recent)')).toBe(1);
    expect(await checked('Reconcile Library (Last 7 Days)')).toBe(2);
    expect(await checked('Reconcile Library (All)')).toBe(3);
    expect(await checked('Reconcile Missing Metadata Only')).toBe(3);
    expect(world.readState(STATE)).toMatchObject({
      run_count: 4,
      last_run_scope: 'missing metadata',
      is_startup_run: false,
    });
  });

  it('show progress that moves and never goes back', async () => {
    setUp({ reconcile_batch_size: 10 });
    for (let n = 0; n < 40; n += 1) scanned(`f${n}`);
    const { progress } = await paused().runTask('Reconcile Library (All)');
    expect(progress).toEqual(progress.toSorted((left, right) => left - right));
    expect(new Set(progress).size).toBeGreaterThan(4);
    expect(progress.at(-1)).toBe(1);
  });

  it('stopped in the middle leave nothing behind that nobody syncs (W5, W13)', async () => {
    setUp({ reconcile_batch_size: 10 });
    for (let n = 0; n < 30; n += 1) scanned(`f${n}`);
    const isPage = { operation: 'Stash2PlexScenePage' };
    world.stash.faults.add({ match: isPage, nth: 3, action: { delayMs: 60_000 } });
    const task = world.host.startTask('Reconcile Library (All)');
    await world.until('the third page', () => world.stash.log.count(isPage) === 3);
    task.kill();
    await task.finished;
    await world.until('the syncs', () => world.rows('scene_syncs') === 20 && world.rows('jobs') === 0);
  });

  it('log the breakdown, and the status shows the last run (18.23)', async () => {
    scanned('a');
    const run = await paused().runTask('Reconcile Library (All)');
    const text = linesOf(run, 'info').join('\n');
    for (const line of [
      'Scenes checked:      1',
      'empty metadata:    1',
      'stale sync:        0',
      'missing:           0',
    ])
      expect(text).toContain(line);
    const status = linesOf(await paused().runTask('View Queue Status'), 'info').join('\n');
    expect(status).toContain('checked 1, gaps 1, queued 1');
    expect(status).toContain('empty 1, stale 0, missing 0');
  });

  it('answer with what stands in the way, and queue nothing (18.22)', async () => {
    scanned('a');
    await world.plex.stop();
    const run = await world.host.runTask('Reconcile Library (All)');
    expect(run.result).toEqual({ error: expect.stringContaining('Plex') });
    expect(world.rows('jobs')).toBe(0);
    expect(world.readState(STATE)).toMatchObject({
      run_count: 0,
      last_error: expect.stringContaining('Plex'),
    });
  });

  it('name the settings that are missing (18.23)', async () => {
    world.stash.settings.set('Stash2Plex', {});
    const run = await world.host.runTask('Reconcile Library (Recent)');
    expect(run.result).toEqual({ error: expect.stringContaining('plex_url') });
  });

  it('do nothing when nothing is to be synced at all', async () => {
    setUp({ sync_master: false });
    scanned('a');
    expect(output(await world.host.runTask('Reconcile Library (All)')).summary).toContain('sync_master');
    expect(world.rows('jobs')).toBe(0);
  });

  it('warn once about a cap that is no number, and check every scene', async () => {
    for (const name of ['a', 'b']) scanned(name);
    const host = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0', STASH2PLEX_RECONCILE_MAX_SCENES: 'few' });
    const run = await host.runTask('Reconcile Library (All)');
    expect(output(run)['checked']).toBe(2);
    expect(linesOf(run, 'warning').filter((text) => text.includes('MAX_SCENES'))).toHaveLength(1);
  });

  it('obey STASH2PLEX_RECONCILE_MAX_SCENES', async () => {
    const ids = ['a', 'b', 'c'].map((name) => scanned(name));
    const host = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0', STASH2PLEX_RECONCILE_MAX_SCENES: '2' });
    expect(output(await host.runTask('Reconcile Library (All)'))['checked']).toBe(2);
    expect(world.waitingScenes()).toEqual(ids.slice(1));
  });
});

describe('the automatic reconciliation', () => {
  it('is done by the drainer that a hook starts, which finds what no hook told (18.23)', async () => {
    setUp({ reconcile_interval: 'daily', reconcile_scope: 'all' });
    scanned('unnoticed', 1_000);
    await world.act.editScene(scanned('edited'), { title: 'Edited' });
    // A sync is noted before Plex is told.
    await world.until('both syncs', () => world.rows('scene_syncs') === 2 && summaryOf('unnoticed') === 'D');
    await world.until('the record', () => (world.readState(STATE) as { run_count: number }).run_count === 1);
    expect(world.readState(STATE)).toMatchObject({ last_run_scope: 'all scenes', claim_time: 0 });
  });

  it('is left to a drainer by a task, which does not wait for it (18.23)', async () => {
    setUp({ reconcile_interval: 'weekly', reconcile_scope: 'all' });
    scanned('unnoticed', 1_000);
    const run = await world.host.runTask('Health Check');
    expect(linesOf(run, 'info').join('\n')).not.toContain('Reconciliation');
    await world.until('the sync', () => world.rows('scene_syncs') === 1);
    expect(world.drainers()).toHaveLength(1);
  });

  it('is done by Process Queue where nobody starts drainers', async () => {
    setUp({ reconcile_interval: 'hourly', reconcile_scope: 'all' });
    scanned('unnoticed', 1_000);
    await paused().runTask('Process Queue');
    expect(summaryOf('unnoticed')).toBe('D');
  });

  it('does not happen while the interval is never (18.23)', async () => {
    scanned('unnoticed');
    await world.act.editScene(scanned('edited'), { title: 'Edited' });
    await world.until('the sync', () => world.rows('scene_syncs') === 1 && world.rows('jobs') === 0);
    await paused().runTask('Process Queue');
    expect(world.rows('scene_syncs')).toBe(1);
    expect(() => world.readState(STATE)).toThrow('ENOENT');
  });

  it('is not started by a task that only looks (W49)', async () => {
    setUp({ reconcile_interval: 'hourly' });
    scanned('unnoticed');
    await world.host.runTask('View Queue Status');
    expect(world.drainers()).toEqual([]);
    expect(() => world.readState(STATE)).toThrow('ENOENT');
  });

  it('keeps no event waiting: what is due is synced between its pages', async () => {
    setUp({ reconcile_interval: 'hourly', reconcile_scope: 'all', reconcile_batch_size: 10 });
    for (let n = 0; n < 300; n += 1) scanned(`f${n}`);
    const id = scanned('edited');
    world.plex.switches.maxPageSize = 10;
    await world.act.editScene(id, { title: 'Edited' });
    await world.until('everything', () => world.rows('scene_syncs') === 301, 40_000);
    const { entries } = world.plex.log;
    const firstWrite = entries.findIndex(({ method }) => method === 'PUT');
    // Listings for the path index alone leave more out.
    const lastPage = entries.findLastIndex(({ url }) => /\/all\?.*excludeElements=Country/.test(url));
    expect(firstWrite).toBeGreaterThan(-1);
    expect(firstWrite).toBeLessThan(lastPage);
  }, 60_000);
});
