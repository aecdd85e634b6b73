import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TakenJob } from '../../src/queue/Job.ts';
import { createJobStore, type JobStore } from '../../src/queue/JobStore.ts';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { type Database, openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';

/** What must be true of the queue, in the simplest form: per scene, what it waits for. */
interface Model {
  /** Scenes with an event that was not yet followed by a successful read-and-write. */
  unsynced: Set<number>;
  /** Scenes of the dead letters. */
  deadLetters: number[];
  /** Jobs in hand, some of them of workers that were killed. */
  inHand: { job: TakenJob; readAtRevision: number; alive: boolean }[];
  /** Events so far, per scene. */
  events: Map<number, number>;
}

interface Real {
  db: Database;
  clock: FakeClock;
  jobs: JobStore;
}

type Step = fc.Command<Model, Real>;

const sync = (sceneId: number) => ({
  sceneUpdatedAt: null,
  serverId: 's',
  sectionKey: '1',
  ratingKey: String(sceneId),
  written: {},
});

/** At most one live job per scene, and none lost: every unsynced scene has a job. */
function checkInvariants(model: Model, { db }: Real): void {
  const scenes = db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all() as number[];
  expect(scenes).toEqual([...new Set(scenes)]);
  expect(new Set(scenes)).toEqual(model.unsynced);
  const dead = db.prepare('SELECT scene_id FROM dead_letters ORDER BY id').pluck().all();
  expect(dead).toEqual(model.deadLetters);
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
    model.unsynced.add(sceneId);
    model.events.set(sceneId, (model.events.get(sceneId) ?? 0) + 1);
  });

const take = step('take', (model, { jobs }) => {
  const [waiting] = jobs.peekDue(1);
  const job = waiting && jobs.take(waiting);
  if (job) model.inHand.push({ job, readAtRevision: model.events.get(job.sceneId) ?? 0, alive: true });
});

const end = (how: 'complete' | 'retry' | 'giveBack' | 'bury', index: number) =>
  step(`${how} ${index}`, (model, { jobs }) => {
    if (model.inHand.length === 0) return;
    const [held] = model.inHand.splice(index % model.inHand.length, 1);
    if (!held) return;
    const { job, alive, readAtRevision } = held;
    const failure = { type: 'T', message: 'm' };
    const ended = {
      complete: () => jobs.complete(job, sync(job.sceneId)),
      retry: () => jobs.retry(job, 5_000, failure),
      giveBack: () => jobs.giveBack(job),
      bury: () => jobs.bury(job, failure),
    }[how]();
    // A worker whose job was taken over changes nothing.
    expect(ended).toBe(alive);
    if (!alive) return;
    const isNewest = model.events.get(job.sceneId) === readAtRevision;
    if (how === 'complete') model.deadLetters = model.deadLetters.filter((id) => id !== job.sceneId);
    if (how === 'bury') model.deadLetters.push(job.sceneId);
    if ((how === 'complete' || how === 'bury') && isNewest) model.unsynced.delete(job.sceneId);
  });

const killAll = step('kill', (model, { jobs }) => {
  jobs.releaseOrphans();
  for (const held of model.inHand) held.alive = false;
});

const passTime = (ms: number) => step(`+${ms}`, (_model, { clock }) => clock.advance(ms));

describe('the queue against a model', () => {
  it('loses no event, doubles no job and ignores whoever comes late, whatever the order', () => {
    const commands = fc.commands(
      [
        fc.integer({ min: 1, max: 4 }).map(event),
        fc.constant(take),
        fc
          .tuple(fc.constantFrom('complete', 'retry', 'giveBack', 'bury'), fc.nat(5))
          .map(([how, index]) => end(how, index)),
        fc.constant(killAll),
        fc.constantFrom(1, 6_000).map(passTime),
      ],
      { maxCommands: 80, size: 'max' },
    );
    fc.assert(
      fc.property(commands, (steps) => {
        const clock = new FakeClock();
        const db = openDatabase(':memory:', { durability: 'normal' });
        const model: Model = { unsynced: new Set(), deadLetters: [], inHand: [], events: new Map() };
        fc.modelRun(() => ({ model, real: { db, clock, jobs: createJobStore(db, clock) } }), steps);
        db.close();
      }),
      { numRuns: 300 },
    );
  });
});
