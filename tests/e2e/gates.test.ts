import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ settings: { gate_organized: true, gate_exclude_tags: 'Private' } });
});
afterEach(() => world.close());

function scanned(name: string, scene: object = {}): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ title: name, details: 'D', files: [`/data/films/${name}.mkv`], ...scene });
}

const titleOf = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const held = () => world.query("SELECT scene_id || ' ' || gate FROM held_back ORDER BY scene_id");
const texts = ({ logs }: PluginRun) => logs.map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));

describe('a gate', () => {
  it('holds an edited scene back, and marking it as organized brings it to Plex', async () => {
    const id = scanned('one');
    await world.act.editScene(id, { title: 'Draft' });
    await world.until(
      'the scene is held back',
      () => held().length === 1 && world.rows('jobs') === 0,
      60_000,
    );
    expect(held()).toEqual([`${id} organized`]);
    expect(titleOf('one')).toBe('one');
    expect(world.plex.log.where({ method: 'PUT' })).toEqual([]);

    await world.act.editScene(id, { organized: true });
    await world.until(
      'the scene is in Plex',
      () => titleOf('one') === 'Draft' && held().length === 0,
      60_000,
    );
    expect(world.rows('dead_letters')).toBe(0);
    await world.until('the log counts it', () =>
      world.drainerLog().includes('Scenes: 1 held back by gates (1 not organized).'),
    );
  });

  it('is counted by every task, and those held back come through when it is opened', async () => {
    const ids = [scanned('one'), scanned('two', { organized: true, tags: ['Private'] }), scanned('three')];
    const ready = scanned('ready', { organized: true });
    const host = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
    const preview = await host.runTask('Preview Sync');
    expect(texts(preview)).toContain(
      `Scene ${ids[1]} is held back: it has a tag that the setting gate_exclude_tags names.`,
    );
    expect(preview.result.output).toMatchObject({
      changed: 1,
      heldBack: { organized: 2, exclude_tags: 1 },
      summary: expect.stringContaining(
        '3 scenes are held back by gates (1 with an excluded tag, 2 not organized).',
      ),
    });
    const reconciled = await host.runTask('Reconcile Library (All)');
    expect(reconciled.result.output).toMatchObject({ checked: 4, enqueued: 1, heldBack: { organized: 2 } });
    expect(texts(reconciled)).toContain('Held back by gates:  3 (1 with an excluded tag, 2 not organized)');
    await host.runTask('Sync All');
    const processed = await host.runTask('Process Queue');
    expect(processed.result.output).toMatchObject({
      synced: 1,
      heldBack: { organized: 2, exclude_tags: 1 },
      summary: '1 scene was synced (3 held back by gates: 1 with an excluded tag, 2 not organized).',
    });
    expect([titleOf('ready'), world.rows('dead_letters')]).toEqual(['ready', 0]);
    expect(world.query(`SELECT 1 FROM scene_syncs WHERE scene_id <> ${ready}`)).toEqual([]);
    const status = await host.runTask('View Queue Status');
    expect(status.result.output).toMatchObject({ heldBack: { organized: 2, exclude_tags: 1 } });
    expect(texts(status).join('\n')).toMatch(
      /Held back by gates: +3\n {2}with an excluded tag: +1\n {2}not organized: +2/,
    );

    const stored = world.stash.settings.get('Stash2Plex') ?? {};
    world.stash.settings.set('Stash2Plex', { ...stored, gate_organized: false });
    const opened = await host.runTask('Process Queue');
    expect(opened.result.output).toMatchObject({ synced: 2, heldBack: { exclude_tags: 1 } });
    expect(held()).toEqual([`${ids[1]} exclude_tags`]);
  });

  it('is named by Sync All, which leaves the judging to the drainer', async () => {
    scanned('one');
    const run = await world.host.runTask('Sync All');
    expect(run.result.output).toMatchObject({
      queued: 1,
      summary:
        '1 scene was queued. The background drainer works on them. Scenes that a gate holds back (gate_exclude_tags, gate_organized) are left out.',
    });
    await world.until('the scene is held back', () => held().length === 1, 60_000);
  });
});
