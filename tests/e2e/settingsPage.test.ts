import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config/settingsTable.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const stored = () => ({ ...world.stash.settings.get('Stash2Plex') });
const writes = () => world.stash.log.count({ operation: 'configurePlugin' });
const edited = (id: number) => ({ id, input: { id: String(id) }, inputFields: ['title'] });
function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ title: name, details: 'D', files: [`/data/films/${name}.mkv`] });
}
const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });

describe("the plugin's settings in Stash", () => {
  it('get their defaults from the first drainer, and never from a hook', async () => {
    const before = stored();
    await paused().runHook('Scene.Update.Post', edited(scanned('one')));
    expect(stored()).toEqual(before);
    await world.host.runHook('Scene.Update.Post', edited(scanned('two')));
    await world.until('the defaults', () => writes() === 1);
    expect(stored()).toMatchObject({ ...before, enabled: true, sync_rating: false, max_retries: 5 });
    await world.until('the queue to be empty', () => world.rows('jobs') === 0);
    expect(writes()).toBe(1);
  });

  it('get them from the first task that asks Stash, also while the plugin is not set up', async () => {
    world.stash.settings.clear();
    await paused().runTask('View Queue Status');
    expect(world.stash.log.count()).toBe(0);
    const run = await paused().runTask('Health Check');
    expect(run.result.error).toContain('plex_url: enter the address');
    expect(stored()).toMatchObject({ enabled: true, poll_interval: 1, reconcile_interval: 'never' });
    expect(stored()).not.toHaveProperty('plex_url');
    expect(stored()).not.toHaveProperty('plex_token');
  });

  it('stay as they are when Stash cannot store them, and the task goes on', async () => {
    world.stash.faults.add({ match: { operation: 'configurePlugin' }, action: { status: 500 } });
    const before = stored();
    const run = await paused().runTask('Health Check');
    expect(run.result.output).toMatchObject({ healthy: true });
    expect(stored()).toEqual(before);
  });

  it('are described with the default that is in force, and no word of a 0 that means something else', () => {
    const { settings } = world.host.manifest;
    for (const [key, definition] of Object.entries(SETTINGS)) {
      const { description } = settings[key] ?? { description: '' };
      const value: unknown = definition.default;
      if (typeof value === 'object' || value === '') continue;
      const word = value === true ? 'on' : value === false ? 'off' : String(value);
      expect(description, key).toContain(`Default ${word}.`);
      expect(description, key).not.toMatch(/\b0\b[^.]*default/i);
    }
  });
});
