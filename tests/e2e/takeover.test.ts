import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryExclusiveLock } from '../../src/storage/exclusiveLock.ts';
import { takeoverLock } from '../../src/takeover/takeOver.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import {
  bytesOf,
  copyRealFolderAsOf,
  deferredJob,
  EXPECTED,
  waiting,
  writeQueue,
} from '../support/pythonPlugin/pythonFolder.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const SCENES = 60;

/** All scenes of the real folder, each with its item, of which Plex knows nothing yet. */
function addScenes(): void {
  for (let number = 1; number <= SCENES; number += 1) {
    world.plex.library.addItem(world.sectionKey, {
      title: `Scene ${number}`,
      file: `/media/films/Scene ${number}.mkv`,
    });
    world.stash.scenes.add({
      title: `Title ${number}`,
      details: `Details of ${number}`,
      files: [`/data/films/Scene ${number}.mkv`],
    });
  }
}

const titleOf = (sceneId: number) =>
  world.plex.library.itemByFile(`/media/films/Scene ${sceneId}.mkv`)?.title;
const synced = () =>
  Array.from({ length: SCENES }, (_, index) => index + 1).filter((id) => titleOf(id) === `Title ${id}`);
const count = (sql: string) => Number(world.query(`SELECT count(*) FROM ${sql}`)[0]);
const texts = ({ logs }: PluginRun) => logs.map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));
const output = (run: PluginRun) => run.result.output as Record<string, unknown> & { summary: string };
const edit = (sceneId: number) => ({ id: sceneId, input: { id: String(sceneId) }, inputFields: ['title'] });
const backup = () =>
  join(
    world.dataFolder,
    readdirSync(world.dataFolder).find((name) => name.startsWith('python-plugin-')) ?? '',
  );

describe('the first start with the data of the Python plugin', () => {
  it('syncs its whole backlog, lists and recovers its dead letters, and keeps its files', {
    timeout: 60_000,
  }, async () => {
    addScenes();
    copyRealFolderAsOf(world.dataFolder, 7_200);
    const before = bytesOf(world.dataFolder);
    const list = await world.host.runTask('List Failed Jobs');
    expect(texts(list)[0]).toMatch(
      /^Taken over from the Python plugin \(.*\): 48 scenes queued \(48 rows\), 14 dead letters, 12 scenes known to be synced\. Its files are kept in /,
    );
    expect(output(list)).toMatchObject({ total: 14 });
    const groups = output(list)['groups'] as { type: string; count: number; scenes: { sceneId: number }[] }[];
    expect(Object.fromEntries(groups.map(({ type, count: number }) => [type, number]))).toEqual(
      EXPECTED.deadLettersByType,
    );
    const listed = groups.flatMap(({ scenes }) => scenes.map(({ sceneId }) => sceneId));
    expect(listed.sort((left, right) => left - right)).toEqual(EXPECTED.deadLetterScenes);
    expect(bytesOf(backup())).toEqual(before);

    // Nobody has to ask for the backlog, and its open circuit closes when Plex was asked.
    await world.until('the backlog to be synced', () => world.rows('jobs') === 0, 40_000);
    expect(synced()).toEqual(EXPECTED.pendingScenes);

    // Of the outage that has just ended; 31 to 36 came to Plex with the backlog.
    const recover = await world.host.runTask('Recover Outage Jobs');
    expect(output(recover)['recoveredSceneIds']).toEqual([1, 5]);
    const retry = await world.host.runTask('Retry Failed Jobs');
    expect(output(retry)).toMatchObject({ retried: 6 });
    await world.until('the dead letters to be synced', () => world.rows('dead_letters') === 0);
    expect(synced()).toEqual(
      [...new Set([...EXPECTED.pendingScenes, ...EXPECTED.deadLetterScenes])].sort((a, b) => a - b),
    );

    const status = await world.host.runTask('View Queue Status');
    expect(texts(status).join('\n')).toMatch(/: Taken over from the Python plugin \(.*48 scenes queued/);
    expect(output(status)['takenOver']).toEqual([
      expect.objectContaining({
        backup: backup(),
        queueRows: 48,
        scenesQueued: 48,
        deadLetters: 14,
        syncTimes: 12,
      }),
    ]);
    expect(count('takeovers')).toBe(1);
    expect(bytesOf(backup())).toEqual(before);
  });

  it('is left to the drainer by a hook, which tells of it at the next task', async () => {
    addScenes();
    copyRealFolderAsOf(world.dataFolder, 7_200);
    const hook = await world.host.runHook('Scene.Update.Post', edit(1));
    expect(hook.result).toEqual({ output: 'ok' });
    await world.until(
      'the backlog to be synced',
      () => count('takeovers') === 1 && world.rows('jobs') === 0,
      40_000,
    );
    expect(synced()).toEqual([1, ...EXPECTED.pendingScenes]);
    const status = await world.host.runTask('View Queue Status');
    const told = texts(status).filter((text) => text.includes('Taken over from the Python plugin'));
    expect(told.filter((text) => text.includes('Z: Taken over'))).toHaveLength(1);
  });

  it('is waited for by no hook: it answers while another process takes over, and its event is recorded', async () => {
    addScenes();
    writeQueue(world.dataFolder, [waiting(deferredJob(2))]);
    const lock = tryExclusiveLock(takeoverLock(world.dataFolder));
    const hook = await world.host.runHook('Scene.Update.Post', edit(1));
    expect(hook.result).toEqual({ output: 'ok' });
    expect(world.waitingScenes()).toEqual([1]);
    expect(count('takeovers')).toBe(0);
    expect(existsSync(join(world.dataFolder, 'queue', 'data.db-wal'))).toBe(true);
    lock?.release();
    await world.until('both to be synced', () => synced().length === 2);
    expect(synced()).toEqual([1, 2]);
  });

  it('says once which settings mean something else now', async () => {
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: world.plex.token,
      read_timeout: 60,
    });
    writeQueue(world.dataFolder, []);
    const notes = (run: PluginRun) => texts(run).filter((text) => text.startsWith('Setting '));
    expect(notes(await world.host.runTask('Process Queue'))).toEqual([
      'Setting read_timeout (60) is now the longest wait for an answer of Plex; it had no effect under this name.',
    ]);
    expect(notes(await world.host.runTask('Process Queue'))).toEqual([]);
  });
});

describe('a Python plugin that is still at work', () => {
  it('keeps its files; events are synced all the same, and the reason is said once', async () => {
    addScenes();
    writeQueue(world.dataFolder, [waiting(deferredJob(2))]);
    const before = bytesOf(join(world.dataFolder, 'queue'));
    const now = new Date();
    utimesSync(join(world.dataFolder, 'queue', 'data.db-wal'), now, now);
    const first = await world.host.runTask('List Failed Jobs');
    const refusals = (run: PluginRun) => texts(run).filter((text) => text.includes('still seems to run'));
    expect(refusals(first)).toHaveLength(1);
    expect(refusals(await world.host.runTask('List Failed Jobs'))).toEqual([]);
    const status = await world.host.runTask('View Queue Status');
    expect(output(status)['takeoverObstacle']).toContain('still seems to run');
    await world.host.runHook('Scene.Update.Post', edit(1));
    await world.until('the event to be synced', () => world.rows('jobs') === 0 && synced().length === 1);
    expect(bytesOf(join(world.dataFolder, 'queue'))).toEqual(before);
    expect(count('takeovers')).toBe(0);
  });
});
