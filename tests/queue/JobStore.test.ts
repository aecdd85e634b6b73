import { describe, expect, it } from 'vitest';
import {
  claimDrainerStart,
  currentObstacle,
  lastDrainerStart,
  recordDrainerStart,
  recordObstacle,
  START_CLAIM_MS,
} from '../../src/queue/drainerRecord.ts';
import { dropScene } from '../../src/queue/dropScene.ts';
import type { TakenJob } from '../../src/queue/Job.ts';
import { createJobStore, MAX_HAND_OUTS } from '../../src/queue/JobStore.ts';
import { FAILURE, openStore, SYNC, SYNCED } from './openStore.ts';

describe('taking jobs', () => {
  it('hands out what is due in the order of its due time', () => {
    const { clock, jobs, record } = openStore();
    for (const sceneId of [3, 1, 2]) {
      record(sceneId);
      clock.advance(1);
    }
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([3, 1, 2]);
    expect(jobs.peekDue(2)).toHaveLength(2);
  });

  it('hands out a scene, its revision and its attempts, and nothing when nothing is due (Q-2)', () => {
    const { clock, jobs, record, takeNext } = openStore();
    expect(jobs.peekDue(1)).toEqual([]);
    record(1287);
    const [waiting] = jobs.peekDue(1);
    expect(waiting).toEqual({ id: 1, sceneId: 1287, revision: 1, inBulk: false });
    expect(takeNext()).toEqual({
      id: 1,
      sceneId: 1287,
      revision: 1,
      claimId: expect.any(String),
      attempts: 1,
      enqueuedAtMs: clock.now(),
      lastErrorType: null,
      failures: 0,
    });
    expect(waiting && jobs.take({ ...waiting, id: 99 })).toBeUndefined();
    expect(jobs.peekDue(1)).toEqual([]);
  });

  it('counts the attempt when the job is handed out (W14)', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    record(1);
    expect(takeNext().attempts).toBe(1);
    expect(createJobStore(db, clock).releaseOrphans()).toEqual({ released: 1, buried: [] });
    expect(takeNext().attempts).toBe(2);
    expect(db.prepare('SELECT lease_owner FROM jobs').pluck().get()).toContain(String(process.pid));
    expect(jobs.counts().running).toBe(1);
  });

  it('does not count against a job what this process could not write down (W7)', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    for (let pass = 0; pass < MAX_HAND_OUTS + 5; pass += 1) {
      expect(takeNext().attempts).toBe(1);
      expect(jobs.releaseOrphans()).toEqual({ released: 1, buried: [] });
    }
  });

  it('makes a job due whose time lies further ahead than any delay (W25)', () => {
    const { clock, jobs, record } = openStore();
    record(1);
    clock.jump(-365 * 24 * 3_600_000);
    expect(jobs.peekDue(1)).toEqual([]);
    expect(jobs.nextDueAtMs()).toBe(clock.now());
    expect(jobs.healDueTimes()).toBe(1);
    expect(jobs.peekDue(1)).toHaveLength(1);
  });

  it('gives up a job that kills every process that takes it (W14)', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    const nextProcess = () => createJobStore(db, clock);
    record(1);
    record(2);
    for (let kill = 1; kill < MAX_HAND_OUTS; kill += 1) {
      takeNext();
      expect(nextProcess().releaseOrphans()).toEqual({ released: 1, buried: [] });
    }
    takeNext();
    expect(nextProcess().releaseOrphans()).toEqual({ released: 0, buried: [1] });
    expect(jobs.counts()).toEqual({ due: 1, waiting: 0, running: 0, deadLetters: 1 });
    expect(takeNext()).toMatchObject({ sceneId: 2, attempts: 1 });
  });

  it('hands a row out once (W58)', () => {
    const { jobs, record } = openStore();
    record(1);
    const [waiting] = jobs.peekDue(1);
    expect(waiting && jobs.take(waiting)).toBeDefined();
    expect(waiting && jobs.take(waiting)).toBeUndefined();
    expect(jobs.peekDue(1)).toEqual([]);
  });

  it('does not hand out a job whose data was read before a newer event (W3)', () => {
    const { jobs, record } = openStore();
    record(1);
    const [waiting] = jobs.peekDue(1);
    record(1);
    expect(waiting && jobs.take(waiting)).toBeUndefined();
    expect(jobs.peekDue(1)).toHaveLength(1);
  });

  it('hands out what is due and leaves what is due later (RT-4)', () => {
    const { clock, jobs, record, takeNext } = openStore();
    for (const sceneId of [1, 2]) record(sceneId);
    jobs.retry(takeNext(), 100_000, FAILURE);
    jobs.retry(takeNext(), 60_000, FAILURE);
    record(3);
    const due = () => jobs.peekDue(10).map(({ sceneId }) => sceneId);
    expect(due()).toEqual([3]);
    clock.advance(59_999);
    expect(due()).toEqual([3]);
    clock.advance(1);
    expect(due()).toEqual([3, 2]);
    clock.advance(40_000);
    expect(due()).toEqual([3, 2, 1]);
  });

  it('does not let a waiting job block those behind it (W18)', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    record(2);
    jobs.retry(takeNext(), 12_000, FAILURE);
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([2]);
  });
});

describe('ending jobs', () => {
  it('is one thing each: done, returned or parked, once, and of that job only (Q-3)', () => {
    const { db, jobs, record, takeNext } = openStore();
    for (const sceneId of [1, 2, 3, 4]) record(sceneId);
    const [done, returned, parked] = [takeNext(), takeNext(), takeNext()];
    const rows = () =>
      db.prepare("SELECT scene_id || ' ' || state FROM jobs ORDER BY scene_id").pluck().all();
    expect(jobs.complete(done)).toBe(true);
    expect(rows()).toEqual(['2 running', '3 running', '4 pending']);
    expect(jobs.retry(returned, 1, FAILURE)).toBe(true);
    expect(rows()).toEqual(['2 pending', '3 running', '4 pending']);
    expect(jobs.bury(parked, FAILURE)).toBe(true);
    expect(rows()).toEqual(['2 pending', '4 pending']);
    for (const job of [done, returned, parked]) {
      expect([jobs.complete(job), jobs.retry(job, 1, FAILURE), jobs.bury(job, FAILURE)]).toEqual([
        false,
        false,
        false,
      ]);
    }
    expect(jobs.counts()).toEqual({ due: 1, waiting: 1, running: 0, deadLetters: 1 });
  });

  it('goes by the row of the claim, whatever else the job carries (W54)', () => {
    const { db, jobs, record, takeNext } = openStore();
    for (const sceneId of [10, 11]) record(sceneId);
    const [ten, eleven] = [takeNext(), takeNext()];
    const misleading: TakenJob & { pqid: number } = { ...eleven, pqid: ten.id };
    jobs.complete(misleading, SYNCED);
    expect(db.prepare('SELECT scene_id FROM jobs').pluck().all()).toEqual([10]);
    expect(jobs.sceneSyncs(11)[0]).toBeDefined();
    expect(jobs.sceneSyncs(10)[0]).toBeUndefined();
  });

  it('keeps the version of the data that was written (W4)', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    expect(jobs.complete(takeNext(), SYNCED)).toBe(true);
    expect(jobs.sceneSyncs(1)[0]).toEqual(SYNC);
    expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
  });

  it('runs a scene once more when an event came in while it was in progress (W2)', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    const job = takeNext();
    record(1);
    expect(jobs.counts()).toMatchObject({ due: 0, running: 1 });
    jobs.complete(job, SYNCED);
    expect(jobs.counts()).toMatchObject({ due: 1, running: 0 });
    expect(takeNext().attempts).toBe(1);
  });

  it.each(['complete', 'retry', 'giveBack', 'bury'] as const)(
    'ignores a late %s of a job that was taken over (W15)',
    (ending) => {
      const { jobs, record, takeNext } = openStore();
      record(1);
      const late = takeNext();
      jobs.releaseOrphans();
      const current = takeNext();
      const end = {
        complete: () => jobs.complete(late, SYNCED),
        retry: () => jobs.retry(late, 0, FAILURE),
        giveBack: () => jobs.giveBack(late),
        bury: () => jobs.bury(late, FAILURE),
      };
      expect(end[ending]()).toBe(false);
      expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 1, deadLetters: 0 });
      expect(jobs.sceneSyncs(1)[0]).toBeUndefined();
      expect(jobs.complete(current, SYNCED)).toBe(true);
    },
  );

  it('retries the same row after its delay, with what went wrong (W5)', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    record(1);
    const job = takeNext();
    jobs.retry(job, 5_000, FAILURE);
    expect(jobs.peekDue(1)).toEqual([]);
    expect(jobs.nextDueAtMs()).toBe(clock.now() + 5_000);
    expect(db.prepare('SELECT id, last_error_type FROM jobs').get()).toEqual({
      id: job.id,
      last_error_type: FAILURE.type,
    });
    clock.advance(5_000);
    expect(takeNext()).toMatchObject({ id: job.id, attempts: 2 });
  });

  it('counts the failures of a class in a row, keeping when the job came in (RT-3)', () => {
    const { clock, jobs, record, takeNext } = openStore();
    record(1);
    const enqueuedAtMs = clock.now();
    for (const failures of [0, 1, 2, 3]) {
      const job = takeNext();
      expect(job).toMatchObject({ failures, enqueuedAtMs });
      jobs.retry(job, 5_000, FAILURE);
      expect(jobs.nextDueAtMs()).toBe(clock.now() + 5_000);
      clock.advance(5_000);
    }
    const another = takeNext();
    expect(another).toMatchObject({ failures: 4, lastErrorType: FAILURE.type });
    jobs.retry(another, 0, { type: 'PlexNotFound', message: 'm' });
    expect(takeNext()).toMatchObject({ failures: 1, lastErrorType: 'PlexNotFound' });
  });

  it('lets the fifth attempt see four failures, and parks it with five (RT-5)', () => {
    const { db, jobs, record, takeNext } = openStore();
    record(1);
    for (let failure = 1; failure < 5; failure += 1) jobs.retry(takeNext(), 0, FAILURE);
    const fifth = takeNext();
    expect(fifth).toMatchObject({ attempts: 5, failures: 4 });
    jobs.bury(fifth, FAILURE);
    expect(db.prepare('SELECT retry_count FROM dead_letters').pluck().get()).toBe(5);
  });

  it('puts nothing in place of a retried job: it stays one row, with its scene and its time (RT-6)', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    record(1287);
    const before = db.prepare('SELECT id, scene_id, enqueued_at_ms, revision FROM jobs').all();
    const dueAtMs: unknown[] = [];
    for (const delayMs of [1_000, 2_000]) {
      jobs.retry(takeNext(), delayMs, FAILURE);
      dueAtMs.push(db.prepare('SELECT due_at_ms FROM jobs').pluck().get());
      clock.advance(delayMs);
    }
    expect(dueAtMs).toEqual([clock.now() - 2_000, clock.now()]);
    expect(db.prepare('SELECT id, scene_id, enqueued_at_ms, revision FROM jobs').all()).toEqual(before);
  });

  it('keeps the job when its retry cannot be written (W5)', () => {
    const { db, jobs, record, takeNext, otherProcess } = openStore();
    record(1);
    const job = takeNext();
    db.exec("CREATE TRIGGER broken BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    expect(() => jobs.retry(job, 5_000, FAILURE)).toThrow('disk full');
    db.exec('DROP TRIGGER broken');
    expect(otherProcess().releaseOrphans()).toEqual({ released: 1, buried: [] });
    expect(jobs.peekDue(1)).toMatchObject([{ sceneId: 1 }]);
  });

  it('gives a job back for later, uncounted, unless an event comes in meanwhile', () => {
    const { clock, jobs, record, takeNext } = openStore();
    record(1);
    jobs.giveBack(takeNext(), 30_000);
    expect(jobs.peekDue(1)).toEqual([]);
    expect(jobs.nextDueAtMs()).toBe(clock.now() + 30_000);
    clock.advance(30_000);
    const job = takeNext();
    expect(job.attempts).toBe(1);
    record(1);
    jobs.giveBack(job, 30_000);
    expect(takeNext()).toMatchObject({ attempts: 1, revision: 2 });
  });

  it.each(['retry', 'giveBack', 'complete', 'bury'] as const)(
    'counts the failures anew for an event that came in before the attempt ended by a %s (RT-3)',
    (how) => {
      const { jobs, record, takeNext } = openStore();
      record(1);
      for (let failure = 1; failure < 5; failure += 1) jobs.retry(takeNext(), 0, FAILURE);
      const fifth = takeNext();
      record(1);
      if (how === 'complete') jobs.complete(fifth);
      else if (how === 'bury') jobs.bury(fifth, FAILURE);
      else if (how === 'retry') jobs.retry(fifth, 0, FAILURE);
      else jobs.giveBack(fifth);
      expect(takeNext()).toMatchObject({ attempts: 1, failures: 0, revision: 2 });
    },
  );

  it.each(['retry', 'giveBack'] as const)('makes no job wait for more than an hour by a %s (W25)', (how) => {
    const { clock, jobs, record, takeNext } = openStore();
    record(1);
    const days = 48 * 3_600_000;
    if (how === 'retry') jobs.retry(takeNext(), days, FAILURE);
    else jobs.giveBack(takeNext(), days);
    expect(jobs.nextDueAtMs()).toBe(clock.now() + 3_600_000);
  });

  it('gives a job back as it was when the attempt was not its fault', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    jobs.giveBack(takeNext());
    expect(takeNext().attempts).toBe(1);
  });

  it('parks a job and ends it in one transaction (W6)', () => {
    const { db, jobs, record, takeNext } = openStore();
    record(7);
    jobs.bury(takeNext(), { ...FAILURE, message: 'x'.repeat(5_000), stack: 'at …' });
    expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 1 });
    const row = db.prepare('SELECT * FROM dead_letters').get() as Record<string, unknown>;
    expect(row).toMatchObject({ scene_id: 7, error_type: FAILURE.type, retry_count: 1, stack_trace: 'at …' });
    expect(row['failed_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(String(row['error_message'])).toHaveLength(1_000);
  });

  it('keeps the job when parking it fails half-way (W6)', () => {
    const { db, jobs, record, takeNext } = openStore();
    record(7);
    const job = takeNext();
    db.exec('DROP TABLE dead_letters');
    expect(() => jobs.bury(job, FAILURE)).toThrow();
    expect(db.prepare('SELECT state FROM jobs').pluck().get()).toBe('running');
  });

  it('resolves the dead letters of a scene that is synced later (W47)', () => {
    const { jobs, record, takeNext } = openStore();
    record(7);
    jobs.bury(takeNext(), FAILURE);
    record(7);
    jobs.complete(takeNext(), SYNCED);
    expect(jobs.counts().deadLetters).toBe(0);
  });
});

describe('a job of which nobody knows whose fault its failure is', () => {
  const WAIT = { type: 'PartsWait', message: 'No pictures at present.' };
  const row = ({ db }: ReturnType<typeof openStore>, sceneId: number) =>
    db
      .prepare(
        `SELECT state, attempts, failures, last_error_type AS type, last_error_message AS message, due_at_ms AS dueAtMs
         FROM jobs WHERE scene_id = ?`,
      )
      .get(sceneId);

  it('waits uncounted, with the reason why (A7)', () => {
    const store = openStore();
    const { clock, jobs, record, takeNext } = store;
    record(1);
    expect(jobs.defer(takeNext(), 5_000, FAILURE)).toBe(true);
    expect(row(store, 1)).toEqual({
      state: 'pending',
      attempts: 0,
      failures: 0,
      type: FAILURE.type,
      message: FAILURE.message,
      dueAtMs: clock.now() + 5_000,
    });
    expect(jobs.peekDue(1)).toEqual([]);
    clock.advance(5_000);
    expect(takeNext()).toMatchObject({ attempts: 1, lastErrorType: FAILURE.type, failures: 0 });
  });

  it('keeps what it was charged for the same class before, and nothing of another one (A7)', () => {
    const store = openStore();
    const { jobs, record, takeNext } = store;
    for (const sceneId of [1, 2]) record(sceneId);
    for (const job of [takeNext(), takeNext()]) jobs.retry(job, 0, FAILURE);
    const [first, second] = [takeNext(), takeNext()];
    jobs.defer(first, 0, FAILURE);
    jobs.defer(second, 0, WAIT);
    expect(row(store, 1)).toMatchObject({ attempts: 1, failures: 1, type: FAILURE.type });
    expect(row(store, 2)).toMatchObject({ attempts: 1, failures: 0, type: WAIT.type });
  });

  it('is new work, due at once, when an event came in meanwhile (W2)', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    jobs.retry(takeNext(), 0, FAILURE);
    const job = takeNext();
    record(1);
    jobs.defer(job, 600_000, FAILURE);
    expect(takeNext()).toMatchObject({ attempts: 1, failures: 0, revision: 2 });
  });

  it('waits for an hour at most (W25)', () => {
    const { clock, jobs, record, takeNext } = openStore();
    record(1);
    jobs.defer(takeNext(), 48 * 3_600_000, WAIT);
    expect(jobs.nextDueAtMs()).toBe(clock.now() + 3_600_000);
  });

  it('is gone when the queue was cleared meanwhile (W17)', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    const job = takeNext();
    jobs.clear({ isDrainerAlive: true });
    expect(jobs.defer(job, 5_000, WAIT)).toBe(true);
    expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
  });

  it('is left alone by a claim that has ended (W15)', () => {
    const store = openStore();
    const { jobs, record, takeNext } = store;
    record(1);
    const job = takeNext();
    jobs.giveBack(job);
    expect(jobs.defer(job, 600_000, WAIT)).toBe(false);
    expect(row(store, 1)).toMatchObject({ type: null });
  });

  it('is called when that for which it waits works again, and no other one is (A7)', () => {
    const { clock, jobs, record, takeNext } = openStore();
    for (const sceneId of [1, 2, 3, 4]) record(sceneId);
    jobs.defer(takeNext(), 3_600_000, WAIT);
    jobs.defer(takeNext(), 3_600_000, WAIT);
    jobs.retry(takeNext(), 600_000, FAILURE);
    const running = takeNext();
    expect(jobs.peekDue(10)).toEqual([]);
    expect(jobs.hasten(WAIT.type)).toBe(2);
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([1, 2]);
    expect(jobs.nextDueAtMs()).toBe(clock.now());
    expect(jobs.hasten(WAIT.type)).toBe(0);
    expect(jobs.complete(running)).toBe(true);
  });

  it('gets back an attempt that it was charged, and its turn; never more than it paid (A7)', () => {
    const store = openStore();
    const { clock, jobs, record, takeNext } = store;
    for (const sceneId of [1, 2, 3]) record(sceneId);
    for (const job of [takeNext(), takeNext(), takeNext()]) jobs.retry(job, 600_000, FAILURE);
    expect(row(store, 3)).toMatchObject({ attempts: 1, failures: 1, dueAtMs: clock.now() + 600_000 });
    expect(jobs.forgive([3, 4711])).toBe(1);
    expect(row(store, 3)).toMatchObject({ attempts: 0, failures: 0, dueAtMs: clock.now() });
    jobs.forgive([3]);
    expect(row(store, 3)).toMatchObject({ attempts: 0, failures: 0 });
    for (const sceneId of [1, 2]) expect(row(store, sceneId)).toMatchObject({ attempts: 1, failures: 1 });
    expect(jobs.forgive([])).toBe(0);
  });
});

describe('another scene', () => {
  const synced = (store: ReturnType<typeof openStore>, sceneId: number, sync = SYNC) => {
    store.record(sceneId);
    store.jobs.complete(store.takeNext(), { syncs: [sync], shared: [] });
    store.clock.advance(1_000);
  };

  it('is the next one, else the one before, never the one that it is asked for (A7)', () => {
    const store = openStore();
    expect(store.jobs.anotherSync(1)).toBeUndefined();
    synced(store, 1);
    expect(store.jobs.anotherSync(1)).toBeUndefined();
    synced(store, 2, { ...SYNC, ratingKey: '2' });
    synced(store, 3, { ...SYNC, ratingKey: '3' });
    expect(store.jobs.anotherSync(1)).toEqual({ ...SYNC, ratingKey: '2', sceneId: 2 });
    expect(store.jobs.anotherSync(2)).toMatchObject({ sceneId: 3 });
    expect(store.jobs.anotherSync(3)).toMatchObject({ sceneId: 2 });
  });

  it('is none that was only begun: what is remembered of an attempt says nothing about what works (A7)', () => {
    const store = openStore();
    store.record(2);
    store.jobs.remember(store.takeNext(), { ...SYNC, sceneUpdatedAt: null });
    expect(store.jobs.anotherSync(1)).toBeUndefined();
  });
});

describe('what waits', () => {
  it('is counted by state, from nothing on (Q-4)', () => {
    const { jobs, record, takeNext } = openStore();
    expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
    expect(jobs.affectedByOutage()).toBe(0);
    for (let sceneId = 1; sceneId <= 7; sceneId += 1) record(sceneId);
    jobs.complete(takeNext(), SYNCED);
    jobs.bury(takeNext(), FAILURE);
    jobs.retry(takeNext(), 60_000, FAILURE);
    takeNext();
    expect(jobs.counts()).toEqual({ due: 3, waiting: 1, running: 1, deadLetters: 1 });
    expect(jobs.affectedByOutage()).toBe(4);
  });

  it('is what the store holds, whoever put it there (W53)', () => {
    const { jobs, record, takeNext, otherProcess } = openStore();
    const other = otherProcess();
    for (const sceneId of [1, 2, 3]) record(sceneId);
    expect(other.counts()).toMatchObject({ due: 3 });
    takeNext();
    expect(other.counts()).toMatchObject({ due: 2, running: 1 });
    jobs.clear({ isDrainerAlive: false });
    expect(other.counts()).toMatchObject({ due: 0, running: 0 });
  });

  it('is every scene with a job, waiting or running, and no other (Q-5)', () => {
    const { jobs, record, takeNext } = openStore();
    const scenes = [1, 2, 3, 4, 5, 6];
    expect(jobs.queuedSceneIds(scenes)).toEqual(new Set());
    for (const sceneId of scenes) record(sceneId);
    jobs.complete(takeNext(), SYNCED);
    jobs.bury(takeNext(), FAILURE);
    jobs.retry(takeNext(), 60_000, FAILURE);
    takeNext();
    expect(jobs.queuedSceneIds(scenes)).toEqual(new Set([3, 4, 5, 6]));
    expect(jobs.queuedSceneIds([1, 4, 99])).toEqual(new Set([4]));
    expect(jobs.queuedSceneIds([])).toEqual(new Set());
  });
});

describe('closing the queue', () => {
  it('ends without an error, also twice, and leaves everything to the next process (Q-9)', () => {
    const { db, record, takeNext, otherProcess } = openStore();
    for (const sceneId of [1, 2]) record(sceneId);
    takeNext();
    db.close();
    expect(() => db.close()).not.toThrow();
    expect(otherProcess().counts()).toMatchObject({ due: 1, running: 1 });
  });

  it('keeps what is known of a retried job, over three rounds (Q-11)', () => {
    const { clock, db, jobs, record, takeNext, path } = openStore();
    record(1);
    jobs.retry(takeNext(), 5_000, FAILURE);
    db.close();
    for (let failures = 1; failures <= 3; failures += 1) {
      const next = openStore(path);
      next.clock.jump(clock.now() - next.clock.now());
      expect(next.jobs.nextDueAtMs()).toBe(clock.now() + 5_000);
      clock.advance(5_000);
      next.clock.advance(5_000);
      const job = next.takeNext();
      expect(job).toMatchObject({ failures, lastErrorType: FAILURE.type });
      next.jobs.retry(job, 5_000, FAILURE);
      next.db.close();
    }
  });

  it('hands a retried job to another process as it is (RT-7)', () => {
    const { clock, jobs, record, takeNext, otherProcess } = openStore();
    record(1);
    jobs.retry(takeNext(), 5_000, FAILURE);
    const other = otherProcess();
    expect(other.peekDue(1)).toEqual([]);
    clock.advance(5_000);
    const [waiting] = other.peekDue(1);
    expect(waiting && other.take(waiting)).toMatchObject({
      attempts: 2,
      failures: 1,
      lastErrorType: FAILURE.type,
    });
  });
});

describe('events', () => {
  it('make a waiting job due at once, with a fresh count', () => {
    const { jobs, record, takeNext } = openStore();
    record(1);
    jobs.retry(takeNext(), 600_000, FAILURE);
    record(1);
    expect(takeNext().attempts).toBe(1);
  });

  it('drop the waiting job of a destroyed scene, and what was synced for it', () => {
    const { db, jobs, record, takeNext } = openStore();
    record(1);
    jobs.complete(takeNext(), SYNCED);
    record(1);
    record(2);
    dropScene(db, 1, 0);
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([2]);
    expect(jobs.sceneSyncs(1)[0]).toBeUndefined();
  });
});

describe('claimDrainerStart', () => {
  it('lets one of a herd start a drainer (W50)', () => {
    const { clock, db } = openStore();
    const claims = Array.from({ length: 12 }, () => claimDrainerStart(db, clock.now()));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('believes a claim for half a second at most, and one from the future not at all (W25)', () => {
    const { clock, db } = openStore();
    claimDrainerStart(db, clock.now());
    clock.advance(START_CLAIM_MS - 1);
    expect(claimDrainerStart(db, clock.now())).toBe(false);
    clock.advance(1);
    expect(claimDrainerStart(db, clock.now())).toBe(true);
    clock.jump(-3_600_000);
    expect(claimDrainerStart(db, clock.now())).toBe(true);
  });

  it('ends when the drainer has its lock', () => {
    const { clock, db } = openStore();
    claimDrainerStart(db, clock.now());
    recordDrainerStart(db);
    expect(claimDrainerStart(db, clock.now())).toBe(true);
  });
});

describe('the start of a drainer', () => {
  it('has a number by which an older one sees that a younger one has come', () => {
    const { db } = openStore();
    const before = lastDrainerStart(db);
    const older = recordDrainerStart(db);
    expect([older, lastDrainerStart(db)]).toEqual([before + 1, before + 1]);
    const younger = recordDrainerStart(db);
    expect(lastDrainerStart(db)).toBe(younger);
    expect(younger).toBe(older + 1);
  });

  it('clears what the one before waited for', () => {
    const { db } = openStore();
    recordObstacle(db, 'Plex does not answer.');
    recordDrainerStart(db);
    expect(currentObstacle(db)).toBeUndefined();
  });
});
