import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../support/startWorld.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const PER_KIND = 40;

let world: World;
/** Stash's clock is that of the machine; the test lets time pass. */
let passedMs = 0;
beforeEach(async () => {
  passedMs = -600_000;
  world = await startWorld({ stash: { now: () => Date.now() + passedMs } });
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ title: name, details: 'D', files: [`/data/films/${name}.mkv`] });
}

const item = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`);

/** An edit of one scene, worked off by a drainer of its own. @returns what that drainer asked Stash for, beside pictures. */
async function editAlone(id: number, name: string, title: string): Promise<string[]> {
  world.killDrainers();
  await world.until('the end of the drainer', () => world.liveDrainers().length === 0);
  world.stash.log.clear();
  await world.act.editScene(id, { title });
  await world.until('all syncs', () => item(name)?.title === title && world.rows('jobs') === 0, 60_000);
  return world.stash.log.where({ path: '/graphql' }).flatMap(({ operationName }) => operationName ?? []);
}

const QUIET = ['Stash2PlexSettings', 'Stash2PlexScenePage', 'Stash2PlexScenes'];

describe('a drainer', () => {
  it('finds 200 scenes that changed without a hook when it is started for another one, in one request (A5)', async () => {
    const kinds = ['cover', 'tags', 'merged', 'imported', 'performer'] as const;
    const names = (kind: string) => Array.from({ length: PER_KIND }, (_, index) => `${kind} ${index}`);
    const ids = Object.fromEntries(kinds.map((kind) => [kind, names(kind).map(scanned)]));
    const sources = names('source').map(scanned);
    for (const id of ids['performer'] ?? []) world.stash.scenes.update(id, { performers: ['Old Name'] });
    const other = scanned('other');
    expect(await editAlone(other, 'other', 'First')).toEqual([
      'Stash2PlexSettings',
      // The defaults are shown, once.
      'Stash2PlexSettings',
      'Stash2PlexStoreSettings',
      'Stash2PlexNewest',
      'Stash2PlexScenes',
    ]);
    expect(world.rows('scene_syncs')).toBe(1);

    passedMs = -300_000;
    const { quietly } = world.stash;
    for (const id of ids['cover'] ?? []) quietly.generateCover(id, JPEG);
    for (const id of ids['tags'] ?? []) quietly.autoTag(id, { tags: ['Found'] });
    for (const [index, id] of (ids['merged'] ?? []).entries()) {
      quietly.mergeScenes([sources[index] ?? 0], id, { details: 'Merged.' });
    }
    for (const id of ids['imported'] ?? []) quietly.importScene({ id, details: 'Imported.' });
    quietly.mergePerformers(['Old Name'], 'New Name');
    // A scan that nobody has described yet.
    for (let index = 0; index < 100; index += 1)
      world.stash.scenes.add({ files: [`/data/films/${index}.mp4`] });
    passedMs = 0;

    const batchesOf200 = ['Stash2PlexScenes', 'Stash2PlexScenes'];
    expect(await editAlone(other, 'other', 'Second')).toEqual([...QUIET, ...batchesOf200]);
    // A merged scene has the files of both, and with them both items (A3).
    expect(world.rows('scene_syncs')).toBe(1 + kinds.length * PER_KIND + sources.length);
    for (const name of names('cover')) expect(item(name)?.posters.length).toBeGreaterThan(0);
    for (const name of names('tags')) expect(item(name)?.genres).toEqual(['Found']);
    for (const name of names('merged')) expect(item(name)?.summary).toBe('Merged.');
    for (const name of names('imported')) expect(item(name)?.summary).toBe('Imported.');
    for (const name of names('performer')) expect(item(name)?.roles).toMatchObject([{ tag: 'New Name' }]);

    const written = world.plex.log.count({ method: 'PUT' });
    expect(await editAlone(other, 'other', 'Third')).toEqual(QUIET);
    expect(world.plex.log.count({ method: 'PUT' })).toBe(written + 1);
  }, 120_000);
});
