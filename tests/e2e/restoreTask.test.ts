import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { stateOf } from '../support/restoreOnBench.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const NAMES = ['one', 'two', 'three'];
const OLD = { summary: 'Old summary', genres: ['Old'], locked: ['summary'] };

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv`, ...OLD });
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    tags: ['New'],
    screenshot: tinyJpeg(name),
    files: [`/data/films/${name}.mkv`],
  });
}

const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
const output = (run: PluginRun) => run.result.output as Record<string, unknown> & { summary: string };
const itemOf = (name: string) => {
  const item = world.plex.library.itemByFile(`/media/films/${name}.mkv`);
  if (!item) throw new Error(`Plex has no item for ${name}.`);
  return item;
};
const states = () => NAMES.map((name) => stateOf(itemOf(name)));
const kept = () => world.query('SELECT rating_key FROM undo_items').length;
const writes = () => world.plex.log.where({}).filter(({ method }) => method !== 'GET');
const set = (settings: Record<string, unknown>) =>
  world.stash.settings.set('Stash2Plex', {
    plex_url: world.plex.url,
    plex_token: world.plex.token,
    ...settings,
  });

/** Syncs all scenes in a task, with nobody in the background. */
async function syncAll(): Promise<void> {
  await paused().runTask('Sync All');
  await paused().runTask('Process Queue');
}

describe('the task "Restore Plex Items"', () => {
  it('previews, refuses while the plugin is on, and restores every item when it is off', async () => {
    const ids = NAMES.map(scanned);
    const before = states();
    expect(output(await paused().runTask('Preview Restore of Plex Items')).summary).toBe(
      'There is nothing to restore: Stash2Plex has changed no such Plex item within the last 90 days.',
    );
    await syncAll();
    const synced = states();
    expect(synced).not.toEqual(before);
    expect(kept()).toBe(3);
    world.plex.log.clear();

    const preview = await paused().runTask('Preview Restore of Plex Items');
    expect(output(preview)).toMatchObject({ applied: false, problem: null, selected: 3, restored: 3 });
    expect(output(preview).summary).toBe(
      '3 of 3 Plex items would go back to what they were before Stash2Plex changed them. Nothing was written. ' +
        'To restore them, switch the setting "enabled" off and run "Restore Plex Items".',
    );
    expect(preview.logs.map(({ text }) => text).join('\n')).toMatch(
      /Plex item \d+ "Title of one": title "Title of one" → "one"; .*tags "New" → "Old"; /,
    );
    const refused = await paused().runTask('Restore Plex Items (Last 24 Hours)');
    expect(output(refused).summary).toMatch(/^Nothing was restored: switch the setting "enabled" off first/);
    expect(output(refused)).toMatchObject({ applied: false, problem: output(refused).summary, restored: 0 });
    expect(writes()).toEqual([]);
    expect(states()).toEqual(synced);

    set({ enabled: false });
    await paused().runHook('Scene.Update.Post', {
      id: ids[0] ?? 0,
      input: { id: String(ids[0]) },
      inputFields: ['title'],
    });
    const restored = await paused().runTask('Restore Plex Items (Last 24 Hours)');
    expect(output(restored)).toMatchObject({
      applied: true,
      selected: 3,
      restored: 3,
      failed: 0,
      waiting: 1,
    });
    expect(output(restored).summary).toBe(
      '3 of 3 Plex items are what they were before Stash2Plex changed them. Reconciliation leaves them so; a change of their scenes ' +
        'in Stash, Sync All or Sync Recent writes them again. The scenes of 1 of them wait to be synced and are written once "enabled" ' +
        'is on: run "Clear Pending Queue" before if you do not want that.',
    );
    expect(states()).toEqual(before);
    expect(kept()).toBe(0);
    expect(restored.progress.at(-1)).toBe(1);
  });

  it('takes single items through the API, and says what is wrong with an argument', async () => {
    const ids = NAMES.map(scanned);
    const before = states();
    await syncAll();
    set({ enabled: false });
    const run = (args: Record<string, string>) => paused().runOperation({ mode: 'restore_items', ...args });
    expect((await run({ apply: 'true' })).result.error).toMatch(/^Say which Plex items are meant/);
    const one = await run({ scene_ids: `${ids[0]},4711`, apply: 'true' });
    expect(output(one)).toMatchObject({ selected: 1, restored: 1 });
    expect(states()[0]).toBe(before[0]);
    expect(kept()).toBe(2);
    const status = async (id?: number) =>
      output(await paused().runOperation({ mode: 'scene_status', scene_id: id }))['status'];
    expect([await status(ids[0]), await status(ids[1])]).toEqual(['restored', 'equal']);
    const two = await run({ rating_key: itemOf('two').ratingKey, apply: 'true' });
    expect(output(two)).toMatchObject({ selected: 1, restored: 1 });
    expect(states().slice(0, 2)).toEqual(before.slice(0, 2));
    expect(itemOf('three').title).toBe('Title of three');
  });

  it('brings back what a background process was killed at, with the old values kept before Plex was told', async () => {
    scanned('one');
    NAMES.slice(1).forEach(scanned);
    const before = states();
    world.plex.faults.add({
      match: { method: 'PUT' },
      nth: 1,
      times: 1,
      action: { kind: 'delay', ms: 60_000 },
    });
    await world.host.runTask('Sync All');
    await world.until('an old value is kept', () => kept() > 0);
    await world.until('Plex was told', () => writes().length > 0);
    world.killDrainers();
    world.plex.faults.clear();
    expect(states()).toEqual(before);
    expect(kept()).toBeGreaterThan(0);
    await paused().runTask('Process Queue');
    expect(states()).not.toEqual(before);
    set({ enabled: false });
    expect(output(await world.host.runTask('Restore Plex Items (All)'))).toMatchObject({ restored: 3 });
    expect(states()).toEqual(before);
  });

  it('ends with a sentence when Plex is gone in the middle, and goes on the next time', async () => {
    NAMES.map(scanned);
    const before = states();
    await syncAll();
    set({ enabled: false });
    world.plex.faults.add({
      match: { method: 'PUT' },
      nth: 4,
      action: { kind: 'status', status: 503 },
    });
    const first = await paused().runTask('Restore Plex Items (All)');
    expect(first.result.error).toMatch(/503.* of 3 Plex items .* Run the task again for the rest\.$/);
    world.plex.faults.clear();
    const second = await paused().runTask('Restore Plex Items (All)');
    expect(second.result.error).toBeUndefined();
    expect(states()).toEqual(before);
  });
});
