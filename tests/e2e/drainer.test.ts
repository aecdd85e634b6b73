import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { isAlive, startWorld, type World } from '../support/startWorld.ts';

const LAUNCHER = fileURLToPath(new URL('../../src/launcher.cjs', import.meta.url));

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

const title = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const edited = (id: number) => ({ id, input: { id: String(id), title: 'T' }, inputFields: ['id', 'title'] });

describe('the drainer', () => {
  it('lets the hook answer at once though it lives on', async () => {
    const id = scanned('a');
    world.plex.switches.latencyMs = 300;
    const [run] = await world.act.editScene(id, { title: 'A' });
    // The run is over when stdout and stderr have reached EOF; by then Plex cannot even have answered once.
    expect(run?.result).toEqual({ output: 'ok' });
    expect(title('a')).toBe('a');
    await world.until('the sync', () => title('a') === 'A');
    expect(isAlive(world.drainers()[0] ?? -1)).toBe(true);
  });

  it('is started once by twelve hooks at the same time, and logs to its file (DT-1, W50)', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => scanned(`herd ${index}`));
    for (const id of ids) world.stash.scenes.update(id, { title: `Title ${id}` });
    await Promise.all(ids.map((id) => world.host.runHook('Scene.Update.Post', edited(id))));
    await world.until('all twelve', () => ids.every((id, index) => title(`herd ${index}`) === `Title ${id}`));
    expect(world.drainers()).toHaveLength(1);
    expect(world.drainerLog()).toMatch(/Started \(process \d+/);
  });

  it('works off a whole bulk edit though Stash was stopped after its first hook', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => scanned(`bulk ${index}`));
    for (const id of ids) world.stash.scenes.update(id, { title: `Title ${id}` });
    const input = { ids: ids.map(String), title: 'T' };
    await world.host.runHook('Scene.Update.Post', { id: ids[0] ?? 0, input, inputFields: ['ids', 'title'] });
    await world.until('all five', () => ids.every((id, index) => title(`bulk ${index}`) === `Title ${id}`));
    const asked = world.stash.log.count();
    for (const id of ids.slice(1)) {
      await world.host.runHook('Scene.Update.Post', { id, input, inputFields: ['ids', 'title'] });
    }
    expect(world.rows('jobs')).toBe(0);
    expect(world.stash.log.count()).toBe(asked);
  });

  it('sees the events of later hooks without being started again', async () => {
    await world.act.editScene(scanned('first'), { title: 'First' });
    await world.until('the first sync', () => title('first') === 'First');
    await world.act.editScene(scanned('second'), { title: 'Second' });
    await world.until('the second sync', () => title('second') === 'Second');
    expect(world.drainers()).toHaveLength(1);
  });

  it('is replaced by the next process within two seconds of a SIGKILL, and its job is taken up again', async () => {
    const id = scanned('killed');
    world.plex.switches.latencyMs = 400;
    await world.act.editScene(id, { title: 'Killed' });
    await world.until('a job in hand', () => world.plex.log.count({ method: 'PUT' }) > 0);
    world.killDrainers();
    const killedAt = performance.now();
    await world.host.runHook('Scene.Update.Post', edited(scanned('next')));
    await world.until('another drainer', () => world.drainers().length === 2);
    expect(performance.now() - killedAt).toBeLessThan(2_000);
    await world.until('the end of both jobs', () => world.rows('jobs') === 0);
    expect(title('killed')).toBe('Killed');
  });

  it('ends when its lock is taken, before it asks anybody anything (W50)', async () => {
    await world.act.editScene(scanned('one'), { title: 'One' });
    await world.until('the sync', () => world.rows('jobs') === 0 && world.rows('scene_syncs') === 1);
    const asked = world.stash.log.count();
    const second = spawn(process.execPath, [LAUNCHER, 'drainer'], {
      env: { ...process.env, STASH_PLUGIN_DATA: world.dataFolder },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    second.stdin.end(JSON.stringify({ server_connection: world.stash.serverConnection(), args: {} }));
    expect(await once(second, 'close')).toEqual([0, null]);
    expect(world.stash.log.count()).toBe(asked);
    expect(world.drainers()).toHaveLength(1);
  });

  it('is nothing that a task can turn into: Stash would wait for it (W22)', async () => {
    const run = await world.host.runOperation({ mode: 'drain' });
    expect(run.result.error).toMatch(/^Unknown mode "drain": /);
    expect(world.drainers()).toEqual([]);
  });

  it('waits for Plex and goes on by itself, at no cost to any scene (W23)', async () => {
    await world.plex.stop();
    const id = scanned('outage');
    await world.act.editScene(id, { title: 'After the outage' });
    await world.until('the drainer to notice', () => world.drainerLog().includes('goes on by itself'));
    expect(world.waitingScenes()).toEqual([id]);
    await world.plex.start();
    await world.until('the sync', () => title('outage') === 'After the outage');
    await world.until('the end of the job', () => world.rows('jobs') === 0);
    expect(world.rows('dead_letters')).toBe(0);
  });

  it('waits for Stash and goes on by itself (W8)', async () => {
    const id = scanned('stash outage');
    world.stash.scenes.update(id, { title: 'After the outage' });
    await world.stash.stop();
    await world.host.runHook('Scene.Update.Post', edited(id));
    await world.until('the drainer to notice', () => world.drainerLog().includes('Stash does not answer'));
    await world.stash.start();
    await world.until('the sync', () => title('stash outage') === 'After the outage');
    expect(world.rows('dead_letters')).toBe(0);
  });

  it('keeps every job in place when the token is wrong, and says so once (W11)', async () => {
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: 'a-wrong-token-of-length',
    });
    const ids = ['x', 'y'].map(scanned);
    for (const id of ids) await world.act.editScene(id, { title: 'T' });
    await world.until('the message', () => world.drainerLog().includes('refuses the token'));
    const run = await world.host.runTask('Process Queue');
    expect(run.result.error).toContain('refuses the token');
    expect(run.result.error).toMatch(/2 scenes (still )?wait/);
    expect(world.waitingScenes()).toEqual(ids);
    expect(world.rows('dead_letters')).toBe(0);
    await world.until('one message of each process that tried', () => {
      return world.drainerLog().match(/refuses the token/g)?.length === world.drainers().length;
    });
  });
});

describe('a drainer whose knowledge grows old', () => {
  it('notices a corrected address while it waits for Plex', async () => {
    const settings = { plex_token: world.plex.token };
    world.stash.settings.set('Stash2Plex', { ...settings, plex_url: 'http://127.0.0.1:9' });
    await world.act.editScene(scanned('address'), { title: 'Found' });
    await world.until('the drainer to wait', () => world.drainerLog().includes('goes on by itself'));
    world.stash.settings.set('Stash2Plex', { ...settings, plex_url: world.plex.url });
    await world.until('the sync', () => title('address') === 'Found');
    expect(world.drainers()).toHaveLength(1);
  });

  it('gives way to the next one when it cannot reach Stash', async () => {
    const id = scanned('moved');
    world.stash.scenes.update(id, { title: 'Moved' });
    // The first event names a Stash that is gone; Stash comes back at another port.
    const elsewhere = { ...world.stash.serverConnection(), Port: 9 };
    const hookContext = { ...edited(id), type: 'Scene.Update.Post' };
    await world.host.runRaw(JSON.stringify({ server_connection: elsewhere, args: { hookContext } }));
    await world.until('the first drainer to wait', () =>
      world.drainerLog().includes('Stash does not answer'),
    );
    await world.host.runHook('Scene.Update.Post', edited(scanned('other')));
    await world.until('the sync', () => title('moved') === 'Moved', 8_000);
    expect(world.drainers()).toHaveLength(2);
    const [first, second] = world.drainers();
    await world.until('the first drainer to leave', () => !isAlive(first ?? -1), 15_000);
    expect(isAlive(second ?? -1)).toBe(true);
  }, 60_000);

  it('gives way to a younger one that waits for Stash in the same way', async () => {
    const id = scanned('both');
    const elsewhere = { ...world.stash.serverConnection(), Port: 9 };
    const hookContext = { ...edited(id), type: 'Scene.Update.Post' };
    const event = () =>
      world.host.runRaw(JSON.stringify({ server_connection: elsewhere, args: { hookContext } }));
    await event();
    await world.until('the first drainer to wait', () => world.drainerLog().includes('goes on by itself'));
    // While it waits its lock is free, and whoever comes is let in.
    await event();
    await world.until('the second drainer', () => world.drainers().length === 2);
    const [first, ...younger] = world.drainers();
    await world.until('the first one to leave', () => !isAlive(first ?? -1), 15_000);
    expect(world.drainerLog()).toContain('Left: another drainer works.');
    expect(world.drainers().filter(isAlive)).toEqual(younger);
    expect(world.waitingScenes()).toEqual([id]);
  }, 60_000);

  it('stays with the waiting scenes when its own record cannot be read', async () => {
    const id = scanned('record');
    world.stash.scenes.update(id, { title: 'Synced' });
    await world.stash.stop();
    await world.host.runHook('Scene.Update.Post', edited(id));
    await world.until('the drainer to wait', () => world.drainerLog().includes('goes on by itself'));
    const db = openDatabase(join(world.dataFolder, 'stash2plex.db'), { durability: 'normal' });
    db.exec('DROP TABLE drainer');
    db.close();
    await world.stash.start();
    await world.until('the sync', () => title('record') === 'Synced', 20_000);
    expect(world.drainers()).toHaveLength(1);
  }, 60_000);

  it('gives way when the data file is moved away, so that hooks are not writing to a file nobody reads', async () => {
    await world.act.editScene(scanned('before'), { title: 'Before' });
    await world.until('the sync', () => world.rows('jobs') === 0 && world.rows('scene_syncs') === 1);
    for (const suffix of ['', '-wal', '-shm']) {
      const path = join(world.dataFolder, `stash2plex.db${suffix}`);
      renameSync(path, `${path}.old`);
    }
    const [first] = world.drainers();
    await world.until('the first drainer to leave', () => !isAlive(first ?? -1));
    await world.act.editScene(scanned('after'), { title: 'After' });
    await world.until('the sync', () => title('after') === 'After');
  });
});

describe('the task "Process Queue"', () => {
  const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });

  it('works off what is due, with progress, and says what it did (W38)', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => scanned(`p${index}`));
    for (const id of ids) {
      world.stash.scenes.update(id, { title: `P ${id}` });
      await paused().runHook('Scene.Update.Post', edited(id));
    }
    const run = await world.host.runTask('Process Queue');
    expect(run.result.output).toMatchObject({
      synced: 8,
      buried: 0,
      summary: expect.stringContaining('8 scenes'),
    });
    expect(run.progress).toEqual([...run.progress].sort((left, right) => left - right));
    expect(run.progress.at(-1)).toBe(1);
    expect(world.rows('jobs')).toBe(0);
  });

  it('leaves a scene that Plex does not have to a drainer, and does not wait for it (W19)', async () => {
    const id = world.stash.scenes.add({ details: 'D', files: ['/data/films/not there.mkv'] });
    await paused().runHook('Scene.Update.Post', edited(id));
    const run = await world.host.runTask('Process Queue');
    expect(run.result.output).toMatchObject({ retried: 1, waiting: 1 });
    await world.until('a drainer that stays for it', () => world.drainers().length === 1);
    expect(world.waitingScenes()).toEqual([id]);
  });

  it('ends at once with what stands in the way when Plex is down (WK-14, W22)', async () => {
    await paused().runHook('Scene.Update.Post', edited(scanned('down')));
    await world.plex.stop();
    const run = await world.host.runTask('Process Queue');
    expect(run.result.error).toContain('Plex does not answer');
    expect(run.result.error).toContain('none is lost');
    expect(run.progress.at(-1)).not.toBe(1);
  });

  it('leaves the rest to a drainer when it is killed', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => scanned(`k${index}`));
    for (const id of ids) {
      world.stash.scenes.update(id, { title: `K ${id}` });
      await paused().runHook('Scene.Update.Post', edited(id));
    }
    world.plex.switches.latencyMs = 100;
    const task = world.host.startTask('Process Queue');
    await world.until('work under way', () => world.plex.log.count({ method: 'PUT' }) > 0);
    task.kill();
    await task.finished;
    world.plex.switches.latencyMs = 0;
    // Nobody touches anything: a drainer on standby takes over.
    await world.until('the rest', () => ids.every((id, index) => title(`k${index}`) === `K ${id}`));
  });
});

describe('the task "View Queue Status"', () => {
  it('only looks: it starts and changes nothing (W49)', async () => {
    const id = scanned('look');
    await world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' }).runHook('Scene.Update.Post', edited(id));
    const run = await world.host.runTask('View Queue Status');
    expect(run.result.output).toMatchObject({ due: 1, waiting: 0, running: 0, deadLetters: 0 });
    expect(world.waitingScenes()).toEqual([id]);
    expect(world.drainers()).toEqual([]);
    expect(world.plex.log.count() + world.stash.log.count()).toBe(0);
  });
});
