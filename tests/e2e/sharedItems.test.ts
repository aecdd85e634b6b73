import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const output = (run: PluginRun) => run.result.output as Record<string, unknown> & { summary: string };
const path = (name: string) => `/media/films/${name}.mkv`;
const clip = (name: string) =>
  world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    tags: [name],
    files: [`/data/films/${name}.mkv`],
  });

function shown({ logs }: PluginRun): string[] {
  return logs.map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));
}

/** The task and the drainer after it. @returns what was written to Plex. */
async function syncAll(): Promise<number> {
  world.plex.log.clear();
  await world.host.runTask('Sync All');
  await world.until('the drain', () => world.rows('jobs') === 0);
  return world.plex.log.where({}).filter(({ method }) => method !== 'GET').length;
}

describe('an item that several scenes share', () => {
  const names = ['a', 'b', 'c', 'd'];

  it('is written by one of them, in all processes; the tasks tell of the others; the next one takes over (A2)', async () => {
    const parts = [names.map(path)];
    const { ratingKey } = world.plex.library.addItem(world.sectionKey, {
      title: 'x',
      file: path('trailer'),
      parts,
    });
    const [d, c, b, a] = names.toReversed().map(clip);
    const title = () => world.plex.library.item(ratingKey)?.title;

    const preview = await world.host.runTask('Preview Sync', { scope: 'all' });
    expect(output(preview)).toMatchObject({ changed: 1, shared: 3, failed: 0 });
    expect(shown(preview)).toContain(
      `Scene ${b} is not written: Plex item ${ratingKey} "x" belongs to scene ${a}.`,
    );
    expect(world.query('SELECT count(*) FROM item_owners')).toEqual([0]);

    expect(await syncAll()).toBe(1);
    expect(title()).toBe('Title of a');
    expect([await syncAll(), await syncAll()]).toEqual([0, 0]);
    const reconciled = output(await world.host.runTask('Reconcile Library (All)'));
    expect(reconciled['summary']).toBe(
      '4 scenes checked: no gaps found. 3 scenes share their Plex item with another scene.',
    );

    const listed = await world.host.runTask('List Failed Jobs');
    expect(output(listed)).toMatchObject({
      summary: 'No scenes were given up. 3 scenes are not written because another scene owns the Plex item.',
      total: 0,
      shared: { total: 3, scenes: [d, c, b].map((sceneId) => ({ sceneId, ownerId: a, ratingKey })) },
    });
    expect(shown(listed)).toContain(`  scene ${d}: Plex item ${ratingKey} "x" belongs to scene ${a}`);

    world.killDrainers();
    world.stash.scenes.destroy(a as number);
    await world.host.runHook('Scene.Destroy.Post', { id: a as number, input: { id: String(a) } });
    await world.until('the next one', () => title() === 'Title of b' && world.rows('jobs') === 0);
    expect(await syncAll()).toBe(0);
  });

  it('counts in the answer of the task "Process Queue" (A2)', async () => {
    const paused = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
    world.plex.library.addItem(world.sectionKey, { title: 'x', file: path('a'), files: [path('b')] });
    for (const name of ['b', 'a']) clip(name);
    await paused.runTask('Sync All');
    const run = await paused.runTask('Process Queue');
    expect(output(run)).toMatchObject({
      synced: 1,
      shared: 1,
      summary:
        '1 scene was synced (1 left alone, their Plex item is another scene\'s, see "List Failed Jobs").',
    });
  });
});

describe('a scene with several items', () => {
  it('is written to all of them, in two libraries and for two files; then nothing is to be done (A3)', async () => {
    const { key: second } = world.plex.library.addSection({ title: 'Again', locations: ['/media/films'] });
    for (const name of ['one', 'two'])
      for (const key of [world.sectionKey, second])
        world.plex.library.addItem(key, { title: 'bare', file: path(name) });
    world.stash.scenes.add({
      title: 'Both',
      details: 'D',
      files: ['/data/films/one.mkv', '/data/films/two.mkv'],
    });
    const preview = output(await world.host.runTask('Preview Sync', { scope: 'all' }));
    expect(preview).toMatchObject({ changed: 1 });
    const [only] = preview['scenes'] as { changes: unknown[]; further: { changes: unknown[] }[] }[];
    expect(only?.further.map(({ changes }) => changes)).toEqual(Array(3).fill(only?.changes));

    expect(await syncAll()).toBe(4);
    expect([...world.plex.library.items()].map(({ title }) => title)).toEqual(Array(4).fill('Both'));
    expect([await syncAll(), await syncAll()]).toEqual([0, 0]);
    expect(world.rows('scene_syncs')).toBe(4);
    const reconciled = output(await world.host.runTask('Reconcile Library (All)'));
    expect(reconciled['summary']).toBe('1 scene checked: no gaps found.');
  });
});
