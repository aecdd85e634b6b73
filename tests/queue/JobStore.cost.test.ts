import { describe, expect, it } from 'vitest';
import { createChangeLog } from '../../src/queue/changeLog.ts';
import { createJobStore } from '../../src/queue/JobStore.ts';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import type { Database } from '../../src/storage/openDatabase.ts';
import { FAILURE, openStore, type Store, SYNC, SYNCED } from './openStore.ts';

const MANY = 20_000;

/** A store with many waiting jobs, synced scenes and dead letters; the scenes from 1 on wait. */
function fullStore(): Store {
  const store = openStore();
  store.db.exec(`
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${MANY})
      INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) SELECT n, ${store.clock.now()} + n % 7, 0 FROM numbers;
    INSERT INTO scene_syncs (scene_id, synced_at_ms, server_id, section_key, rating_key, written)
      SELECT scene_id, 0, '${SYNC.serverId}', '1', '${SYNC.ratingKey}', '{}' FROM jobs;
    INSERT INTO dead_letters (scene_id, error_type) SELECT scene_id + ${MANY}, 'X' FROM jobs`);
  return store;
}

/** How SQLite carries out every statement that `use` prepares: one line per table it reads. */
function plansOf(db: Database, use: (db: Database) => void): { sql: string; steps: string[] }[] {
  const statements: string[] = [];
  const prepare = (sql: string) => {
    statements.push(sql);
    return db.prepare(sql);
  };
  use(
    new Proxy(db, {
      get: (target, name) => (name === 'prepare' ? prepare : Reflect.get(target, name, target)),
    }),
  );
  return statements.map((sql) => {
    const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, 1]);
    const unnamed = [...sql.matchAll(/\?/g)].map(() => '[1]');
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`);
    const rows = plan.all(...unnamed, ...(names.length > 0 ? [Object.fromEntries(names)] : []));
    return { sql, steps: (rows as { detail: string }[]).map(({ detail }) => detail) };
  });
}

/** Rows that statements of this connection have written, all together. */
const written = (db: Database) => db.prepare('SELECT total_changes()').pluck().get() as number;

describe('with 20 000 jobs, syncs and dead letters', () => {
  it('recording an event is one statement, which reads no table through (W44)', () => {
    const { db } = fullStore();
    const before = written(db);
    const plans = plansOf(db, (watched) => recordSceneChange(watched, 5, 0));
    expect(plans).toHaveLength(1);
    // The scenes given are a table to SQLite.
    expect(plans.flatMap(({ steps }) => steps)).toEqual([expect.stringContaining('SCAN json_each')]);
    expect(written(db) - before).toBe(1);
  });

  it('no statement of the store reads all jobs, syncs or dead letters, or sorts them (W44)', () => {
    const { db, clock } = fullStore();
    const plans = plansOf(db, (watched) => void createJobStore(watched, clock));
    expect(plans.length).toBeGreaterThan(20);
    const slow = plans.filter(
      // Counting and clearing are about all of them; another synced scene is only asked for when something fails.
      ({ sql, steps }) =>
        !sql.includes('scene_id <> ?') &&
        !sql.includes('count(*)') &&
        sql !== 'DELETE FROM dead_letters' &&
        !sql.includes('INTO noticed_changes') &&
        steps.some(
          (step) => /^SCAN (jobs|scene_syncs)|TEMP B-TREE/.test(step) || step === 'SCAN dead_letters',
        ),
    );
    expect(slow).toEqual([]);
    const peek = plans.find(({ sql }) => sql.includes('LIMIT @limit'));
    expect(peek?.steps).toEqual([expect.stringMatching(/^SEARCH jobs USING .*INDEX jobs_by_due_time/)]);
    const take = plans.find(({ sql }) => sql.includes('RETURNING'));
    expect(take?.steps).toEqual([expect.stringMatching(/^SEARCH jobs USING INTEGER PRIMARY KEY/)]);
  });

  it('a look for changes without a hook reads of the tables what it asks for (A5)', () => {
    const { db } = fullStore();
    const change = { sceneId: 5, updatedAt: '2026-01-01T00:00:00Z', updatedAtMs: 0, isBare: false };
    const plans = plansOf(db, (watched) => void createChangeLog(watched).queueNews([change], 0));
    const steps = plans.flatMap((plan) => plan.steps);
    expect(steps.filter((step) => /^SEARCH (jobs|scene_syncs)/.test(step)).length).toBeGreaterThan(1);
    expect(steps.filter((step) => /^SCAN (jobs|scene_syncs)|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it('counting goes by indexes, without reading what is counted (W44)', () => {
    const { db, clock } = fullStore();
    const plans = plansOf(db, (watched) => void createJobStore(watched, clock));
    const counting = plans.filter(({ sql }) => sql.includes('count(*)')).flatMap(({ steps }) => steps);
    const reads = counting.filter((step) => /^(SCAN|SEARCH) (jobs|dead_letters)/.test(step));
    expect(reads.length).toBeGreaterThan(3);
    for (const step of reads) expect(step).toContain('USING COVERING INDEX');
  });

  it('a job from hand-out to success writes its own three rows and no other (W45)', () => {
    const { db, clock, jobs } = fullStore();
    clock.advance(60_000);
    const before = written(db);
    const [waiting] = jobs.peekDue(1);
    const job = waiting && jobs.take(waiting);
    if (job) jobs.complete(job, SYNCED);
    // The job twice, its sync once.
    expect(written(db) - before).toBe(3);
  });
});

describe('rows', () => {
  it('do not pile up: a finished job leaves its sync, and its space is used again (W43)', () => {
    const { db, jobs, record, takeNext } = openStore();
    const round = () => {
      for (let sceneId = 1; sceneId <= 100; sceneId += 1) record(sceneId);
      for (let sceneId = 1; sceneId <= 100; sceneId += 1) {
        jobs.retry(takeNext(), 0, FAILURE);
        jobs.complete(takeNext(), SYNCED);
      }
      return db.pragma('page_count', { simple: true });
    };
    round();
    const size = round();
    for (let rounds = 0; rounds < 5; rounds += 1) round();
    expect(db.prepare('SELECT count(*) FROM jobs').pluck().get()).toBe(0);
    expect(db.prepare('SELECT count(*) FROM scene_syncs').pluck().get()).toBe(100);
    expect(round()).toBe(size);
  });
});
