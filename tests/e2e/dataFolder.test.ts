import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World, YML_PATH } from '../support/startWorld.ts';

/** Files that make things nicer; nothing that is in their way is in the way of a sync. */
const CONVENIENCES = [
  'device_id.json',
  'stats.json',
  'circuit_breaker.json',
  'outage_history.json',
  'recovery_state.json',
  'reconciliation_state.json',
];

let world: World;
beforeEach(async () => {
  world = await startWorld({
    env: { STASH2PLEX_HOOK_AUTODRAIN_LOG: join(YML_PATH, 'a folder below a file', 'drainer.log') },
  });
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

const title = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;

describe('a data folder in which something is wrong', () => {
  it('does not stop the sync by any file that is a convenience, and the log says which', async () => {
    for (const name of CONVENIENCES) mkdirSync(join(world.dataFolder, name));
    writeFileSync(join(world.dataFolder, 'proc_slots'), 'a file where a folder should be');
    const [hook] = await world.act.editScene(scanned('a'), { title: 'A' });
    expect(hook?.result).toEqual({ output: 'ok' });
    await world.until('the sync', () => title('a') === 'A' && world.rows('jobs') === 0);
    const task = await world.host.runTask('Process Queue');
    expect(task.result).toMatchObject({ output: {} });
    const warnings = task.logs.filter(({ level }) => level === 'warning').map(({ text }) => text);
    const about = (name: string) => warnings.filter((text) => text.includes(name));
    // The drainer's word, which comes with the task, and the task's own.
    expect(about('device_id.json')).toEqual([
      expect.stringContaining('Background'),
      expect.not.stringContaining('Background'),
    ]);
    expect(about('proc_slots')).toHaveLength(1);
  });

  it('works where a write-ahead log is impossible, and says so once', async () => {
    spawnSync('mkfifo', [join(world.dataFolder, 'stash2plex.db-shm')]);
    const ids = ['a', 'b', 'c', 'd'].map(scanned);
    const runs = await Promise.all(ids.map((id) => world.act.editScene(id, { title: `Title ${id}` })));
    expect(runs.flat().map(({ result }) => result)).toEqual(ids.map(() => ({ output: 'ok' })));
    await world.until('all syncs', () =>
      ids.every((id, index) => title('abcd'[index] ?? '') === `Title ${id}`),
    );
    await world.until('the end of all jobs', () => world.rows('jobs') === 0);
    const told = async () => {
      const { logs } = await world.host.runTask('View Queue Status');
      return logs.filter(({ text }) => text.includes('STASH_PLUGIN_DATA')).map(({ level }) => level);
    };
    expect(await told()).toEqual(['warning']);
    expect(await told()).toEqual([]);
  });
});
