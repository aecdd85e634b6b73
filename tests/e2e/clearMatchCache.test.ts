import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const title = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const indexed = () => Number(world.query('SELECT count(*) FROM plex_files')[0]);

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

describe('the task "Clear Match Cache"', () => {
  it('empties the one place and nothing else, and the next sync finds its item again (W-21)', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `film ${index}`);
    const ids = names.map(scanned);
    await world.host.runTask('Sync All');
    await world.until('the syncs', () => world.rows('scene_syncs') === 30 && world.rows('jobs') === 0);
    expect(indexed()).toBeGreaterThan(0);
    const run = await world.host.runTask('Clear Match Cache');
    expect(run.result.output).toMatchObject({ cleared: true, summary: expect.stringContaining('emptied') });
    expect(indexed()).toBe(0);
    expect(world.rows('scene_syncs')).toBe(30);
    const later = scanned('later');
    await world.act.editScene(later, { title: 'Later' });
    await world.act.editScene(ids[0] ?? 0, { title: 'Known' });
    await world.until('the next syncs', () => title('later') === 'Later' && title('film 0') === 'Known');
  });
});
