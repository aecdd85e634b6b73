import { join } from 'node:path';
import { createDeadLetters } from '../../src/queue/deadLetters.ts';
import type { SceneItems, SceneSync, TakenJob } from '../../src/queue/Job.ts';
import { createJobStore } from '../../src/queue/JobStore.ts';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

export const SYNC: SceneSync = {
  sceneUpdatedAt: '2026-01-11T18:07:53+11:00',
  serverId: 'server',
  sectionKey: '4',
  ratingKey: '812',
  written: { collection: 'Studio', genres: ['A, B'], posterHash: 'abc' },
};

/** The scene has this one item. */
export const SYNCED: SceneItems = { syncs: [SYNC], shared: [] };

export const FAILURE = { type: 'PlexTemporaryError', message: 'Plex answered with status 500.' };

/** A queue on disk, on a clock that stands still. */
export function openStore(path = join(tempFolder(), 'data.db')) {
  const clock = new FakeClock();
  const db = openDatabase(path, { durability: 'normal' });
  const jobs = createJobStore(db, clock);
  const record = (sceneId: number) => recordSceneChange(db, sceneId, clock.now());
  const takeNext = (): TakenJob => {
    const [waiting] = jobs.peekDue(1);
    const job = waiting && jobs.take(waiting);
    if (!job) throw new Error('nothing was due');
    return job;
  };
  return {
    path,
    clock,
    db,
    jobs,
    deadLetters: createDeadLetters(db, clock),
    record,
    takeNext,
    /** Another process on the same file: nothing is remembered. */
    otherProcess: () => createJobStore(openDatabase(path, { durability: 'normal' }), clock),
    /** The scene is given up at this moment. */
    giveUp(sceneId: number, type = FAILURE.type, message = FAILURE.message) {
      record(sceneId);
      const waiting = jobs.peekDue(1_000).find((job) => job.sceneId === sceneId);
      const job = waiting && jobs.take(waiting);
      if (!job) throw new Error(`scene ${sceneId} was not due`);
      jobs.bury(job, { type, message });
    },
  };
}

export type Store = ReturnType<typeof openStore>;
