import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enqueueScenes } from '../../src/queue/enqueueScenes.ts';
import { FAILURE, openStore, SYNCED } from './openStore.ts';

describe('a bulk of scenes', () => {
  it('is one row per scene, due now, in the order given (W-70)', () => {
    const { clock, db, jobs } = openStore();
    expect(enqueueScenes(db, [3, 1, 2], clock.now())).toEqual({ queued: 3, alreadyQueued: 0 });
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([3, 1, 2]);
    expect(enqueueScenes(db, [], clock.now())).toEqual({ queued: 0, alreadyQueued: 0 });
  });

  it('waits behind the scenes of events, until an event speaks of one of its own', () => {
    const { clock, db, jobs, record } = openStore();
    const order = () => jobs.peekDue(10).map(({ sceneId, inBulk }) => (inBulk ? -sceneId : sceneId));
    enqueueScenes(db, [1, 2, 3], clock.now());
    expect(jobs.isEventDue()).toBe(false);
    clock.advance(60_000);
    record(9);
    expect(order()).toEqual([9, -1, -2, -3]);
    expect(jobs.peekDue(2)).toHaveLength(2);
    expect(jobs.isEventDue()).toBe(true);
    record(3);
    expect(order()).toEqual([3, 9, -1, -2]);
    expect(jobs.counts()).toMatchObject({ due: 4, waiting: 0 });
    expect(jobs.nextDueAtMs()).toBe(clock.now() - 60_000);
  });

  it('leaves a job that waits as it is, its back-off included', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    record(1);
    jobs.retry(takeNext(), 60_000, FAILURE);
    const before = db.prepare('SELECT * FROM jobs').all();
    clock.advance(5);
    expect(enqueueScenes(db, [1, 2], clock.now())).toEqual({ queued: 1, alreadyQueued: 1 });
    expect(db.prepare('SELECT * FROM jobs WHERE scene_id = 1').all()).toEqual(before);
  });

  it('makes a running job run once more: it may have read its data already (W2)', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    record(1);
    const job = takeNext();
    expect(enqueueScenes(db, [1], clock.now())).toEqual({ queued: 0, alreadyQueued: 1 });
    jobs.complete(job, SYNCED);
    expect(jobs.peekDue(10)).toMatchObject([{ sceneId: 1, revision: 2 }]);
  });

  it('also one that was cleared while it ran (W17)', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    record(1);
    const job = takeNext();
    jobs.clear({ isDrainerAlive: true });
    enqueueScenes(db, [1], clock.now());
    jobs.retry(job, 1_000, FAILURE);
    expect(jobs.peekDue(10)).toMatchObject([{ sceneId: 1 }]);
  });

  it('counts every scene once and leaves each with one job (W51)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), { maxLength: 5 }),
        (bulks) => {
          const { clock, db } = openStore();
          const known = new Set<number>();
          for (const ids of bulks) {
            const fresh = ids.filter((id) => !known.has(id));
            const expected = { queued: fresh.length, alreadyQueued: ids.length - fresh.length };
            expect(enqueueScenes(db, ids, clock.now())).toEqual(expected);
            for (const id of ids) known.add(id);
          }
          expect(db.prepare('SELECT count(*) FROM jobs').pluck().get()).toBe(known.size);
        },
      ),
      { numRuns: 50 },
    );
  });
});
