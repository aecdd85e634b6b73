import { describe, expect, it } from 'vitest';
import { enqueueScenes } from '../../src/queue/enqueueScenes.ts';
import { queueFirst } from '../../src/queue/queueFirst.ts';
import { readNextJobs, readQueueFigures } from '../../src/queue/readQueue.ts';
import { FAILURE, openStore, SYNCED } from './openStore.ts';

describe('a scene that the user wants to have synced now', () => {
  it('goes before all others, also before those that wished so earlier, and leaves a bulk', () => {
    const { db, clock, jobs, record } = openStore();
    enqueueScenes(db, [1, 2, 3], clock.now());
    record(4);
    clock.advance(1_000);
    record(5);
    for (const sceneId of [3, 6]) queueFirst(db, sceneId, clock.now());
    const order = [6, 3, 4, 5, 1, 2];
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual(order);
    expect(readNextJobs(db, 4, clock.now()).map(({ sceneId }) => sceneId)).toEqual(order.slice(0, 4));
  });

  it('is due at once with a fresh count, where it waited for another try', () => {
    const { db, clock, jobs, record, takeNext } = openStore();
    record(1);
    jobs.retry(takeNext(), 600_000, FAILURE);
    record(2);
    queueFirst(db, 1, clock.now());
    expect(takeNext()).toMatchObject({ sceneId: 1, attempts: 1 });
  });

  it('is looked at once more when it is in work already', () => {
    const { db, clock, jobs, record, takeNext } = openStore();
    record(1);
    const job = takeNext();
    record(2);
    queueFirst(db, 1, clock.now());
    expect(jobs.complete(job, SYNCED)).toBe(true);
    expect(
      jobs
        .peekDue(10)
        .map(({ sceneId }) => sceneId)
        .sort(),
    ).toEqual([1, 2]);
  });
});

describe('the figures of the queue', () => {
  it('are those of the store, and take work of a dead process for due', () => {
    const { db, clock, jobs, record, takeNext, giveUp } = openStore();
    giveUp(9);
    for (const sceneId of [1, 2, 3]) record(sceneId);
    takeNext();
    jobs.retry(takeNext(), 60_000, FAILURE);
    const now = clock.now();
    expect(readQueueFigures(db, now, true)).toEqual({ ...jobs.counts(), shared: 0 });
    expect(readQueueFigures(db, now, false)).toMatchObject({
      due: 2,
      waiting: 1,
      running: 0,
      deadLetters: 1,
    });
  });
});
