import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepMessage } from '../../src/queue/backgroundMessages.ts';
import { openStore } from './openStore.ts';

const moduleUrl = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** What every process has at hand before it is let go; `result` is what it tells. */
const PREPARED = `
  import { openDatabase } from ${moduleUrl('storage/openDatabase.ts')};
  import { createJobStore } from ${moduleUrl('queue/JobStore.ts')};
  import { recordSceneChange } from ${moduleUrl('queue/recordSceneChange.ts')};
  import { takeMessages } from ${moduleUrl('queue/backgroundMessages.ts')};
  const [path] = process.argv.slice(1);
  const now = ${Date.UTC(2026, 0, 11, 12)};
  const clock = { now: () => now, monotonic: () => 0, sleep: async () => {} };
  const db = openDatabase(path, { durability: 'normal' });
  const jobs = createJobStore(db, clock);
  const sync = (sceneId) =>
    ({ sceneUpdatedAt: String(sceneId), serverId: 's', sectionKey: '1', ratingKey: String(sceneId), written: {} });
  const takeAll = (end) => {
    const taken = [];
    for (let waiting; (waiting = jobs.peekDue(3)).length > 0; ) {
      const jobsOfMine = waiting.map((one) => jobs.take(one)).filter(Boolean);
      for (const job of jobsOfMine) {
        taken.push(job.sceneId);
        end(job);
      }
    }
    return taken;
  };`;

/** Runs `work` in `count` processes on one file, which all start it at the same moment, and gives each one's result. */
async function inProcesses(count: number, path: string, work: string): Promise<unknown[]> {
  const code = `${PREPARED}
    process.stdin.once('data', () => {
      const result = (() => { ${work} })();
      process.stdout.write(JSON.stringify(result ?? null), () => process.exit());
    });
    process.stdout.write('\\n');`;
  const children = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    return { child, ready: once(child.stdout, 'data'), ended: once(child, 'close'), said: () => said };
  });
  await Promise.all(children.map(({ ready }) => ready));
  for (const { child } of children) child.stdin.write('go');
  await Promise.all(children.map(({ ended }) => ended));
  return children.map(({ said }) => JSON.parse(said()));
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('several processes on one queue', () => {
  it('make one job of the events of a scene, and count every event (W51)', async () => {
    const { db, path } = openStore();
    await inProcesses(
      6,
      path,
      'for (let times = 0; times < 50; times += 1) recordSceneChange(db, 42, clock.now());',
    );
    expect(db.prepare('SELECT scene_id, revision FROM jobs').raw().all()).toEqual([[42, 300]]);
  });

  it('get every job once between them (W58)', async () => {
    const { db, path, record } = openStore();
    db.transaction(() => numbers(300).forEach(record))();
    const taken = await inProcesses(4, path, 'return takeAll(() => {});');
    expect(taken.flat().sort()).toEqual(numbers(300).sort());
    expect(db.prepare("SELECT count(*) FROM jobs WHERE state = 'running'").pluck().get()).toBe(300);
  });

  it('lose none of what the others remember (W16)', async () => {
    const { db, path, record } = openStore();
    db.transaction(() => numbers(600).forEach(record))();
    await inProcesses(
      3,
      path,
      'takeAll((job) => jobs.complete(job, { syncs: [sync(job.sceneId)], shared: [] }));',
    );
    const synced = db
      .prepare('SELECT scene_id, scene_updated_at FROM scene_syncs ORDER BY scene_id')
      .raw()
      .all();
    expect(synced).toEqual(numbers(600).map((sceneId) => [sceneId, String(sceneId)]));
    expect(db.prepare('SELECT count(*) FROM jobs').pluck().get()).toBe(0);
  });

  it('show each message of the background once between them (W48)', async () => {
    const { db, path } = openStore();
    for (const index of numbers(20)) keepMessage(db, { level: 'warn', text: `message ${index}` }, index);
    const shown = (await inProcesses(3, path, 'return takeMessages(db);')) as { text: string }[][];
    expect(shown.flat().map(({ text }) => text)).toEqual(numbers(20).map((index) => `message ${index}`));
  });
});
