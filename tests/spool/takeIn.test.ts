import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Paths, resolvePaths } from '../../src/config/paths.ts';
import { recordEvent } from '../../src/hooks/recordEvent.ts';
import { takeInEvents } from '../../src/hooks/takeInEvents.ts';
import { takeMessages } from '../../src/queue/backgroundMessages.ts';
import { createJobStore } from '../../src/queue/JobStore.ts';
import { openSpool } from '../../src/spool/openSpool.ts';
import { takingIn } from '../../src/spool/takingIn.ts';
import { type Database, openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

let paths: Paths;
let db: Database;
let clock: FakeClock;
beforeEach(() => {
  const folder = tempFolder();
  paths = resolvePaths({ STASH_PLUGIN_DATA: folder }, folder);
  db = openDatabase(paths.database, { durability: 'normal' });
  clock = new FakeClock();
  openSpool(paths);
});

const CONNECTION = { Scheme: 'http', Host: '0.0.0.0', Port: 9, SessionCookie: { Value: 'c00kie-secret' } };

function documentOf(id: number, hook: Record<string, unknown> = {}): string {
  const hookContext = { id, type: 'Scene.Update.Post', input: {}, inputFields: ['title'], ...hook };
  return `${JSON.stringify({ server_connection: CONNECTION, args: { hookContext } })}\n`;
}

/** As a launcher leaves it, `ageMs` ago. */
function spool(name: string, content: string, ageMs = 0): void {
  const path = join(paths.spool, name);
  writeFileSync(path, content, { mode: 0o600 });
  const writtenAt = (clock.now() - ageMs) / 1000;
  utimesSync(path, writtenAt, writtenAt);
}

const takeIn = () => takeInEvents({ paths, db, clock });
const jobs = () => db.prepare('SELECT scene_id FROM jobs ORDER BY id').pluck().all();
const revision = (sceneId: number) =>
  db.prepare('SELECT revision FROM jobs WHERE scene_id = ?').pluck().get(sceneId);
const messages = () => takeMessages(db).map(({ level, text, count }) => ({ level, text, count }));

describe('taking the spool in', () => {
  it('records what was recorded by launchers, oldest first, and removes the files', () => {
    spool('1.json', documentOf(1), 1_000);
    spool('2.json', documentOf(2), 3_000);
    spool('3.json', documentOf(3), 2_000);
    takeIn();
    expect(jobs()).toEqual([2, 3, 1]);
    expect(readdirSync(paths.spool)).toEqual([]);
  });

  it('keeps the order of an edit and the end of its scene', () => {
    spool('9.json', documentOf(5), 2_000);
    spool('1.json', documentOf(5, { type: 'Scene.Destroy.Post', input: { id: '5' } }), 1_000);
    takeIn();
    expect(jobs()).toEqual([]);
  });

  it('drops events that do not matter', () => {
    spool('1.json', documentOf(1, { inputFields: ['resume_time'] }));
    spool('2.json', documentOf(2, { type: 'Tag.Create.Post' }));
    takeIn();
    expect(jobs()).toEqual([]);
    expect(readdirSync(paths.spool)).toEqual([]);
    expect(messages()).toEqual([]);
  });

  it('takes a file twice as one more look at its scene', () => {
    spool('1.json', documentOf(1));
    takeIn();
    spool('1.json', documentOf(1));
    takeIn();
    expect(jobs()).toEqual([1]);
    expect(revision(1)).toBe(2);
  });

  it('is as durable as the hook that answered, and leaves the database as it was', () => {
    const pragmas: string[] = [];
    const watched = new Proxy(db, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (key === 'pragma') pragmas.push(String(args[0]));
          if (key === 'transaction') pragmas.push('transaction');
          return Reflect.apply(value, target, args);
        };
      },
    });
    spool('1.json', documentOf(1));
    takeInEvents({ paths, db: watched, clock });
    expect(pragmas).toEqual([
      'synchronous',
      'synchronous = FULL',
      'transaction',
      'transaction',
      'synchronous = 1',
    ]);
    expect(db.pragma('synchronous', { simple: true })).toBe(1);
  });

  it('leaves every file where it is when the database cannot take it', () => {
    spool('1.json', documentOf(1));
    spool('2.json', documentOf(2));
    db.exec(
      "CREATE TRIGGER full BEFORE INSERT ON jobs WHEN new.scene_id = 2 BEGIN SELECT raise(ABORT, 'x'); END",
    );
    expect(takeIn).toThrow();
    expect(jobs()).toEqual([]);
    expect(readdirSync(paths.spool)).toEqual(['1.json', '2.json']);
    expect(db.pragma('synchronous', { simple: true })).toBe(1);
  });

  it.each([
    ['half a document', documentOf(1).slice(0, 90)],
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['another JSON value', '[1]'],
    ['a task', JSON.stringify({ server_connection: {}, args: { mode: 'all' } })],
    ['a hook without a scene', JSON.stringify({ server_connection: {}, args: { hookContext: { id: 'x' } } })],
    ['far too much', 'x'.repeat(1024 * 1024 + 1)],
  ])('sets %s aside, says it once, and takes in the others', (_name, content) => {
    spool('1.json', content, 2_000);
    spool('2.json', documentOf(2), 1_000);
    takeIn();
    takeIn();
    expect(jobs()).toEqual([2]);
    expect(readdirSync(paths.spool)).toEqual([]);
    expect(readdirSync(paths.refusedEvents)).toEqual(['1.json']);
    const told = messages();
    expect(told).toEqual([
      { level: 'warn', text: expect.stringMatching(/1\.json.*moved to.*\.$/), count: 1 },
    ]);
    expect(told[0]?.text).not.toContain('c00kie-secret');
  });

  it('neither follows a link nor waits for a pipe', () => {
    writeFileSync(join(paths.dataFolder, 'elsewhere'), documentOf(1));
    symlinkSync(join(paths.dataFolder, 'elsewhere'), join(paths.spool, '1.json'));
    execFileSync('mkfifo', [join(paths.spool, '2.json')]);
    mkdirSync(join(paths.spool, '3.json'));
    spool('4.json', documentOf(4));
    takeIn();
    expect(jobs()).toEqual([4]);
    expect(readdirSync(paths.refusedEvents).sort()).toEqual(['1.json', '2.json', '3.json']);
    expect(existsSync(join(paths.dataFolder, 'elsewhere'))).toBe(true);
  });

  it('leaves a file alone that is just being written, and takes in what a power cut left without its name', () => {
    spool('1.part', documentOf(1), 30_000);
    spool('2.part', documentOf(2), 90_000);
    spool('3.part', documentOf(3).slice(0, 90), 90_000);
    spool('4.part', documentOf(4), -90_000);
    takeIn();
    expect(jobs().sort()).toEqual([2, 4]);
    // Its hook never answered.
    expect(readdirSync(paths.spool)).toEqual(['1.part']);
    expect(messages()).toEqual([]);
  });

  it('is nothing where there is no spool', () => {
    const elsewhere = join(paths.dataFolder, 'nowhere');
    takeInEvents({ paths: { ...paths, spool: elsewhere }, db, clock });
    expect(existsSync(elsewhere)).toBe(false);
  });
});

describe('who opens the queue', () => {
  it('takes the spool in before it looks for jobs, each time', () => {
    const store = takingIn(createJobStore(db, clock), takeIn);
    spool('1.json', documentOf(1));
    expect(store.nextDueAtMs()).toBe(clock.now());
    spool('2.json', documentOf(2));
    expect(store.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([1, 2]);
    store.clear({ isDrainerAlive: false });
    spool('3.json', documentOf(3));
    expect(store.isEventDue()).toBe(true);
    spool('4.json', documentOf(4));
    expect(store.counts()).toMatchObject({ due: 2 });
    spool('5.json', documentOf(5));
    expect(store.clear({ isDrainerAlive: false })).toEqual({ deleted: 3, running: 0 });
    expect(jobs()).toEqual([]);
  });

  it('takes it in before a hook by Node records its own event', () => {
    spool('1.json', documentOf(1));
    spool('2.json', documentOf(2));
    const hook = { paths, clock, isAutodrainOn: false };
    recordEvent({ action: 'forget', sceneIds: [1] }, hook);
    recordEvent({ action: 'sync', sceneIds: [3] }, hook);
    expect(jobs()).toEqual([2, 3]);
  });

  it('records the event of a hook by Node also where the spool cannot be taken in', () => {
    writeFileSync(join(paths.dataFolder, 'file'), '');
    const spoiled = { ...paths, spool: join(paths.dataFolder, 'file', 'spool') };
    recordEvent({ action: 'sync', sceneIds: [3] }, { paths: spoiled, clock, isAutodrainOn: false });
    expect(jobs()).toEqual([3]);
  });
});
