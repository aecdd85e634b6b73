import { describe, expect, it } from 'vitest';
import { createActivity } from '../../src/drain/Activity.ts';
import { timingEdits } from '../../src/drain/timingEdits.ts';
import type { PlexClient } from '../../src/plex/PlexClient.ts';
import { type ActivityEntry, MAX_EVENTS } from '../../src/queue/activityLog.ts';
import { MAX_HAND_OUTS, NEVER_ENDED } from '../../src/queue/JobStore.ts';
import { readActivity } from '../../src/queue/readActivity.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { type Bench, startBench } from '../support/startBench.ts';

const seen = ({ db, clock }: Bench) => readActivity(db, { limit: 50, hours: 24, nowMs: clock.now() });
const events = (bench: Bench) =>
  seen(bench).events.map(({ sceneId, outcome, text }) => ({ sceneId, outcome, text }));

describe('what a drain tells of its doings', () => {
  it('names each scene with what was written of it, in what is right already only the title', async () => {
    const bench = await startBench();
    const id = bench.scanned('one', { title: 'The Film' });
    await bench.sync(id);
    await bench.sync(id);
    expect(events(bench)).toEqual([
      { sceneId: id, outcome: 'unchanged', text: 'The Film' },
      { sceneId: id, outcome: 'written', text: 'The Film (title and summary)' },
    ]);
    expect(seen(bench)).toMatchObject({ hours: [{ synced: 2, failed: 0, edits: 1 }] });
  });

  it('hides titles where paths are hidden', async () => {
    const bench = await startBench({ settings: { obfuscate_paths: true } });
    await bench.sync(bench.scanned('one', { title: 'The Film' }));
    expect(events(bench)).toEqual([expect.objectContaining({ text: expect.stringMatching(/^[a-z]+ \(/) })]);
  });

  it('tells of another try, of giving up, and of scenes with nothing to sync, with the reason', async () => {
    const bench = await startBench({ settings: { max_retries: 2 } });
    const refused = bench.scanned('refused');
    const other = bench.scanned('other');
    const gone = bench.stash.scenes.add({ files: ['/data/films/gone.mkv'], details: 'D' });
    await bench.sync(other);
    const key = bench.item('refused').ratingKey;
    bench.plex.faults.add({
      match: (request) => request.method === 'PUT' && request.parameter('id') === key,
      action: { kind: 'status', status: 500 },
    });
    bench.stash.scenes.destroy(gone);
    bench.record(refused, gone);
    await bench.drainAll();
    const told = events(bench);
    expect(told).toContainEqual({
      sceneId: gone,
      outcome: 'skipped',
      text: 'Stash has no such scene any more',
    });
    const ends = told.filter(({ sceneId }) => sceneId === refused);
    expect(ends.map(({ outcome }) => outcome).sort()).toEqual(expect.arrayContaining(['failed', 'retry']));
    expect(ends[0]?.outcome).toBe('failed');
    expect(ends[0]?.text).toContain('500');
    expect(seen(bench).hours).toMatchObject([{ synced: 1, failed: 1 }]);
  });

  it('tells of scenes that no process has survived', async () => {
    const bench = await startBench();
    const id = bench.scanned('deadly');
    bench.record(id);
    bench.db
      .prepare("UPDATE jobs SET state = 'running', lease_owner = 'dead', attempts = ?")
      .run(MAX_HAND_OUTS);
    await bench.drain();
    expect(bench.givenUp()).toMatchObject([{ sceneId: id, type: 'ProcessKilled' }]);
    expect(events(bench)).toEqual([{ sceneId: id, outcome: 'failed', text: NEVER_ENDED }]);
    expect(seen(bench).hours).toMatchObject([{ failed: 1 }]);
  });

  it('stores once for a hundred scenes of a moment and once at the end, whatever their number', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 100 }, (_, index) => bench.scanned(`Film ${index}`));
    let stored = 0;
    const { activity } = bench.jobs;
    const { add } = activity;
    activity.add = (entry: ActivityEntry, nowMs: number) => {
      stored += 1;
      add(entry, nowMs);
    };
    expect(await bench.sync(...ids)).toMatchObject({ synced: 100 });
    expect(stored).toBe(2);
    expect(seen(bench).hours).toMatchObject([{ synced: 100 }]);
  });

  it('changes nothing about a job when it cannot be stored', async () => {
    const bench = await startBench();
    bench.db.exec('DROP TABLE recent_events');
    const id = bench.scanned('one', { title: 'The Film' });
    expect(await bench.sync(id)).toMatchObject({ synced: 1 });
    expect(bench.item('one').title).toBe('The Film');
    expect(bench.job(id)).toBeUndefined();
    expect(bench.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
});

describe('the collector', () => {
  it('keeps what could not be stored for the next time, within bounds', () => {
    const clock = new FakeClock();
    const kept: ActivityEntry[] = [];
    let isFull = true;
    const store = {
      add(entry: ActivityEntry) {
        if (isFull) throw new Error('disk full');
        kept.push(entry);
      },
    };
    const activity = createActivity({ store, clock, log: recordingLog().log });
    for (let sceneId = 1; sceneId <= 10_000; sceneId += 1) {
      activity.ended({ sceneId, outcome: 'written', text: '' });
      clock.advance(1_000);
    }
    isFull = false;
    activity.save();
    activity.save();
    expect(kept).toHaveLength(1);
    expect(kept[0]?.events.length).toBeLessThanOrEqual(2 * MAX_EVENTS);
    expect(kept[0]?.events.at(-1)?.sceneId).toBe(10_000);
    expect(kept[0]?.minutes).toHaveLength(60);
  });
});

describe('timing edits', () => {
  it('counts what Plex took, for as long as it took, and no refusal', async () => {
    const clock = new FakeClock();
    const took: number[] = [];
    let isRefused = false;
    const plex = {
      async edit() {
        clock.advance(isRefused ? 1 : 40);
        if (isRefused) throw new Error('refused');
      },
    };
    const timed = timingEdits(plex as unknown as PlexClient, clock, (tookMs) => took.push(tookMs));
    await timed.edit('1', '2', []);
    isRefused = true;
    await expect(timed.edit('1', '2', [])).rejects.toThrow('refused');
    expect(took).toEqual([40]);
  });
});
