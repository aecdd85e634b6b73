import { describe, expect, it } from 'vitest';
import { type QueueRequest, queueScenes } from '../../src/drain/queueScenes.ts';
import { type Bench, startBench } from '../support/startBench.ts';

const HOUR_MS = 3_600_000;

function queue(bench: Bench, request: QueueRequest = {}) {
  const { stashClient: stash, db, clock } = bench;
  return queueScenes(request, { stash, db, clock });
}

const waiting = ({ db }: Bench) => db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all();

describe('queueing all scenes', () => {
  it('takes a page a request, and each page is queued before the next is asked for (W-61)', async () => {
    const bench = await startBench();
    for (let index = 0; index < 2_100; index += 1) bench.stash.scenes.add();
    const seen: [unknown, number, number][] = [];
    const onPage: QueueRequest['onPage'] = ({ queued }, share) => {
      seen.push([bench.db.prepare('SELECT count(*) FROM jobs').pluck().get(), queued, share]);
    };
    expect(await queue(bench, { onPage })).toEqual({ scenes: 2_100, queued: 2_100, alreadyQueued: 0 });
    expect(seen).toEqual([
      [1_000, 1_000, 1_000 / 2_100],
      [2_000, 2_000, 2_000 / 2_100],
      [2_100, 2_100, 1],
    ]);
    expect(bench.stash.log.count()).toBe(3);
  });

  it('asks for scenes that were synced before as well, and those cost Plex no write (W-70)', async () => {
    const bench = await startBench();
    const [one, two] = [bench.scanned('one', { title: 'One' }), bench.scanned('two', { title: 'Two' })];
    await bench.sync(one, two);
    bench.stash.scenes.update(two, { title: 'Changed' });
    bench.plexRequests();
    expect(await queue(bench)).toMatchObject({ queued: 2 });
    expect(await bench.drain()).toMatchObject({ synced: 2, unchanged: 1 });
    expect(bench.item('two').title).toBe('Changed');
    expect(bench.plexRequests().filter((request) => !request.startsWith('GET'))).toHaveLength(1);
  });

  it('counts what waits already and leaves it as it is', async () => {
    const bench = await startBench();
    const ids = [1, 2, 3].map(() => bench.stash.scenes.add());
    bench.record(ids[1] ?? 0);
    const before = bench.db.prepare('SELECT * FROM jobs').all();
    expect(await queue(bench)).toEqual({ scenes: 3, queued: 2, alreadyQueued: 1 });
    expect(bench.db.prepare('SELECT * FROM jobs LIMIT 1').all()).toEqual(before);
    expect(await queue(bench)).toEqual({ scenes: 3, queued: 0, alreadyQueued: 3 });
  });

  it('keeps what is queued when Stash fails, and says why it ended (W-56)', async () => {
    const bench = await startBench();
    for (let index = 0; index < 1_500; index += 1) bench.stash.scenes.add();
    bench.stash.faults.add({ nth: 2, action: { status: 500 } });
    const figures = await queue(bench);
    expect(figures).toMatchObject({ scenes: 1_000, queued: 1_000, problem: expect.stringContaining('500') });
    expect(waiting(bench)).toHaveLength(1_000);
    expect(await queue(bench)).toEqual({ scenes: 1_500, queued: 500, alreadyQueued: 1_000 });
  });

  it('says so when the queue cannot be written', async () => {
    const bench = await startBench();
    bench.stash.scenes.add();
    bench.db.pragma('query_only = 1');
    await expect(queue(bench)).rejects.toMatchObject({ name: 'StorageError' });
  });
});

describe('queueing recent scenes', () => {
  it('means those that were added or changed since, and asks Stash for no others (W-65, W-70)', async () => {
    const bench = await startBench({ stash: { utcOffsetMinutes: 600 } });
    const { scenes } = bench.stash;
    const longAgo = scenes.stamp(-100 * HOUR_MS);
    const old = Array.from({ length: 5 }, () => scenes.add({ created_at: longAgo, updated_at: longAgo }));
    scenes.add({ created_at: scenes.stamp(-25 * HOUR_MS), updated_at: scenes.stamp(-25 * HOUR_MS) });
    const added = scenes.add();
    scenes.update(old[3] ?? 0, { title: 'Changed' });
    const changedSinceMs = bench.clock.now() - 24 * HOUR_MS;
    expect(await queue(bench, { changedSinceMs })).toEqual({ scenes: 2, queued: 2, alreadyQueued: 0 });
    expect(waiting(bench)).toEqual([old[3], added]);
  });
});
