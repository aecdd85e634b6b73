import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/tempFolder.ts';
import { FAILURE, openStore, SYNCED } from './openStore.ts';

describe('an event', () => {
  it('is one row that says which scene, and since when (Q-1)', () => {
    const { clock, db, record } = openStore();
    record(1287);
    expect(db.prepare('SELECT * FROM jobs').all()).toEqual([
      {
        id: 1,
        scene_id: 1287,
        state: 'pending',
        due_at_ms: clock.now(),
        enqueued_at_ms: clock.now(),
        attempts: 0,
        revision: 1,
        failures: 0,
        claim_id: null,
        lease_owner: null,
        leased_at_ms: null,
        last_error_type: null,
        last_error_message: null,
        cleared: 0,
        in_bulk: 0,
      },
    ]);
  });

  it('is the same row again while the scene waits, at its old place (Q-1)', () => {
    const { clock, db, jobs, record } = openStore();
    record(1);
    const enqueuedAtMs = clock.now();
    clock.advance(1);
    record(2);
    clock.advance(1);
    record(1);
    expect(jobs.peekDue(10)).toMatchObject([
      { sceneId: 1, revision: 2 },
      { sceneId: 2, revision: 1 },
    ]);
    expect(db.prepare('SELECT enqueued_at_ms FROM jobs WHERE scene_id = 1').pluck().get()).toBe(enqueuedAtMs);
  });

  it('is accepted again after the scene was synced: it may have changed since (Q-8)', () => {
    const { jobs, record, takeNext } = openStore();
    record(123);
    jobs.complete(takeNext(), SYNCED);
    expect(jobs.peekDue(1)).toEqual([]);
    record(123);
    expect(jobs.peekDue(1)).toMatchObject([{ sceneId: 123 }]);
  });

  it('is refused for no way in which an earlier job ended (W33)', () => {
    const { jobs, record, takeNext, giveUp } = openStore();
    record(1);
    jobs.complete(takeNext());
    giveUp(2);
    record(3);
    jobs.retry(takeNext(), 60_000, FAILURE);
    for (const sceneId of [1, 2, 3]) record(sceneId);
    expect(new Set(jobs.peekDue(10).map(({ sceneId }) => sceneId))).toEqual(new Set([1, 2, 3]));
  });

  it('finds a queue that works at once, in a folder that did not exist (Q-7)', () => {
    const { jobs, record, takeNext } = openStore(join(tempFolder(), 'plugin data', 'new', 'data.db'));
    record(1);
    expect(jobs.complete(takeNext(), SYNCED)).toBe(true);
    expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
  });
});
