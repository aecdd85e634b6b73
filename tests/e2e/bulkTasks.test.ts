import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const HOUR_MS = 3_600_000;

function scanned(name: string, ageHours = 0): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  const time = world.stash.scenes.stamp(-ageHours * HOUR_MS);
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    files: [`/data/films/${name}.mkv`],
    created_at: time,
    updated_at: time,
  });
}

const title = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
const output = (run: PluginRun) => run.result.output as Record<string, unknown> & { summary: string };

function shown({ logs }: PluginRun): string[] {
  return logs
    .filter(({ level }) => ['info', 'warning', 'error'].includes(level))
    .map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));
}

/** Scenes without a file: they cost the drainer nothing. */
function addScenes(count: number): void {
  for (let index = 0; index < count; index += 1) world.stash.scenes.add({ title: `No. ${index}` });
}

describe('the task "Sync All"', () => {
  it('queues every scene, ends, and has them synced in the background (W-70, W22)', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) scanned(name, 1_000);
    const run = await world.host.runTask('Sync All');
    expect(shown(run)).toEqual([
      '=== Sync All ===',
      'Scenes in Stash: 3',
      'Queued now:      3',
      'Waiting already: 0',
      '3 scenes were queued. The background drainer works on them.',
    ]);
    expect(output(run)).toEqual({
      summary: '3 scenes were queued. The background drainer works on them.',
      scenes: 3,
      queued: 3,
      alreadyQueued: 0,
    });
    await world.until('the syncs', () => names.every((name) => title(name) === `Title of ${name}`));
    await world.until('an empty queue', () => world.rows('jobs') === 0);
    expect(world.drainers()).toHaveLength(1);
  });

  it('pushes a scene that was synced before and changed without an event (W-70)', async () => {
    const id = scanned('one', 1_000);
    await world.host.runTask('Sync All');
    await world.until('the first sync', () => title('one') === 'Title of one' && world.rows('jobs') === 0);
    world.stash.scenes.update(id, { title: 'By auto tag' });
    expect(output(await world.host.runTask('Sync All'))).toMatchObject({ queued: 1 });
    await world.until('the second sync', () => title('one') === 'By auto tag');
    // The living drainer has seen it; nobody else was started.
    expect(world.drainers()).toHaveLength(1);
  });

  it('shows a progress that never goes backwards, from 0 to 1 (W38)', async () => {
    addScenes(3_500);
    const { progress } = await paused().runTask('Sync All');
    expect(progress).toEqual([...progress].sort((left, right) => left - right));
    expect([progress[0], progress.at(-1)]).toEqual([0, 1]);
    expect(progress).toContain(1_000 / 3_500);
    expect(world.rows('jobs')).toBe(3_500);
  });

  it('says who syncs them when nobody does so by itself, and while Plex is away (W22)', async () => {
    scanned('one');
    expect(output(await paused().runTask('Sync All')).summary).toBe(
      '1 scene was queued. Run the task "Process Queue" for the sync.',
    );
    expect(output(await paused().runTask('Sync All'))).toMatchObject({
      summary:
        '1 scene waits to be synced already, none was added. Run the task "Process Queue" for the sync.',
      queued: 0,
      alreadyQueued: 1,
    });
    await world.plex.stop();
    const circuit = { state: 'open', failure_count: 5, success_count: 0, opened_at: Date.now() / 1000 };
    world.writeState('circuit_breaker.json', circuit);
    expect(output(await world.host.runTask('Sync All')).summary).toMatch(/Plex does not answer at present;/);
    expect(world.rows('jobs')).toBe(1);
  });

  it('says that there is nothing to sync', async () => {
    const { summary } = output(await world.host.runTask('Sync All'));
    expect(summary).toBe('Stash has no such scenes; there is nothing to sync.');
    expect(world.drainers()).toEqual([]);
  });

  it('keeps what is queued when Stash fails on the way, and says so', async () => {
    addScenes(1_500);
    world.stash.faults.add({ match: { operation: 'findScenes' }, nth: 2, action: { status: 500 } });
    const run = await paused().runTask('Sync All');
    expect(run.result.error).toMatch(/^Stash could not answer.* 1000 scenes were queued before that/);
    expect(run.exitCode).toBe(1);
    expect(world.rows('jobs')).toBe(1_000);
    expect(output(await paused().runTask('Sync All'))).toMatchObject({ queued: 500, alreadyQueued: 1_000 });
  });

  it('stopped in the middle leaves whole pages, and somebody who syncs them (W5, W13)', async () => {
    addScenes(2_500);
    scanned('last', 1_000);
    const isPage = { operation: 'findScenes' };
    world.stash.faults.add({ match: isPage, nth: 3, action: { delayMs: 60_000 } });
    // The drainer cannot work yet, so that what is queued can be counted.
    world.plex.faults.add({ match: {}, action: { kind: 'delay', ms: 3_600_000 } });
    const task = world.host.startTask('Sync All');
    await world.until('the third page', () => world.stash.log.count(isPage) === 3);
    task.kill();
    await task.finished;
    expect(world.rows('jobs')).toBe(2_000);
    await world.until('a drainer', () => world.liveDrainers().length === 1);
    world.plex.faults.clear();
    world.plex.advance(3_600_000);
    world.stash.faults.clear();
    expect(output(await world.host.runTask('Sync All'))).toMatchObject({ scenes: 2_501 });
    await world.until('the last scene', () => title('last') === 'Title of last' && world.rows('jobs') === 0);
  });
});

describe('the task "Sync Recent"', () => {
  it('queues what was added or changed within a day, or within "hours" (W-70)', async () => {
    const [old, changed, added] = [scanned('old', 50), scanned('changed', 50), scanned('added', 1)];
    world.stash.scenes.update(changed, { details: 'New' });
    const run = await paused().runTask('Sync Recent');
    expect(output(run)).toMatchObject({ scenes: 2, queued: 2 });
    expect(world.waitingScenes()).toEqual([changed, added]);
    await paused().runTask('Sync Recent', { hours: 51 });
    expect(world.waitingScenes()).toEqual([old, changed, added]);
  });

  it.each(['x', -1, [], true])('refuses %j hours in one sentence', async (hours) => {
    const run = await world.host.runTask('Sync Recent', { hours });
    expect(run.result.error).toBe(
      `"hours" must be a number of hours from 0 on, not ${JSON.stringify(hours)}.`,
    );
    expect(world.rows('jobs')).toBe(0);
  });
});

describe('the tasks for failed jobs', () => {
  const giveUp = (type: string, ...sceneIds: number[]) =>
    world.giveUp(...sceneIds.map((sceneId) => ({ sceneId, type, agoSecs: 60 })));

  it('list them by reason with what helps, a bounded number of each (W56)', async () => {
    giveUp('AmbiguousMatch', 7);
    giveUp('PlexNotFound', 1, 2, 30);
    const run = await world.host.runTask('List Failed Jobs', { limit: '2' });
    const at = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
    expect(shown(run)).toEqual([
      '=== Failed Jobs ===',
      'PlexNotFound: 3',
      expect.stringMatching(/^ *Plex has no item for the file: let Plex scan the folder/),
      expect.stringMatching(new RegExp(`^ *scene 30 {2}${at} {2}It failed\\.$`)),
      expect.stringMatching(new RegExp(`^ *scene 2 {3}${at} {2}It failed\\.$`)),
      expect.stringMatching(/^ *and 1 more$/),
      'AmbiguousMatch: 1',
      expect.stringMatching(/^ *Several Plex items may hold the file: choose one/),
      expect.stringMatching(new RegExp(`^ *scene 7 {2}${at} {2}It failed\\.$`)),
      '4 scenes were given up (3 PlexNotFound, 1 AmbiguousMatch). When the cause is gone, run "Retry Failed Jobs".',
    ]);
    expect(output(run)).toMatchObject({
      total: 4,
      groups: [
        { type: 'PlexNotFound', count: 3, scenes: [{ sceneId: 30, message: 'It failed.' }, { sceneId: 2 }] },
        { type: 'AmbiguousMatch', count: 1, scenes: [{ sceneId: 7 }] },
      ],
    });
    expect(world.rows('dead_letters')).toBe(4);
  });

  it('say so when there are none', async () => {
    expect(output(await world.host.runTask('List Failed Jobs'))).toEqual({
      summary: 'No scenes were given up.',
      total: 0,
      groups: [],
      shared: { total: 0, scenes: [] },
    });
    expect(output(await world.host.runTask('Retry Failed Jobs'))).toMatchObject({
      summary: 'No scenes were given up; there is nothing to retry.',
      retried: 0,
    });
  });

  it('give all another try, once, and have them synced (W32)', async () => {
    const [one, two] = [scanned('one'), scanned('two')];
    giveUp('PlexPermanentError', one);
    giveUp('PlexNotFound', two);
    const run = await world.host.runTask('Retry Failed Jobs');
    expect(shown(run)).toEqual([
      'Get another try: 2',
      'Queued already:  0',
      '2 scenes get another try. The background drainer works on it.',
    ]);
    await world.until('the syncs', () => title('one') === 'Title of one' && title('two') === 'Title of two');
    await world.until('an empty queue', () => world.rows('jobs') === 0);
    expect(world.rows('dead_letters')).toBe(0);
  });

  it('give those of one class another try, and know no other class', async () => {
    giveUp('PlexNotFound', 1, 2);
    giveUp('AmbiguousMatch', 3);
    const run = await paused().runTask('Retry Failed Jobs', { error_type: 'AmbiguousMatch' });
    expect(output(run)).toMatchObject({
      summary: '1 scene gets another try. Run the task "Process Queue" for it.',
      retried: 1,
    });
    expect(world.waitingScenes()).toEqual([3]);
    const unknown = await paused().runTask('Retry Failed Jobs', { error_type: 'PlexNotThere' });
    expect(unknown.result.error).toBe(
      'No scene was given up for the reason "PlexNotThere"; there are: PlexNotFound.',
    );
    expect(world.waitingScenes()).toEqual([3]);
  });
});

describe('the task "Recover Outage Jobs"', () => {
  it('stopped in the middle leaves somebody who syncs what it has queued (W5, W13)', async () => {
    const ids = Array.from({ length: 150 }, () => world.stash.scenes.add({ title: 'Without a file' }));
    world.giveUp(...ids.map((sceneId) => ({ sceneId, type: 'PlexServerDown', agoSecs: 400 })));
    const nowSecs = Date.now() / 1000;
    world.writeState('outage_history.json', [
      { started_at: nowSecs - 600, ended_at: nowSecs - 300, duration: 300, jobs_affected: 2 },
    ]);
    const isLookUp = { operation: 'Stash2PlexScenes' };
    world.stash.faults.add({ match: isLookUp, nth: 2, times: 1, action: { delayMs: 60_000 } });
    const task = world.host.startTask('Recover Outage Jobs');
    await world.until('the second portion', () => world.stash.log.count(isLookUp) >= 2);
    expect(world.query('SELECT count(*) FROM dead_letters WHERE recovered_at IS NOT NULL')).toEqual([100]);
    task.kill();
    await task.finished;
    await world.until('an empty queue', () => world.rows('jobs') === 0);
  });
});
