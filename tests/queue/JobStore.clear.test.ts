import { describe, expect, it } from 'vitest';
import { MAX_HAND_OUTS } from '../../src/queue/JobStore.ts';
import { FAILURE, openStore, SYNC, SYNCED } from './openStore.ts';

const NOTHING = { due: 0, waiting: 0, running: 0, deadLetters: 0 };

/** Two scenes wait, one for later, and one is running in a drainer. */
function busyStore() {
  const store = openStore();
  for (const sceneId of [1, 2, 3, 4]) store.record(sceneId);
  const running = store.takeNext();
  store.jobs.retry(store.takeNext(), 60_000, FAILURE);
  return { ...store, running };
}

describe('clearing the queue', () => {
  it('removes all that wait and tells what is running (W17)', () => {
    const { jobs } = busyStore();
    expect(jobs.clear({ isDrainerAlive: true })).toEqual({ deleted: 3, running: 1 });
    expect(jobs.counts()).toEqual({ ...NOTHING, running: 1 });
    expect(jobs.clear({ isDrainerAlive: true })).toEqual({ deleted: 0, running: 1 });
  });

  it('removes what is stuck as if it were running when nobody is at work (W17)', () => {
    const { jobs } = busyStore();
    expect(jobs.clear({ isDrainerAlive: false })).toEqual({ deleted: 4, running: 0 });
    expect(jobs.counts()).toEqual(NOTHING);
    expect(openStore().jobs.clear({ isDrainerAlive: false })).toEqual({ deleted: 0, running: 0 });
  });

  it('leaves what was synced and what was given up (W17)', () => {
    const { jobs, record, takeNext, giveUp } = openStore();
    giveUp(7);
    record(8);
    jobs.complete(takeNext(), SYNCED);
    record(9);
    jobs.clear({ isDrainerAlive: false });
    expect(jobs.counts()).toEqual({ ...NOTHING, deadLetters: 1 });
    expect(jobs.sceneSyncs(8)[0]).toEqual(SYNC);
  });

  it('is all or nothing', () => {
    const { db, jobs } = busyStore();
    db.exec("CREATE TRIGGER broken BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'no room'); END");
    expect(() => jobs.clear({ isDrainerAlive: true })).toThrow('no room');
    expect(jobs.counts()).toEqual({ due: 2, waiting: 1, running: 1, deadLetters: 0 });
  });
});

describe('a job that was cleared while it ran', () => {
  it('is remembered as synced when it succeeds, and is done even if an event came before the clear (W17)', () => {
    const { jobs, record, running } = busyStore();
    record(running.sceneId);
    jobs.clear({ isDrainerAlive: true });
    expect(jobs.complete(running, SYNCED)).toBe(true);
    expect(jobs.counts()).toEqual(NOTHING);
    expect(jobs.sceneSyncs(running.sceneId)[0]).toEqual(SYNC);
  });

  it.each(['retry', 'giveBack'] as const)('does not come back by a %s (W17)', (how) => {
    const { jobs, running } = busyStore();
    jobs.clear({ isDrainerAlive: true });
    const ended = how === 'retry' ? jobs.retry(running, 1, FAILURE) : jobs.giveBack(running);
    expect(ended).toBe(true);
    expect(jobs.counts()).toEqual(NOTHING);
  });

  it('does not come back when its process is killed (W17)', () => {
    const { jobs, otherProcess } = busyStore();
    jobs.clear({ isDrainerAlive: true });
    expect(otherProcess().releaseOrphans()).toEqual({ released: 0, buried: [] });
    expect(jobs.counts()).toEqual(NOTHING);
  });

  it('is still listed among the dead letters when it is given up (W17)', () => {
    const { jobs, running } = busyStore();
    jobs.clear({ isDrainerAlive: true });
    expect(jobs.bury(running, FAILURE)).toBe(true);
    expect(jobs.counts()).toEqual({ ...NOTHING, deadLetters: 1 });
  });

  it('is listed there as well when it has killed every process that took it (W14)', () => {
    const { jobs, record, takeNext, otherProcess } = openStore();
    record(1);
    for (let kill = 1; kill < MAX_HAND_OUTS; kill += 1) {
      takeNext();
      otherProcess().releaseOrphans();
    }
    takeNext();
    jobs.clear({ isDrainerAlive: true });
    expect(otherProcess().releaseOrphans()).toEqual({ released: 0, buried: [1] });
    expect(jobs.counts()).toEqual({ ...NOTHING, deadLetters: 1 });
  });

  it.each(['complete', 'retry', 'giveBack', 'bury', 'kill'] as const)(
    'runs once more after a %s when an event came after the clear (W17)',
    (how) => {
      const { jobs, record, takeNext, otherProcess, running } = busyStore();
      jobs.clear({ isDrainerAlive: true });
      record(running.sceneId);
      const end = {
        complete: () => jobs.complete(running, SYNCED),
        retry: () => jobs.retry(running, 60_000, FAILURE),
        giveBack: () => jobs.giveBack(running, 60_000),
        bury: () => jobs.bury(running, FAILURE),
        kill: () => otherProcess().releaseOrphans(),
      };
      end[how]();
      expect(takeNext()).toMatchObject({ sceneId: running.sceneId, revision: running.revision + 1 });
    },
  );

  it('changes nothing any more once it was removed as stuck (W17)', () => {
    const { jobs, running } = busyStore();
    jobs.clear({ isDrainerAlive: false });
    expect([
      jobs.complete(running, SYNCED),
      jobs.retry(running, 1, FAILURE),
      jobs.giveBack(running),
      jobs.bury(running, FAILURE),
    ]).toEqual([false, false, false, false]);
    expect(jobs.counts()).toEqual(NOTHING);
    expect(jobs.sceneSyncs(running.sceneId)[0]).toBeUndefined();
  });
});
