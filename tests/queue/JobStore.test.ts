import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimDrainerStart, recordDrainerStart, START_CLAIM_MS } from '../../src/queue/drainerRecord.ts';
import { dropScene } from '../../src/queue/dropScene.ts';
import type { SceneSync, TakenJob } from '../../src/queue/Job.ts';
import { createJobStore, MAX_HAND_OUTS } from '../../src/queue/JobStore.ts';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

const SYNC: SceneSync = {
  sceneUpdatedAt: '2026-01-11T18:07:53+11:00',
  serverId: 'server',
  sectionKey: '4',
  ratingKey: '812',
  written: { collection: 'Studio', genres: ['A, B'], posterHash: 'abc' },
};
const FAILURE = { type: 'PlexTemporaryError', message: 'Plex answered with status 500.' };

function store() {
  const clock = new FakeClock();
  const db = openDatabase(join(tempFolder(), 'data.db'), { durability: 'normal' });
  const jobs = createJobStore(db, clock);
  const record = (sceneId: number) => recordSceneChange(db, sceneId, clock.now());
  const takeNext = (): TakenJob => {
    const [waiting] = jobs.peekDue(1);
    const job = waiting && jobs.take(waiting);
    if (!job) throw new Error('nothing was due');
    return job;
  };
  return { clock, db, jobs, record, takeNext };
}

describe('taking jobs', () => {
  it('hands out what is due in the order of its due time', () => {
    const { clock, jobs, record } = store();
    for (const sceneId of [3, 1, 2]) {
      record(sceneId);
      clock.advance(1);
    }
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([3, 1, 2]);
    expect(jobs.peekDue(2)).toHaveLength(2);
  });

  it('counts the attempt when the job is handed out (W14)', () => {
    const { clock, db, jobs, record, takeNext } = store();
    record(1);
    expect(takeNext().attempts).toBe(1);
    expect(createJobStore(db, clock).releaseOrphans()).toEqual({ released: 1, buried: 0 });
    expect(takeNext().attempts).toBe(2);
    expect(db.prepare('SELECT lease_owner FROM jobs').pluck().get()).toContain(String(process.pid));
    expect(jobs.counts().running).toBe(1);
  });

  it('does not count against a job what this process could not write down (W7)', () => {
    const { jobs, record, takeNext } = store();
    record(1);
    for (let pass = 0; pass < MAX_HAND_OUTS + 5; pass += 1) {
      expect(takeNext().attempts).toBe(1);
      expect(jobs.releaseOrphans()).toEqual({ released: 1, buried: 0 });
    }
  });

  it('makes a job due whose time lies further ahead than any delay (W25)', () => {
    const { clock, jobs, record } = store();
    record(1);
    clock.jump(-365 * 24 * 3_600_000);
    expect(jobs.peekDue(1)).toEqual([]);
    expect(jobs.nextDueAtMs()).toBe(clock.now());
    expect(jobs.healDueTimes()).toBe(1);
    expect(jobs.peekDue(1)).toHaveLength(1);
  });

  it('gives up a job that kills every process that takes it (W14)', () => {
    const { clock, db, jobs, record, takeNext } = store();
    const nextProcess = () => createJobStore(db, clock);
    record(1);
    record(2);
    for (let kill = 1; kill < MAX_HAND_OUTS; kill += 1) {
      takeNext();
      expect(nextProcess().releaseOrphans()).toEqual({ released: 1, buried: 0 });
    }
    takeNext();
    expect(nextProcess().releaseOrphans()).toEqual({ released: 0, buried: 1 });
    expect(jobs.counts()).toEqual({ due: 1, waiting: 0, running: 0, deadLetters: 1 });
    expect(takeNext()).toMatchObject({ sceneId: 2, attempts: 1 });
  });

  it('hands a row out once (W58)', () => {
    const { jobs, record } = store();
    record(1);
    const [waiting] = jobs.peekDue(1);
    expect(waiting && jobs.take(waiting)).toBeDefined();
    expect(waiting && jobs.take(waiting)).toBeUndefined();
    expect(jobs.peekDue(1)).toEqual([]);
  });

  it('does not hand out a job whose data was read before a newer event (W3)', () => {
    const { jobs, record } = store();
    record(1);
    const [waiting] = jobs.peekDue(1);
    record(1);
    expect(waiting && jobs.take(waiting)).toBeUndefined();
    expect(jobs.peekDue(1)).toHaveLength(1);
  });

  it('does not let a waiting job block those behind it (W18)', () => {
    const { jobs, record, takeNext } = store();
    record(1);
    record(2);
    jobs.retry(takeNext(), 12_000, FAILURE);
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([2]);
  });
});

describe('ending jobs', () => {
  it('keeps the version of the data that was written (W4)', () => {
    const { jobs, record, takeNext } = store();
    record(1);
    expect(jobs.complete(takeNext(), SYNC)).toBe(true);
    expect(jobs.sceneSync(1)).toEqual(SYNC);
    expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
  });

  it('runs a scene once more when an event came in while it was in progress (W2)', () => {
    const { jobs, record, takeNext } = store();
    record(1);
    const job = takeNext();
    record(1);
    expect(jobs.counts()).toMatchObject({ due: 0, running: 1 });
    jobs.complete(job, SYNC);
    expect(jobs.counts()).toMatchObject({ due: 1, running: 0 });
    expect(takeNext().attempts).toBe(1);
  });

  it.each(['complete', 'retry', 'giveBack', 'bury'] as const)(
    'ignores a late %s of a job that was taken over (W15)',
    (ending) => {
      const { jobs, record, takeNext } = store();
      record(1);
      const late = takeNext();
      jobs.releaseOrphans();
      const current = takeNext();
      const end = {
        complete: () => jobs.complete(late, SYNC),
        retry: () => jobs.retry(late, 0, FAILURE),
        giveBack: () => jobs.giveBack(late),
        bury: () => jobs.bury(late, FAILURE),
      };
      expect(end[ending]()).toBe(false);
      expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 1, deadLetters: 0 });
      expect(jobs.sceneSync(1)).toBeUndefined();
      expect(jobs.complete(current, SYNC)).toBe(true);
    },
  );

  it('retries the same row after its delay, with what went wrong (W5)', () => {
    const { clock, db, jobs, record, takeNext } = store();
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

  it('gives a job back as it was when the attempt was not its fault', () => {
    const { jobs, record, takeNext } = store();
    record(1);
    jobs.giveBack(takeNext());
    expect(takeNext().attempts).toBe(1);
  });

  it('parks a job and ends it in one transaction (W6)', () => {
    const { db, jobs, record, takeNext } = store();
    record(7);
    jobs.bury(takeNext(), { ...FAILURE, message: 'x'.repeat(5_000), stack: 'at …' });
    expect(jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 1 });
    const row = db.prepare('SELECT * FROM dead_letters').get() as Record<string, unknown>;
    expect(row).toMatchObject({ scene_id: 7, error_type: FAILURE.type, retry_count: 1, stack_trace: 'at …' });
    expect(row['failed_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(String(row['error_message'])).toHaveLength(1_000);
  });

  it('keeps the job when parking it fails half-way (W6)', () => {
    const { db, jobs, record, takeNext } = store();
    record(7);
    const job = takeNext();
    db.exec('DROP TABLE dead_letters');
    expect(() => jobs.bury(job, FAILURE)).toThrow();
    expect(db.prepare('SELECT state FROM jobs').pluck().get()).toBe('running');
  });

  it('resolves the dead letters of a scene that is synced later (W47)', () => {
    const { jobs, record, takeNext } = store();
    record(7);
    jobs.bury(takeNext(), FAILURE);
    record(7);
    jobs.complete(takeNext(), SYNC);
    expect(jobs.counts().deadLetters).toBe(0);
  });
});

describe('events', () => {
  it('make a waiting job due at once, with a fresh count', () => {
    const { jobs, record, takeNext } = store();
    record(1);
    jobs.retry(takeNext(), 600_000, FAILURE);
    record(1);
    expect(takeNext().attempts).toBe(1);
  });

  it('drop the waiting job of a destroyed scene, and what was synced for it', () => {
    const { db, jobs, record, takeNext } = store();
    record(1);
    jobs.complete(takeNext(), SYNC);
    record(1);
    record(2);
    dropScene(db, 1);
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([2]);
    expect(jobs.sceneSync(1)).toBeUndefined();
  });
});

describe('claimDrainerStart', () => {
  it('lets one of a herd start a drainer (W50)', () => {
    const { clock, db } = store();
    const claims = Array.from({ length: 12 }, () => claimDrainerStart(db, clock.now()));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('believes a claim for two seconds at most, and one from the future not at all (W25)', () => {
    const { clock, db } = store();
    claimDrainerStart(db, clock.now());
    clock.advance(START_CLAIM_MS - 1);
    expect(claimDrainerStart(db, clock.now())).toBe(false);
    clock.advance(1);
    expect(claimDrainerStart(db, clock.now())).toBe(true);
    clock.jump(-3_600_000);
    expect(claimDrainerStart(db, clock.now())).toBe(true);
  });

  it('ends when the drainer has its lock', () => {
    const { clock, db } = store();
    claimDrainerStart(db, clock.now());
    recordDrainerStart(db);
    expect(claimDrainerStart(db, clock.now())).toBe(true);
  });
});
