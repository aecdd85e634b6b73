import { describe, expect, it } from 'vitest';
import { openStore, type Store, SYNCED } from './openStore.ts';

const DAY_MS = 24 * 3_600_000;

/** Gives scenes up, `daysAgo` before now. */
function giveUpAgo({ clock, giveUp }: Store, daysAgo: number, sceneId: number): void {
  clock.advance(-daysAgo * DAY_MS);
  giveUp(sceneId);
  clock.advance(daysAgo * DAY_MS);
}

describe('an entry', () => {
  it('holds the scene, the job, its failure and when it was given up, by the clock of the process (DLQ-2)', () => {
    const { clock, db, jobs, deadLetters, record, takeNext } = openStore();
    record(1287);
    clock.advance(90_500);
    const job = takeNext();
    jobs.bury(job, { type: 'PlexPermanentError', message: 'Plex refused.', stack: 'PlexError: at …' });
    const id = db.prepare('SELECT id FROM dead_letters').pluck().get() as number;
    expect(deadLetters.byId(id)).toEqual({
      id,
      jobId: job.id,
      sceneId: 1287,
      errorType: 'PlexPermanentError',
      errorMessage: 'Plex refused.',
      stackTrace: 'PlexError: at …',
      retryCount: 1,
      job: { scene_id: 1287, enqueued_at: Date.UTC(2026, 0, 11, 12) / 1000 },
      failedAt: '2026-01-11 12:01:30',
      failureCount: 1,
      firstFailedAt: '2026-01-11 12:01:30',
      recoveredAt: null,
    });
  });

  it('is found by its id among several, and not by another (DLQ-4)', () => {
    const { deadLetters, giveUp } = openStore();
    for (const sceneId of [1, 2, 3]) giveUp(sceneId);
    const [newest] = deadLetters.recent();
    expect(newest && deadLetters.byId(newest.id)).toMatchObject({ sceneId: 3, job: { scene_id: 3 } });
    expect(deadLetters.byId(999)).toBeUndefined();
  });

  it('is shown as far as it can be read, whatever its job data is (DLQ-4)', () => {
    const { db, deadLetters } = openStore();
    const insert = db.prepare('INSERT INTO dead_letters (id, scene_id, job_data) VALUES (?, ?, ?)');
    for (const [index, data] of [null, 'no JSON', '[1]', '7', Buffer.from([0x80, 4])].entries()) {
      insert.run(index + 1, index + 1, data);
      expect(deadLetters.byId(index + 1)).toMatchObject({ sceneId: index + 1, job: null });
    }
  });

  it('has a scene always; one that fails again, with another class, is one entry with its count (DLQ-7)', () => {
    const { clock, deadLetters, giveUp } = openStore();
    giveUp(7, 'PlexNotFound', 'Not found: „Größe“ 東京');
    expect(deadLetters.recent()).toMatchObject([{ sceneId: 7, errorMessage: 'Not found: „Größe“ 東京' }]);
    clock.advance(60_000);
    giveUp(7, 'PlexTemporaryError', 'Again');
    const [entry] = deadLetters.recent();
    expect(deadLetters.count()).toBe(1);
    expect(entry && deadLetters.byId(entry.id)).toMatchObject({
      errorType: 'PlexTemporaryError',
      errorMessage: 'Again',
      failureCount: 2,
      firstFailedAt: '2026-01-11 12:00:00',
      failedAt: '2026-01-11 12:01:00',
    });
  });

  it('counts anew after a success, and its table does not grow with failures (W47)', () => {
    const { db, jobs, deadLetters, giveUp, record, takeNext } = openStore();
    for (let failure = 0; failure < 50; failure += 1) giveUp(7, 'X', 'm'.repeat(5_000));
    expect(
      db
        .prepare('SELECT count(*), max(failure_count), max(length(error_message)) FROM dead_letters')
        .raw()
        .get(),
    ).toEqual([1, 50, 1_000]);
    record(7);
    jobs.complete(takeNext(), SYNCED);
    giveUp(7);
    const [entry] = deadLetters.recent();
    expect(entry && deadLetters.byId(entry.id)).toMatchObject({ failureCount: 1 });
  });
});

describe('recent', () => {
  it('gives the summaries of the newest entries, newest first (DLQ-3)', () => {
    const { clock, deadLetters, giveUp } = openStore();
    expect(deadLetters.recent()).toEqual([]);
    for (const sceneId of [200, 201, 202]) giveUp(sceneId);
    expect(deadLetters.recent().map(({ sceneId }) => sceneId)).toEqual([202, 201, 200]);
    clock.advance(1_000);
    giveUp(200);
    expect(deadLetters.recent().map(({ sceneId }) => sceneId)).toEqual([200, 202, 201]);
    expect(deadLetters.recent(2).map(({ sceneId }) => sceneId)).toEqual([200, 202]);
    expect(deadLetters.recent(1)).toEqual([
      {
        id: expect.any(Number),
        jobId: expect.any(Number),
        sceneId: 200,
        errorType: 'PlexTemporaryError',
        errorMessage: 'Plex answered with status 500.',
        failedAt: '2026-01-11 12:00:01',
      },
    ]);
  });

  it('gives ten unless told otherwise, and none for a number below one (DLQ-3)', () => {
    const { deadLetters, giveUp } = openStore();
    for (let sceneId = 1; sceneId <= 12; sceneId += 1) giveUp(sceneId);
    expect(deadLetters.recent()).toHaveLength(10);
    expect(deadLetters.recent(20)).toHaveLength(12);
    expect(deadLetters.recent(-1)).toEqual([]);
  });
});

describe('count and errorSummary', () => {
  it('count scenes: a scene that is given up again counts once (DLQ-5)', () => {
    const { jobs, deadLetters, giveUp } = openStore();
    const counted: number[] = [deadLetters.count()];
    for (const sceneId of [1, 2, 2, 3]) {
      giveUp(sceneId);
      counted.push(deadLetters.count());
    }
    expect(counted).toEqual([0, 1, 2, 2, 3]);
    expect(jobs.counts().deadLetters).toBe(3);
  });

  it('count each class of error (DLQ-8)', () => {
    const { deadLetters, giveUp } = openStore();
    expect(deadLetters.errorSummary()).toEqual({});
    giveUp(1, 'PlexNotFound');
    giveUp(2, 'PlexPermanentError');
    expect(deadLetters.errorSummary()).toEqual({ PlexNotFound: 1, PlexPermanentError: 1 });
    for (const sceneId of [3, 4]) giveUp(sceneId, 'PlexPermanentError');
    giveUp(5, 'StashError');
    expect(Object.entries(deadLetters.errorSummary())).toEqual([
      ['PlexPermanentError', 3],
      ['PlexNotFound', 1],
      ['StashError', 1],
    ]);
  });
});

describe('deleteOlderThan', () => {
  it('removes what failed longer ago than 30 days or the days given (DLQ-6)', () => {
    const store = openStore();
    for (const [daysAgo, sceneId] of [
      [60, 1],
      [35, 2],
      [29, 3],
      [0, 4],
    ] as const)
      giveUpAgo(store, daysAgo, sceneId);
    const { deadLetters } = store;
    const left = () => deadLetters.recent().map(({ sceneId }) => sceneId);
    expect(deadLetters.deleteOlderThan(40)).toBe(1);
    expect(left()).toEqual([4, 3, 2]);
    expect(deadLetters.deleteOlderThan()).toBe(1);
    expect(left()).toEqual([4, 3]);
    expect(store.jobs.purgeDeadLetters(10)).toBe(1);
    expect(left()).toEqual([4]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '0' as unknown as number, null as unknown as number])(
    'removes nothing for %j days (DLQ-6)',
    (days) => {
      const store = openStore();
      giveUpAgo(store, 400, 1);
      expect(store.deadLetters.deleteOlderThan(days)).toBe(0);
      expect(store.deadLetters.count()).toBe(1);
    },
  );

  it('goes by the last failure, not by the first (W47)', () => {
    const store = openStore();
    giveUpAgo(store, 40, 1);
    giveUpAgo(store, 20, 1);
    expect(store.deadLetters.deleteOlderThan(30)).toBe(0);
  });
});

describe('clear', () => {
  it('removes every entry, recovered ones too', () => {
    const { deadLetters, giveUp } = openStore();
    for (const sceneId of [1, 2]) giveUp(sceneId);
    const [entry] = deadLetters.recent();
    if (entry) deadLetters.requeue(entry.id);
    expect(deadLetters.clear()).toBe(2);
    expect(deadLetters.count()).toBe(0);
    expect(entry && deadLetters.byId(entry.id)).toBeUndefined();
  });
});

describe('a selection', () => {
  it('counts, retries and clears what it means and nothing else; cleared are recovered ones too', () => {
    const { db, deadLetters, giveUp } = openStore();
    for (const sceneId of [1, 2, 3]) giveUp(sceneId, 'A');
    giveUp(4, 'B');
    expect(deadLetters.count({ errorType: 'A', sceneIds: [2, 3, 4, 99] })).toBe(2);
    expect(deadLetters.retryAll({ sceneIds: [1, 99] })).toEqual({
      retried: 1,
      alreadyQueued: 0,
      withoutScene: 0,
    });
    expect(deadLetters.count()).toBe(3);
    // The one that was retried is not counted any more, and goes with its class.
    expect(deadLetters.count({ errorType: 'A' })).toBe(2);
    expect(deadLetters.clear({ errorType: 'A', sceneIds: [1, 2] })).toBe(2);
    expect(db.prepare('SELECT scene_id FROM dead_letters ORDER BY 1').pluck().all()).toEqual([3, 4]);
    expect(deadLetters.clear({ sceneIds: [] })).toBe(0);
    expect(db.prepare('SELECT scene_id FROM jobs').pluck().all()).toEqual([1]);
  });
});

describe('requeue', () => {
  /** One scene that was given up, and its entry. */
  function givenUp() {
    const store = openStore();
    store.giveUp(7, 'PlexServerDown');
    const [entry] = store.deadLetters.recent();
    if (!entry) throw new Error('no entry');
    return { ...store, id: entry.id };
  }

  it('queues the scene as a fresh job and takes the entry out of sight (W32)', () => {
    const { clock, jobs, deadLetters, takeNext, id } = givenUp();
    clock.advance(5_000);
    expect(deadLetters.requeue(id)).toBe('recovered');
    expect(deadLetters.count()).toBe(0);
    expect(deadLetters.recent()).toEqual([]);
    expect(deadLetters.errorSummary()).toEqual({});
    expect(deadLetters.inWindow(0, 4e9, ['PlexServerDown'])).toEqual([]);
    expect(jobs.counts()).toMatchObject({ due: 1, deadLetters: 0 });
    expect(deadLetters.byId(id)).toMatchObject({ recoveredAt: '2026-01-11 12:00:05', failureCount: 1 });
    expect(takeNext()).toMatchObject({ sceneId: 7, attempts: 1, failures: 0, lastErrorType: null });
  });

  it('recovers an entry once (W32)', () => {
    const { jobs, deadLetters, takeNext, id } = givenUp();
    deadLetters.requeue(id);
    expect(deadLetters.requeue(id)).toBe('gone');
    jobs.complete(takeNext());
    expect(deadLetters.requeue(id)).toBe('gone');
    expect(jobs.counts()).toMatchObject({ due: 0, running: 0 });
  });

  it.each(['waiting', 'running'] as const)('changes nothing while the scene has a %s job (W32)', (state) => {
    const { db, deadLetters, record, takeNext, id } = givenUp();
    record(7);
    if (state === 'running') takeNext();
    const before = db.prepare('SELECT * FROM jobs').all();
    expect(deadLetters.requeue(id)).toBe('alreadyQueued');
    expect(db.prepare('SELECT * FROM jobs').all()).toEqual(before);
    expect(deadLetters.count()).toBe(1);
  });

  it('queues the scene although an earlier job of it has ended meanwhile (W32)', () => {
    const { jobs, deadLetters, record, takeNext, id } = givenUp();
    record(7);
    jobs.complete(takeNext());
    expect(deadLetters.requeue(id)).toBe('recovered');
  });

  it('shows the scene again when it fails once more, and forgets it when it succeeds (W32)', () => {
    const { jobs, deadLetters, takeNext, giveUp, id } = givenUp();
    deadLetters.requeue(id);
    giveUp(7, 'PlexNotFound');
    expect(deadLetters.byId(id)).toMatchObject({ failureCount: 2, recoveredAt: null });
    expect(deadLetters.recent()).toMatchObject([{ id, errorType: 'PlexNotFound' }]);
    deadLetters.requeue(id);
    jobs.complete(takeNext(), SYNCED);
    expect(deadLetters.byId(id)).toBeUndefined();
  });

  it('finds nothing for an unknown entry or one without a scene', () => {
    const { db, deadLetters } = openStore();
    db.exec('INSERT INTO dead_letters (id, scene_id) VALUES (1, NULL)');
    expect(deadLetters.requeue(1)).toBe('gone');
    expect(deadLetters.requeue(2)).toBe('gone');
  });

  it('queues nothing when the entry cannot be marked (W32)', () => {
    const { db, jobs, deadLetters, id } = givenUp();
    db.exec("CREATE TRIGGER broken BEFORE UPDATE ON dead_letters BEGIN SELECT RAISE(ABORT, 'no room'); END");
    expect(() => deadLetters.requeue(id)).toThrow('no room');
    expect(jobs.counts()).toMatchObject({ due: 0, deadLetters: 1 });
  });
});
