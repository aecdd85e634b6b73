import { describe, expect, it } from 'vitest';
import { type RecoveryResult, recoverOutageJobs } from '../../src/drain/recoverOutageJobs.ts';
import type { OutageDlqEntry } from '../../src/queue/getOutageDlqEntries.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { type Bench, startBench } from '../support/startBench.ts';

const NOTHING: RecoveryResult = {
  totalDlqEntries: 0,
  recovered: 0,
  skippedAlreadyQueued: 0,
  skippedPlexDown: 0,
  skippedSceneMissing: 0,
  failed: 0,
  recoveredSceneIds: [],
};

interface RecoveryBench extends Bench {
  /** Whether Plex is healthy, and how often that was asked. */
  plexState: { healthy: boolean; asked: number };
  recoveryLines: ReturnType<typeof recordingLog>['lines'];
  /** Gives the scenes up as victims of an outage. */
  giveUp(...sceneIds: number[]): void;
  /** All entries, oldest first. */
  entries(): OutageDlqEntry[];
  recover(entries?: readonly OutageDlqEntry[]): Promise<RecoveryResult>;
}

async function startRecovery(): Promise<RecoveryBench> {
  const bench = await startBench();
  const plexState = { healthy: true, asked: 0 };
  const { log, lines } = recordingLog();
  const entries = () => bench.deadLetters.inWindow(0, bench.clock.now() / 1000, ['PlexServerDown']);
  return {
    ...bench,
    plexState,
    recoveryLines: lines,
    giveUp(...sceneIds) {
      bench.record(...sceneIds);
      for (const waiting of bench.jobs.peekDue(1_000)) {
        const job = sceneIds.includes(waiting.sceneId) && bench.jobs.take(waiting);
        if (job) bench.jobs.bury(job, { type: 'PlexServerDown', message: 'Plex was away.' });
      }
    },
    entries,
    recover: (chosen = entries()) =>
      recoverOutageJobs(chosen, {
        deadLetters: bench.deadLetters,
        jobs: bench.jobs,
        stash: bench.stashClient,
        probe: async () => {
          plexState.asked += 1;
          return plexState;
        },
        log,
      }),
  };
}

describe('a long recovery', () => {
  it('tells how far it is, with what is queued by then (W38)', async () => {
    const bench = await startRecovery();
    bench.giveUp(...addScenes(bench, 250));
    const told: [recovered: number, share: number, queued: number][] = [];
    const { deadLetters, jobs, stashClient: stash } = bench;
    await recoverOutageJobs(bench.entries(), {
      deadLetters,
      jobs,
      stash,
      probe: async () => ({ healthy: true }),
      log: recordingLog().log,
      onPortion: ({ recovered }, share) => told.push([recovered, share, jobs.counts().due]),
    });
    expect(told).toEqual([
      [100, 0.4, 100],
      [200, 0.8, 200],
      [250, 1, 250],
    ]);
  });
});

const addScenes = ({ stash }: Bench, count: number) =>
  Array.from({ length: count }, () => stash.scenes.add({ title: 'Scene' }));
const queued = ({ db }: Bench) =>
  db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all() as number[];

describe('the result of a recovery', () => {
  it('counts from zero, and nothing is asked for nothing (DR-3)', async () => {
    const bench = await startRecovery();
    expect(await bench.recover()).toEqual(NOTHING);
    expect(bench.plexState.asked).toBe(0);
  });
});

describe('recoverOutageJobs', () => {
  it('skips everything while Plex is not healthy, and asks nobody else (DR-4)', async () => {
    const bench = await startRecovery();
    bench.giveUp(...addScenes(bench, 3));
    bench.plexState.healthy = false;
    const entries = bench.entries();
    bench.db.exec('ALTER TABLE jobs RENAME TO unreachable');
    expect(await bench.recover(entries)).toEqual({ ...NOTHING, totalDlqEntries: 3, skippedPlexDown: 3 });
    expect(bench.plexState.asked).toBe(1);
    expect(bench.stash.log.count()).toBe(0);
  });

  it('queues a scene again; its newest data is what comes to Plex (DR-4)', async () => {
    const bench = await startRecovery();
    const id = bench.scanned('film', { title: 'At the outage' });
    bench.giveUp(id);
    bench.stash.scenes.update(id, { title: 'Newest' });
    expect(await bench.recover()).toEqual({
      ...NOTHING,
      totalDlqEntries: 1,
      recovered: 1,
      recoveredSceneIds: [id],
    });
    await bench.drain();
    expect(bench.item('film').title).toBe('Newest');
    expect(bench.givenUp()).toEqual([]);
  });

  it('skips scenes that wait or run already, and does not ask Stash for them (DR-4)', async () => {
    const bench = await startRecovery();
    const ids = addScenes(bench, 2);
    bench.giveUp(...ids);
    bench.record(...ids);
    const [first] = bench.jobs.peekDue(1);
    if (first) bench.jobs.take(first);
    expect(await bench.recover()).toEqual({ ...NOTHING, totalDlqEntries: 2, skippedAlreadyQueued: 2 });
    expect(bench.stash.log.count()).toBe(0);
    expect(bench.deadLetters.count()).toBe(2);
  });

  it('recovers a scene although attempts of it have ended, lately too (W32)', async () => {
    const bench = await startRecovery();
    const [id = 0] = addScenes(bench, 1);
    for (let attempt = 0; attempt < 5; attempt += 1) bench.giveUp(id);
    bench.record(id);
    const [waiting] = bench.jobs.peekDue(1);
    const job = waiting && bench.jobs.take(waiting);
    if (job) bench.jobs.complete(job);
    expect(await bench.recover()).toMatchObject({ totalDlqEntries: 1, recovered: 1 });
  });

  it('skips scenes that Stash does not know any more, and entries without one (DR-4)', async () => {
    const bench = await startRecovery();
    const [kept = 0, gone = 0] = addScenes(bench, 2);
    bench.giveUp(kept, gone);
    bench.stash.scenes.destroy(gone);
    bench.db.exec(
      "INSERT INTO dead_letters (error_type, failed_at) VALUES ('PlexServerDown', '2026-01-01 00:00:00')",
    );
    expect(await bench.recover()).toEqual({
      ...NOTHING,
      totalDlqEntries: 3,
      recovered: 1,
      skippedSceneMissing: 2,
      recoveredSceneIds: [kept],
    });
  });

  it('queues a scene once, however often it is named (DR-4)', async () => {
    const bench = await startRecovery();
    const [id = 0] = addScenes(bench, 1);
    bench.giveUp(id);
    const twice = [...bench.entries(), ...bench.entries()];
    expect(await bench.recover(twice)).toMatchObject({ recovered: 1, skippedAlreadyQueued: 1 });
    expect(queued(bench)).toEqual([id]);
  });

  it('counts each entry once in a mix of all (DR-4)', async () => {
    const bench = await startRecovery();
    const [one = 0, two = 0, waiting = 0, gone = 0] = addScenes(bench, 4);
    bench.giveUp(one, two, waiting, gone);
    bench.record(waiting);
    bench.stash.scenes.destroy(gone);
    expect(await bench.recover()).toEqual({
      ...NOTHING,
      totalDlqEntries: 4,
      recovered: 2,
      skippedAlreadyQueued: 1,
      skippedSceneMissing: 1,
      recoveredSceneIds: [one, two],
    });
    expect(queued(bench)).toEqual([one, two, waiting]);
  });

  it('counts an entry that cannot be queued as failed, and goes on (DR-4)', async () => {
    const bench = await startRecovery();
    const [bad = 0, good = 0] = addScenes(bench, 2);
    bench.giveUp(bad, good);
    bench.db.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON jobs WHEN new.scene_id = ${bad} BEGIN SELECT RAISE(ABORT, 'no room'); END`,
    );
    expect(await bench.recover()).toMatchObject({ recovered: 1, failed: 1, recoveredSceneIds: [good] });
    expect(bench.entries()).toMatchObject([{ sceneId: bad }]);
    expect(bench.recoveryLines).toMatchObject([{ level: 'warn', text: expect.stringContaining('no room') }]);
  });

  it('recovers nothing twice, whether the scenes still wait or are done (DR-4)', async () => {
    const bench = await startRecovery();
    const id = bench.scanned('film', { title: 'Film' });
    bench.giveUp(id);
    const entries = bench.entries();
    await bench.recover(entries);
    expect(await bench.recover(entries)).toMatchObject({ recovered: 0, skippedAlreadyQueued: 1 });
    await bench.drain();
    expect(await bench.recover(entries)).toMatchObject({ recovered: 0, skippedAlreadyQueued: 1 });
    expect(queued(bench)).toEqual([]);
    expect(bench.entries()).toEqual([]);
  });

  it('recovers nothing twice when two processes do so at once (W32)', async () => {
    const bench = await startRecovery();
    const ids = addScenes(bench, 3);
    bench.giveUp(...ids);
    const results = await Promise.all([bench.recover(), bench.recover()]);
    expect(results.map(({ recovered }) => recovered).sort()).toEqual([0, 3]);
    expect(queued(bench)).toEqual(ids);
  });

  it('asks Stash in portions; one that fails stops only itself (W32)', async () => {
    const bench = await startRecovery();
    const ids = addScenes(bench, 230);
    bench.giveUp(...ids);
    bench.stash.faults.add({ nth: 2, action: { status: 500 } });
    const result = await bench.recover();
    expect(result).toMatchObject({ totalDlqEntries: 230, recovered: 130, failed: 100 });
    expect(result.recoveredSceneIds).toEqual([...ids.slice(0, 100), ...ids.slice(200)]);
    expect(bench.stash.log.count()).toBe(3);
    expect(bench.recoveryLines).toHaveLength(1);
    bench.stash.faults.clear();
    expect(await bench.recover()).toMatchObject({ totalDlqEntries: 100, recovered: 100 });
  });

  it('goes on when Stash cannot read one scene (W32)', async () => {
    const bench = await startRecovery();
    const [bad = 0, good = 0] = addScenes(bench, 2);
    bench.giveUp(bad, good);
    Object.defineProperty(bench.stash.scenes.requireRecord(bad), 'title', {
      get: () => {
        throw new Error('damaged row');
      },
    });
    expect(await bench.recover()).toMatchObject({ recovered: 1, failed: 1, recoveredSceneIds: [good] });
  });
});
