import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  world.stash.auth.mode = 'login';
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({
    details: 'D',
    files: [`/data/films/${name}.mkv`],
    screenshot: tinyJpeg(name),
  });
}

const item = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`);

describe('a Stash with a login', () => {
  it('is asked with the session of the event that started the drainer', async () => {
    await world.act.editScene(scanned('cookie'), { title: 'With a cookie' });
    await world.until('the sync', () => world.rows('jobs') === 0 && world.rows('scene_syncs') === 1);
    expect(item('cookie')?.title).toBe('With a cookie');
    expect(item('cookie')?.posters.some(({ ratingKey }) => ratingKey.startsWith('upload://'))).toBe(true);
  });

  it('is asked with its API key once that is known, which does not expire', async () => {
    world.stash.auth.apiKey = 'an-api-key-of-stash';
    await world.act.editScene(scanned('key'), { title: 'With a key' });
    await world.until('the sync', () => world.rows('jobs') === 0 && world.rows('scene_syncs') === 1);
    const scenes = world.stash.log.where({ operation: 'Stash2PlexScenes' });
    expect(scenes.map(({ headers }) => headers['apikey'])).toEqual(['an-api-key-of-stash']);
    expect(world.filesContent()).not.toContain('an-api-key-of-stash');
  });

  it('keeps every event when it no longer accepts the session, and the next process goes on', async () => {
    const paused = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
    const id = scanned('expired');
    world.stash.scenes.update(id, { title: 'Not lost' });
    await paused.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
    world.stash.auth.maxSessionAgeSecs = -1;
    const refused = await world.host.runTask('Process Queue');
    expect(refused.result.error).toContain('no longer accepts the session');
    expect(world.waitingScenes()).toEqual([id]);
    world.stash.auth.maxSessionAgeSecs = 3600;
    const accepted = await world.host.runTask('Process Queue');
    expect(accepted.result.output).toMatchObject({ synced: 1 });
  });
});
