import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { startWorld, type World } from '../support/startWorld.ts';

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
  it('syncs an identified scene completely', async () => {
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
      expect.arrayContaining(['title', 'summary', 'studio', 'originallyAvailableAt', 'genre', 'actor', 'collection', 'thumb']),
    );
    expect(world.plex.violations).toEqual([]);
  });
});
