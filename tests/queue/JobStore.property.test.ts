import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeadLetters, type DeadLetters } from '../../src/queue/deadLetters.ts';
import { dropScene } from '../../src/queue/dropScene.ts';
import type { TakenJob, WaitingJob } from '../../src/queue/Job.ts';
import { createJobStore, type JobStore } from '../../src/queue/JobStore.ts';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { type Database, openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A worker's job: of an `alive` one the claim must hold, the others were killed or overtaken. */
interface Held {
  job: TakenJob;
  readAtRevision: number;
  alive: boolean;
}

/** What must be true of the queue, in the simplest form: per scene, what it waits for. */
interface Model {
  /** Scenes with an event that was neither followed by a successful read-and-write nor given up nor cleared. */
  unsynced: Set<number>;
  /** Of these, the ones that were cleared while they ran. */
  cleared: Set<number>;
  deadLetters: Map<number, { failures: number; isRecovered: boolean }>;
  /** Jobs in hand, some of them of workers that were killed. */
  inHand: Held[];
  /** Jobs that were looked at, with the events that the scene had seen by then. */
  peeked: { waiting: WaitingJob; readAtRevision: number }[];
  /** Events so far, per scene. */
  events: Map<number, number>;
}

interface Real {
  db: Database;
  clock: FakeClock;
  jobs: JobStore;
  deadLetters: DeadLetters;
}

type Step = fc.Command<Model, Real>;

/** No delay is longer than this. */
const LONGEST_DELAY_MS = 3_600_000;
const FAILURE = { type: 'T', message: 'm' };
const sync = (sceneId: number) => ({
  sceneUpdatedAt: null,
  serverId: 's',
  sectionKey: '1',
  ratingKey: String(sceneId),
  written: {},
});

const revisionOf = (model: Model, sceneId: number) => model.events.get(sceneId) ?? 0;
const isRunning = (model: Model, sceneId: number) =>
  model.inHand.some(({ job, alive }) => alive && job.sceneId === sceneId);

function wants(model: Model, sceneId: number): void {
  model.unsynced.add(sceneId);
  model.events.set(sceneId, revisionOf(model, sceneId) + 1);
}

function givenUp(model: Model, sceneId: number): void {
  const failures = (model.deadLetters.get(sceneId)?.failures ?? 0) + 1;
  model.deadLetters.set(sceneId, { failures, isRecovered: false });
}

function done(model: Model, sceneId: number): void {
  model.unsynced.delete(sceneId);
  model.cleared.delete(sceneId);
}

/** At most one live job per scene, none lost and none invented; one dead letter per scene, with its count. */
function checkInvariants(model: Model, { db }: Real): void {
  const rows = db.prepare('SELECT scene_id, state, cleared FROM jobs ORDER BY scene_id').raw().all();
  const expected = [...model.unsynced]
    .sort((one, other) => one - other)
    .map((id) => [id, isRunning(model, id) ? 'running' : 'pending', Number(model.cleared.has(id))]);
  expect(rows).toEqual(expected);
  const dead = db
    .prepare('SELECT scene_id, failure_count, recovered_at IS NOT NULL FROM dead_letters')
    .raw()
    .all() as [number, number, number][];
  expect(
    new Map(dead.map(([id, failures, isRecovered]) => [id, { failures, isRecovered: isRecovered === 1 }])),
  ).toEqual(model.deadLetters);
  expect(dead).toHaveLength(model.deadLetters.size);
}

function step(name: string, run: (model: Model, real: Real) => void): Step {
  return {
    check: () => true,
    run(model, real) {
      run(model, real);
      checkInvariants(model, real);
    },
    toString: () => name,
  };
}

const event = (sceneId: number) =>
  step(`event ${sceneId}`, (model, { db, clock }) => {
    recordSceneChange(db, sceneId, clock.now());
    wants(model, sceneId);
    model.cleared.delete(sceneId);
  });

const destroy = (sceneId: number) =>
  step(`destroy ${sceneId}`, (model, { db, clock }) => {
    dropScene(db, sceneId, clock.now());
    model.deadLetters.delete(sceneId);
    if (!isRunning(model, sceneId)) model.unsynced.delete(sceneId);
  });

const peek = step('peek', (model, { jobs }) => {
  model.peeked = jobs
    .peekDue(10)
    .map((waiting) => ({ waiting, readAtRevision: revisionOf(model, waiting.sceneId) }));
  // A job is due at once or after its delay, whatever happened to the clock.
  jobs.healDueTimes();
  const dueAtMs = jobs.nextDueAtMs();
  const waiting = [...model.unsynced].filter((sceneId) => !isRunning(model, sceneId));
  expect(dueAtMs !== undefined).toBe(waiting.length > 0);
});

const take = (index: number) =>
  step(`take ${index}`, (model, { jobs }) => {
    if (model.peeked.length === 0) return;
    const [seen] = model.peeked.splice(index % model.peeked.length, 1);
    const job = seen && jobs.take(seen.waiting);
    if (!job) return;
    // Data that was read at the peek is as new as the newest event, and nobody else has the job.
    expect(seen.readAtRevision).toBe(revisionOf(model, job.sceneId));
    expect(isRunning(model, job.sceneId)).toBe(false);
    model.inHand.push({ job, readAtRevision: seen.readAtRevision, alive: true });
  });

const end = (how: 'complete' | 'retry' | 'giveBack' | 'bury', index: number) =>
  step(`${how} ${index}`, (model, { jobs }) => {
    if (model.inHand.length === 0) return;
    const [held] = model.inHand.splice(index % model.inHand.length, 1);
    if (!held) return;
    const { job, alive, readAtRevision } = held;
    const ended = {
      complete: () => jobs.complete(job, { syncs: [sync(job.sceneId)], shared: [] }),
      retry: () => jobs.retry(job, 5_000, FAILURE),
      giveBack: () => jobs.giveBack(job, 30_000),
      bury: () => jobs.bury(job, FAILURE),
    }[how]();
    // A worker whose job was taken over changes nothing.
    expect(ended).toBe(alive);
    if (!alive) return;
    if (how === 'complete') model.deadLetters.delete(job.sceneId);
    if (how === 'bury') givenUp(model, job.sceneId);
    const isNewest = revisionOf(model, job.sceneId) === readAtRevision;
    const isFinal = (how === 'complete' || how === 'bury') && isNewest;
    if (isFinal || model.cleared.has(job.sceneId)) done(model, job.sceneId);
  });

/** Whoever gets the drain lock takes up what is left over: `restarted` as a new process, or the same one once more. */
const takeUp = (isNewProcess: boolean) =>
  step(isNewProcess ? 'restart' : 'next pass', (model, real) => {
    if (isNewProcess) real.jobs = createJobStore(real.db, real.clock);
    const alive = model.inHand.filter((held) => held.alive);
    const released = alive.filter(({ job }) => !model.cleared.has(job.sceneId)).length;
    // So few steps do not make a job hopeless.
    expect(real.jobs.releaseOrphans()).toEqual({ released, buried: [] });
    for (const held of alive) {
      held.alive = false;
      if (model.cleared.has(held.job.sceneId)) done(model, held.job.sceneId);
    }
  });

const clear = (isDrainerAlive: boolean) =>
  step(`clear ${isDrainerAlive ? 'beside a drainer' : 'alone'}`, (model, { jobs }) => {
    const all = [...model.unsynced];
    const running = isDrainerAlive ? all.filter((sceneId) => isRunning(model, sceneId)) : [];
    const expected = { deleted: all.length - running.length, running: running.length };
    expect(jobs.clear({ isDrainerAlive })).toEqual(expected);
    model.unsynced = new Set(running);
    model.cleared = new Set(running);
    if (!isDrainerAlive) for (const held of model.inHand) held.alive = false;
  });

const requeue = (sceneId: number) =>
  step(`requeue ${sceneId}`, (model, { db, deadLetters }) => {
    const id = db.prepare('SELECT id FROM dead_letters WHERE scene_id = ?').pluck().get(sceneId);
    const entry = model.deadLetters.get(sceneId);
    const outcome = deadLetters.requeue(typeof id === 'number' ? id : -1);
    if (!entry || entry.isRecovered) expect(outcome).toBe('gone');
    else if (model.unsynced.has(sceneId)) expect(outcome).toBe('alreadyQueued');
    else {
      expect(outcome).toBe('recovered');
      entry.isRecovered = true;
      wants(model, sceneId);
    }
  });

const passTime = (ms: number) => step(`+${ms}`, (_model, { clock }) => clock.advance(ms));
const setClock = (ms: number) => step(`clock ${ms}`, (_model, { clock }) => clock.jump(ms));

/** After the longest delay a new drainer finds every job that is left, each once, and nothing is left after it. */
function drainAll(model: Model, { db, clock }: Real): void {
  const jobs = createJobStore(db, clock);
  jobs.releaseOrphans();
  jobs.healDueTimes();
  clock.advance(LONGEST_DELAY_MS);
  const found: number[] = [];
  for (const waiting of jobs.peekDue(100)) {
    const job = jobs.take(waiting);
    if (job && jobs.complete(job, { syncs: [sync(job.sceneId)], shared: [] })) found.push(job.sceneId);
  }
  const expected = [...model.unsynced].filter((sceneId) => !model.cleared.has(sceneId));
  expect(found.sort()).toEqual(expected.sort());
  expect(jobs.counts()).toMatchObject({ due: 0, waiting: 0, running: 0 });
}

const DAY_MS = 24 * 3_600_000;
const scene = fc.integer({ min: 1, max: 4 });

describe('the queue against a model', () => {
  it('loses no event, doubles no job, ignores whoever comes late and leaves nothing stuck, whatever the order', () => {
    const commands = fc.commands(
      [
        scene.map(event),
        scene.map(event),
        fc.constant(peek),
        fc.nat(3).map(take),
        fc.nat(3).map(take),
        fc
          .tuple(fc.constantFrom('complete', 'retry', 'giveBack', 'bury'), fc.nat(5))
          .map(([how, index]) => end(how, index)),
        fc.boolean().map(takeUp),
        fc.boolean().map(clear),
        scene.map(requeue),
        scene.map(destroy),
        fc.constantFrom(1, 6_000, 40_000).map(passTime),
        fc.constantFrom(DAY_MS, -DAY_MS, 600_000, -600_000).map(setClock),
      ],
      { maxCommands: 100, size: 'max' },
    );
    fc.assert(
      fc.property(commands, (steps) => {
        const clock = new FakeClock();
        const db = openDatabase(join(tempFolder(), 'data.db'), { durability: 'normal' });
        const model: Model = {
          unsynced: new Set(),
          cleared: new Set(),
          deadLetters: new Map(),
          inHand: [],
          peeked: [],
          events: new Map(),
        };
        const real = {
          db,
          clock,
          jobs: createJobStore(db, clock),
          deadLetters: createDeadLetters(db, clock),
        };
        fc.modelRun(() => ({ model, real }), steps);
        drainAll(model, real);
        db.close();
      }),
      { numRuns: 200 },
    );
  }, 90_000);
});
