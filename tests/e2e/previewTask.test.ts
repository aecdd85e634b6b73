import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { previewFields } from '../../src/tasks/previewFields.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

function scanned(name: string, details = 'D'): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ title: `Title of ${name}`, details, files: [`/data/films/${name}.mkv`] });
}

const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
const output = (run: PluginRun) => run.result.output as Record<string, unknown> & { summary: string };
const record = (id: number) =>
  paused().runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });

function shown({ logs }: PluginRun): string[] {
  return logs
    .filter(({ level }) => ['info', 'warning', 'error'].includes(level))
    .map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));
}

const writes = () => world.plex.log.where({}).filter(({ method }) => method !== 'GET');
const queue = () => world.query("SELECT id || ' ' || state || ' ' || revision || ' ' || attempts FROM jobs");

describe('the task "Preview Sync"', () => {
  it('shows what the next sync changes for the scenes that wait, and writes nothing (W49)', async () => {
    const long = `${'word '.repeat(200)}end`;
    const [one, gone] = [scanned('one', long), scanned('gone')];
    for (const id of [one, gone]) await record(id);
    world.stash.scenes.destroy(gone);
    const before = queue();
    const run = await world.host.runTask('Preview Sync');
    const key = world.plex.library.itemByFile('/media/films/one.mkv')?.ratingKey;
    expect(shown(run)).toEqual([
      '=== Preview Sync ===',
      `Scene ${one}: Plex item ${key} "one"`,
      expect.stringMatching(/^ *title: {3}"one" → "Title of one"$/),
      expect.stringMatching(/^ *summary: nothing → "word word .{40,50}…"$/),
      `Scene ${gone} is not synced: Stash has no such scene any more.`,
      'Looked at:        2 of 2',
      'Would change:     1',
      'Right already:    0',
      'Nothing to sync:  1',
      'Cannot be synced: 0',
      'The next sync would change the Plex item of 1 of 2 scenes. Nothing was written.',
    ]);
    expect(output(run)).toMatchObject({ lookedAt: 2, total: 2, changed: 1, right: 0, skipped: 1, failed: 0 });
    expect(writes()).toEqual([]);
    expect(queue()).toEqual(before);
    expect(world.rows('scene_syncs')).toBe(0);
    expect(world.drainers()).toEqual([]);
    expect(run.progress.at(-1)).toBe(1);
  });

  it('looks at one scene, or at the first of all, on demand (W49)', async () => {
    const ids = ['one', 'two', 'three'].map((name) => scanned(name));
    expect(output(await world.host.runTask('Preview Sync', { scope: 'queue' })).summary).toBe(
      'No scenes wait to be synced. Nothing was written.',
    );
    expect(output(await world.host.runTask('Preview Sync')).summary).toBe(
      'The next sync would change the Plex item of 3 of 3 scenes. Nothing was written.',
    );
    const single = await world.host.runTask('Preview Sync', { scene_id: String(ids[1]) });
    expect(output(single)).toMatchObject({ lookedAt: 1, scenes: [{ sceneId: ids[1], outcome: 'found' }] });
    const all = await world.host.runTask('Preview Sync', { scope: 'all', limit: 2 });
    expect(output(all)).toMatchObject({ lookedAt: 2, total: 3, changed: 2 });
    expect(writes()).toEqual([]);
  });

  it('answers fields side by side for scenes of choice, all of them on demand', async () => {
    const [one, two] = ['one', 'two'].map((name) => scanned(name)) as [number, number];
    scanned('three');
    const args = { scene_ids: `${two}, ${one}` };
    const short = output(await paused().runOperation({ mode: 'preview_sync', ...args }));
    const side = (field: string, stash: string, now: string) =>
      previewFields({ changes: [], fields: [{ field, stash, now, next: stash }] }, 'all', (text) => text)[0];
    const title = side('title', 'Title of two', 'two');
    const summary = side('summary', 'D', '');
    expect(short).toMatchObject({ lookedAt: 2, total: 2, changed: 2 });
    expect(short['scenes']).toMatchObject([
      { sceneId: two, fields: [title, summary] },
      { sceneId: one, fields: [{ field: 'title' }, summary] },
    ]);
    const whole = output(await paused().runOperation({ mode: 'preview_sync', ...args, detail: 'all' }));
    const fields = (whole['scenes'] as { fields: { field: string }[] }[])[0]?.fields ?? [];
    expect(fields.map(({ field }) => field)).toEqual([
      'title',
      'studio',
      'date',
      'summary',
      'performers',
      'tags',
      'collection',
    ]);
    expect(fields).toContainEqual(side('tags', '', ''));
    expect(fields).toEqual(expect.arrayContaining([title, summary]));
    expect(writes()).toEqual([]);
  });

  it('looks also while the plugin is switched off, and starts nothing (W49)', async () => {
    const { url, token } = world.plex;
    world.stash.settings.set('Stash2Plex', { plex_url: url, plex_token: token, enabled: false });
    scanned('one');
    expect(output(await world.host.runTask('Preview Sync'))).toMatchObject({ lookedAt: 1, changed: 1 });
    expect((await world.host.runTask('Sync All')).result).toEqual({ output: 'disabled' });
    expect(writes()).toEqual([]);
    expect(world.rows('jobs')).toBe(0);
    expect(world.drainers()).toEqual([]);
  });

  it('fails with a sentence when Plex is away', async () => {
    await record(scanned('one'));
    await world.plex.stop();
    const run = await world.host.runTask('Preview Sync');
    expect(run.result.error).toMatch(/ECONNREFUSED.* Nothing could be looked at\.$/);
    expect(run.exitCode).toBe(1);
  });

  it.each([
    [{ scene_id: 'x' }, '"scene_id" must be the number of a scene, as in the address of its page, not "x".'],
    [{ scope: 'some' }, '"scope" must be "auto", "queue" or "all", not "some".'],
    [
      { scene_ids: 'x' },
      '"scene_ids" must be numbers of scenes with commas between them, as in the addresses of their pages, not "x".',
    ],
    [
      { scene_ids: '1', scene_id: '2' },
      'Name at most 1000 scenes by "scene_ids", or one by "scene_id", not both.',
    ],
    [{ detail: 'much' }, '"detail" must be "changes" or "all", not "much".'],
    [{ limit: '0' }, '"limit" must be a whole number of scenes from 1 to 1000, not "0".'],
    [{ limit: '2.5' }, '"limit" must be a whole number of scenes from 1 to 1000, not "2.5".'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const run = await world.host.runTask('Preview Sync', args);
    expect(run.result).toMatchObject({ error: sentence });
  });
});
