import { describe, expect, it } from 'vitest';
import { createChangeLog } from '../../src/queue/changeLog.ts';
import { dropScene } from '../../src/queue/dropScene.ts';
import { openStore, SYNC } from './openStore.ts';

const waiting = ({ db }: ReturnType<typeof openStore>) =>
  db.prepare('SELECT scene_id, in_bulk FROM jobs ORDER BY scene_id').raw().all();

describe('scenes that gates hold back', () => {
  it('are noted when their job ends, with the time since when, until they pass', () => {
    const store = openStore();
    const { jobs, clock } = store;
    const heldAtMs = clock.now();
    const holdNext = (gate: string) => {
      store.record(5);
      expect(jobs.hold(store.takeNext(), gate)).toBe(true);
      clock.advance(1_000);
    };
    holdNext('organized');
    holdNext('organized');
    expect(waiting(store)).toEqual([]);
    expect(jobs.held.gateOf(5)).toEqual({ gate: 'organized', heldAtMs });
    holdNext('min_rating');
    expect(jobs.held.gateOf(5)).toEqual({ gate: 'min_rating', heldAtMs: heldAtMs + 2_000 });
    jobs.held.hold([6, 7], 'organized', clock.now());
    expect(jobs.held.countByGate()).toEqual({ min_rating: 1, organized: 2 });
    jobs.held.release([5, 6, 99]);
    expect([jobs.held.gateOf(5), jobs.held.countByGate()]).toEqual([undefined, { organized: 1 }]);
  });

  it('keep what was synced, and are given up no more', () => {
    const store = openStore();
    store.record(5);
    store.jobs.complete(store.takeNext(), { syncs: [SYNC], shared: [] });
    store.giveUp(5);
    store.record(5);
    store.jobs.hold(store.takeNext(), 'organized');
    expect(store.jobs.sceneSyncs(5)).toEqual([SYNC]);
    expect(store.deadLetters.count()).toBe(0);
  });

  it('are looked at once more when an event came in meanwhile', () => {
    const store = openStore();
    store.record(5);
    const job = store.takeNext();
    store.record(5);
    expect(store.jobs.hold(job, 'organized')).toBe(true);
    expect(waiting(store)).toEqual([[5, 0]]);
  });

  it('are not noted by who is late: the job was taken over', () => {
    const store = openStore();
    store.record(5);
    const job = store.takeNext();
    store.otherProcess().releaseOrphans();
    expect(store.jobs.hold(job, 'organized')).toBe(false);
    expect(store.jobs.held.gateOf(5)).toBeUndefined();
  });

  it('are forgotten when they are destroyed', () => {
    const { db, jobs, clock } = openStore();
    jobs.held.hold([5], 'organized', clock.now());
    dropScene(db, 5, clock.now());
    expect(jobs.held.gateOf(5)).toBeUndefined();
  });

  it('are queued once as a bulk when the gates change, and stay noted until somebody has looked', () => {
    const store = openStore();
    const { jobs, clock } = store;
    expect(jobs.held.requeueWhenChanged('', clock.now())).toBe(0);
    expect(jobs.held.requeueWhenChanged('a', clock.now())).toBe(0);
    jobs.held.hold([5, 6, 7], 'organized', clock.now());
    store.record(6);
    expect(store.otherProcess().held.requeueWhenChanged('a', clock.now())).toBe(0);
    expect(jobs.held.requeueWhenChanged('b', clock.now())).toBe(2);
    expect(waiting(store)).toEqual([
      [5, 1],
      [6, 0],
      [7, 1],
    ]);
    expect(jobs.held.countByGate()).toEqual({ organized: 3 });
    expect(store.otherProcess().held.requeueWhenChanged('b', clock.now())).toBe(0);
    store.db.exec('DELETE FROM jobs');
    expect(jobs.held.requeueWhenChanged('', clock.now())).toBe(3);
  });
});

describe('very many scenes that gates hold back', () => {
  it('are all queued, by the portion', () => {
    const { jobs, clock, db } = openStore();
    const ids = Array.from({ length: 2_500 }, (_, index) => 2 * index + 1);
    jobs.held.hold(ids, 'organized', clock.now());
    expect(jobs.held.requeueWhenChanged('a', clock.now())).toBe(2_500);
    expect(db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all()).toEqual(ids);
  });
});

describe('a change without a hook to a scene that a gate holds back', () => {
  it('is noted and not queued, once for each version; a job that waits finds out itself', () => {
    const store = openStore();
    const changes = createChangeLog(store.db);
    const change = (sceneId: number, gate?: string) => ({
      sceneId,
      updatedAt: '2026-01-11T18:07:53Z',
      updatedAtMs: Date.parse('2026-01-11T18:07:53Z'),
      isBare: false,
      ...(gate ? { gate } : {}),
    });
    store.record(7);
    const nowMs = store.clock.now();
    const news = [change(5, 'organized'), change(6), change(7, 'organized')];
    expect(changes.queueNews(news, nowMs)).toBe(1);
    expect(waiting(store)).toEqual([
      [6, 1],
      [7, 0],
    ]);
    expect(store.jobs.held.gateOf(5)).toEqual({ gate: 'organized', heldAtMs: nowMs });
    expect(store.jobs.held.gateOf(7)).toBeUndefined();
    expect(changes.queueNews([change(5)], nowMs)).toBe(0);
  });
});
