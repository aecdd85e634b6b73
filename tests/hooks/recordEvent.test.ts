import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { recordEvent } from '../../src/hooks/recordEvent.ts';
import { type HookContext, sceneEvent } from '../../src/hooks/sceneEvent.ts';
import { createJobStore } from '../../src/queue/JobStore.ts';
import { createSceneSyncs } from '../../src/queue/sceneSyncs.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { SYNC } from '../queue/openStore.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

const COUNTED = ['jobs', 'bulk_hooks', 'scene_syncs', 'dead_letters'];

/** A queue on disk, whose written rows are counted, and hooks that write to it. */
function openQueue() {
  const paths = resolvePaths({ STASH_PLUGIN_DATA: tempFolder() }, '/plugin');
  const clock = new FakeClock();
  const db = openDatabase(paths.database, { durability: 'normal' });
  onTestFinished(() => {
    db.close();
  });
  db.exec('CREATE TABLE written (n INTEGER)');
  for (const table of COUNTED) {
    for (const change of ['INSERT', 'UPDATE', 'DELETE']) {
      db.exec(
        `CREATE TRIGGER ${table}_${change} AFTER ${change} ON ${table} BEGIN INSERT INTO written VALUES (1); END`,
      );
    }
  }
  const jobs = createJobStore(db, clock);
  return {
    db,
    clock,
    jobs,
    /** The hook of a scene runs. */
    hook(context: HookContext) {
      const event = sceneEvent(context);
      if (event.action !== 'ignore') recordEvent(event, { paths, clock, isAutodrainOn: false });
    },
    waiting: () => db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all(),
    revisions: () => db.prepare('SELECT revision FROM jobs ORDER BY scene_id').pluck().all(),
    /** Rows written since the last call. */
    written() {
      const count = Number(db.prepare('SELECT count(*) FROM written').pluck().get());
      db.exec('DELETE FROM written');
      return count;
    },
    syncAll() {
      for (const waiting of jobs.peekDue(10_000)) {
        const job = jobs.take(waiting);
        if (job) jobs.complete(job, { syncs: [SYNC], shared: [] });
      }
    },
  };
}

function bulkHooks(
  ids: readonly number[],
  fields: Record<string, unknown> = { studio_id: '1' },
): HookContext[] {
  const input = { ids: ids.map(String), ...fields };
  return ids.map((id) => ({
    id,
    type: 'Scene.Update.Post',
    input,
    inputFields: ['ids', ...Object.keys(fields)],
  }));
}

function destroyHooks(ids: readonly number[]): HookContext[] {
  return ids.map((id) => ({
    id,
    type: 'Scene.Destroy.Post',
    input: { ids: ids.map(String), delete_file: false, path: `/${id}.mkv` },
  }));
}

function ranged(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe('a bulk edit', () => {
  it('is recorded as a whole by its first hook: nothing is lost if Stash is stopped then', () => {
    const queue = openQueue();
    const [first] = bulkHooks(ranged(1_000));
    if (first) queue.hook(first);
    expect(queue.waiting()).toEqual(ranged(1_000));
  });

  it('of 1 000 scenes writes 1 000 jobs and one small row per hook, not a million', () => {
    const queue = openQueue();
    const [first, ...others] = bulkHooks(ranged(1_000));
    if (first) queue.hook(first);
    expect(queue.written()).toBe(1_001);
    for (const hook of others) queue.hook(hook);
    expect(queue.written()).toBe(999);
    expect(new Set(queue.revisions())).toEqual(new Set([1]));
  }, 60_000);

  it('is no second work for scenes that were synced before their hook came', () => {
    const queue = openQueue();
    const [first, ...others] = bulkHooks([1, 2, 3]);
    if (first) queue.hook(first);
    queue.syncAll();
    for (const hook of others) queue.hook(hook);
    expect(queue.waiting()).toEqual([]);
  });

  it('is new to a job in the middle of which its first hook comes', () => {
    const queue = openQueue();
    for (const hook of bulkHooks([2], { studio_id: '9' })) queue.hook(hook);
    const job = queue.jobs.take(
      queue.jobs.peekDue(1)[0] ?? { id: 0, sceneId: 0, revision: 0, inBulk: false },
    );
    const [first] = bulkHooks([1, 2]);
    if (first) queue.hook(first);
    if (job) queue.jobs.complete(job, { syncs: [SYNC], shared: [] });
    expect(queue.waiting()).toEqual([1, 2]);
  });

  it('that is done again is recorded again, also after one that was stopped in the middle', () => {
    const queue = openQueue();
    const hooks = bulkHooks([1, 2, 3, 4]);
    for (const hook of hooks) queue.hook(hook);
    queue.syncAll();
    for (const hook of hooks.slice(0, 2)) queue.hook(hook);
    expect(queue.waiting()).toEqual([1, 2, 3, 4]);
    queue.syncAll();
    for (const hook of hooks) queue.hook(hook);
    expect(queue.waiting()).toEqual([1, 2, 3, 4]);
  });

  it('whose first hook failed is recorded by the next one, though the same edit was stopped before', () => {
    const queue = openQueue();
    const hooks = bulkHooks([1, 2, 3, 4]);
    for (const hook of hooks.slice(0, 3)) queue.hook(hook);
    queue.syncAll();
    for (const hook of hooks.slice(1)) queue.hook(hook);
    expect(queue.waiting()).toEqual([1, 2, 3, 4]);
  });

  it('is not taken for one of long ago, or of a time in the future (W25)', () => {
    for (const jumpMs of [11 * 60_000, -60_000]) {
      const queue = openQueue();
      const [first, , third] = bulkHooks([1, 2, 3]);
      if (first) queue.hook(first);
      queue.syncAll();
      queue.clock.jump(jumpMs);
      if (third) queue.hook(third);
      expect(queue.waiting()).toEqual([1, 2, 3]);
    }
  });

  it('leaves no trace of itself behind for ever', () => {
    const queue = openQueue();
    for (let edit = 0; edit < 5; edit += 1) {
      for (const hook of bulkHooks([1, 2], { title: `Edit ${edit}` })) queue.hook(hook);
      queue.clock.advance(11 * 60_000);
    }
    expect(queue.db.prepare('SELECT count(*) FROM bulk_hooks').pluck().get()).toBe(1);
  });

  it('of other fields records nothing', () => {
    const queue = openQueue();
    for (const hook of bulkHooks([1, 2, 3], { urls: { values: ['x'], mode: 'ADD' } })) queue.hook(hook);
    expect(queue.waiting()).toEqual([]);
  });

  it('never leaves a committed change unread, whatever is stopped, repeated or mixed, and whenever syncs run', () => {
    const ids = [1, 2, 3, 4];
    const mutation = fc.record({
      /** Two of them are the same edit. */
      studio: fc.constantFrom('1', '1', '2'),
      ids: fc.constantFrom(ids, ids, [2, 3], [4, 3]),
      /** Hooks that come before Stash is stopped; at least one. */
      hooks: fc.integer({ min: 1, max: 4 }),
      syncs: fc.array(fc.integer({ min: 0, max: 3 })),
      passMs: fc.constantFrom(0, 1_000, 700_000),
    });
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 8 }), (mutations) => {
        const queue = openQueue();
        const isStale = new Set<number>();
        for (const { studio, ids: scenes, hooks, syncs, passMs } of mutations) {
          for (const id of scenes) isStale.add(id);
          for (const [index, hook] of bulkHooks(scenes, { studio_id: studio }).slice(0, hooks).entries()) {
            queue.hook(hook);
            if (!syncs.includes(index)) continue;
            for (const id of queue.waiting() as number[]) isStale.delete(id);
            queue.syncAll();
          }
          queue.clock.advance(passMs);
        }
        expect([...isStale].filter((id) => !queue.waiting().includes(id))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a list of edits', () => {
  const entry = (id: number, fields: object) => ({ id: String(id), title: null, details: null, ...fields });
  const input = [
    entry(1, { title: 'A' }),
    entry(2, { resume_time: 4 }),
    entry(3, {}),
    entry(4, { details: 'D' }),
  ];
  const hook = (id: number, ...inputFields: string[]): HookContext => ({
    id,
    type: 'Scene.Update.Post',
    input,
    inputFields: ['id', ...inputFields],
  });

  it('is recorded by its first hook as far as its input tells; a cleared field is recorded by its own', () => {
    const queue = openQueue();
    queue.hook(hook(1, 'title'));
    expect(queue.waiting()).toEqual([1, 4]);
    queue.hook(hook(2, 'resume_time'));
    expect(queue.waiting()).toEqual([1, 4]);
    queue.hook(hook(3, 'details'));
    expect(queue.waiting()).toEqual([1, 3, 4]);
    queue.hook(hook(4, 'details'));
    expect(queue.revisions()).toEqual([1, 1, 1]);
  });
});

describe('scenes that were destroyed together', () => {
  it('are forgotten by the first hook, and their hooks write little', () => {
    const queue = openQueue();
    const syncs = createSceneSyncs(queue.db);
    for (const id of ranged(100)) syncs.save(id, SYNC, 0);
    for (const hook of bulkHooks(ranged(100))) queue.hook(hook);
    queue.written();
    const [first, ...others] = destroyHooks(ranged(100));
    if (first) queue.hook(first);
    expect(queue.waiting()).toEqual([]);
    expect(queue.db.prepare('SELECT count(*) FROM scene_syncs').pluck().get()).toBe(0);
    expect(queue.written()).toBe(201);
    for (const hook of others) queue.hook(hook);
    expect(queue.written()).toBe(99);
  });
});
