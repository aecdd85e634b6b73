import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { startWorld, type World } from '../support/startWorld.ts';
import { createStash } from '../support/stashDouble/actAsStash.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

/** A scene as a scan leaves it, and its bare item in Plex. */
function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ files: [`/data/films/${name}.mkv`] });
}

const item = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`);

describe('from a scene edit to the updated Plex item', () => {
  it('syncs an identified scene completely (DT-6)', async () => {
    const id = scanned('harbour');
    const cover = tinyJpeg('harbour');
    const [run] = await world.act.identify(
      id,
      {
        title: 'Harbour walk',
        details: 'A walk.\n\nIn two paragraphs, with a comma & more.',
        date: '2021-05-04',
        studio: 'Example, Pictures',
        performers: ['A. Person', 'B. Person'],
        tags: ['Nature', 'Sound, recorded'],
      },
      cover.toString('base64'),
    );
    expect(run?.result).toEqual({ output: 'ok' });
    await world.until('the sync', () => world.rows('jobs') === 0 && world.rows('scene_syncs') === 1);
    expect(item('harbour')).toMatchObject({
      title: 'Harbour walk',
      summary: 'A walk.\n\nIn two paragraphs, with a comma & more.',
      studio: 'Example, Pictures',
      originallyAvailableAt: '2021-05-04',
      genres: ['Nature', 'Sound, recorded'],
      collections: ['Example, Pictures'],
      roles: [{ tag: 'A. Person' }, { tag: 'B. Person' }],
    });
    expect(item('harbour')?.posters.filter(({ selected }) => selected)).toEqual([
      expect.objectContaining({ bytes: cover.length }),
    ]);
    expect(item('harbour')?.lockedFields).toEqual(
      expect.arrayContaining([
        'title',
        'summary',
        'studio',
        'originallyAvailableAt',
        'genre',
        'actor',
        'collection',
        'thumb',
      ]),
    );
    expect(world.plex.violations).toEqual([]);
  });

  it('syncs a single edit, and only then touches Plex', async () => {
    const id = scanned('edit');
    const [run] = await world.act.editScene(id, { title: 'Edited', studio: 'One' });
    expect(run?.result).toEqual({ output: 'ok' });
    await world.until('the first sync', () => item('edit')?.studio === 'One' && world.rows('jobs') === 0);
    world.plex.log.clear();
    await world.act.editScene(id, { studio: 'Two' });
    await world.until('the second sync', () => item('edit')?.studio === 'Two' && world.rows('jobs') === 0);
    // The collection follows the studio (W-26).
    expect(item('edit')?.collections).toEqual(['Two']);
    // One read of the item, one PUT (W-24).
    expect(world.plex.log.entries.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /library/metadata/${item('edit')?.ratingKey}`,
      `PUT /library/sections/${world.sectionKey}/all`,
    ]);
  });

  it('syncs every scene of a bulk edit (W-41)', async () => {
    const names = ['bulk 1', 'bulk 2', 'bulk 3', 'bulk 4'];
    const ids = names.map(scanned);
    const tag = world.stash.scenes.tags.idOf('Reviewed');
    const runs = await world.act.bulkEdit(ids, { tag_ids: { ids: [tag], mode: 'ADD' } });
    expect(runs.map(({ result }) => result)).toEqual(ids.map(() => ({ output: 'ok' })));
    await world.until('all four', () => names.every((name) => item(name)?.genres.includes('Reviewed')));
  });

  it('syncs every scene of an array input (W-41)', async () => {
    const ids = ['list 1', 'list 2'].map(scanned);
    await world.act.editScenes(ids.map((id) => ({ id, title: `Title ${id}`, details: 'D' })));
    await world.until(
      'both',
      () => item('list 1')?.title === `Title ${ids[0]}` && item('list 2')?.title === `Title ${ids[1]}`,
    );
  });

  it('ignores a scan with null input and starts nothing (W-41)', async () => {
    const id = scanned('scan');
    const [run] = await world.act.scanChangedFile(id, {});
    expect(run?.result).toEqual({ output: 'ok' });
    expect(world.waitingScenes()).toEqual([]);
    expect(world.drainers()).toEqual([]);
    expect(world.stash.log.count()).toBe(0);
  });

  it('ignores an edit of fields that Plex does not show (W-43)', async () => {
    const id = scanned('urls');
    await world.act.editScene(id, { urls: ['https://example.com/1'] });
    expect(world.waitingScenes()).toEqual([]);
  });

  it('drops the waiting job of a destroyed scene', async () => {
    const id = scanned('destroy');
    const paused = createStash(world.stash, world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' }));
    await paused.editScene(id, { title: 'Soon gone', details: 'D' });
    expect(world.waitingScenes()).toEqual([id]);
    const [run] = await world.act.destroy(id);
    expect(run?.result).toEqual({ output: 'ok' });
    expect(world.waitingScenes()).toEqual([]);
  });

  it('finishes quietly when the scene is gone by the time its job runs (W-46)', async () => {
    const id = scanned('gone');
    world.stash.scenes.destroy(id);
    await world.host.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
    await world.until('the end of the job', () => world.rows('jobs') === 0);
    expect(world.rows('dead_letters')).toBe(0);
  });

  it('runs a scene once more when it changes while it is being synced (W2)', async () => {
    const id = scanned('twice');
    world.plex.switches.latencyMs = 150;
    await world.act.editScene(id, { title: 'First', details: 'D' });
    await world.until('the first read', () => world.stash.log.count({ operation: 'Stash2PlexScenes' }) > 0);
    await world.act.editScene(id, { title: 'Second' });
    await world.until('the last state', () => world.rows('jobs') === 0 && item('twice')?.title === 'Second');
  });

  it('honours the toggles', async () => {
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: world.plex.token,
      sync_tags: false,
      sync_poster: false,
      sync_background: false,
    });
    const id = scanned('toggles');
    await world.act.identify(
      id,
      { title: 'T', details: 'D', tags: ['Unwanted'] },
      tinyJpeg('x').toString('base64'),
    );
    await world.until('the sync', () => item('toggles')?.title === 'T' && world.rows('jobs') === 0);
    expect(item('toggles')?.genres).toEqual([]);
    expect(world.plex.log.count({ method: 'POST' })).toBe(0);
  });
});
