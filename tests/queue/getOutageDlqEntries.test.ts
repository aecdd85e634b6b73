import { describe, expect, it } from 'vitest';
import { getOutageDlqEntries } from '../../src/queue/getOutageDlqEntries.ts';
import { openStore } from './openStore.ts';

const START_MS = Date.UTC(2026, 0, 11, 12);
const START = START_MS / 1000;
const ANY = ['PlexServerDown', 'PlexTemporaryError', 'PlexNotFound'];

/** A store where scene n was given up `second` seconds after the start with this class. */
function outage(...failures: [second: number, type: string][]) {
  const store = openStore();
  for (const [index, [second, type]] of failures.entries()) {
    store.clock.jump(START_MS + second * 1000 - store.clock.now());
    store.giveUp(index + 1, type, `failure ${index + 1}`);
  }
  const scenes = (start: number, end: number, types: readonly string[] = ANY) =>
    getOutageDlqEntries(store.db, start, end, types).map(({ sceneId }) => sceneId);
  return { ...store, scenes };
}

describe('getOutageDlqEntries', () => {
  it('finds nothing among no entries, outside the window or with another class (DR-2)', () => {
    expect(outage().scenes(START - 10, START + 10)).toEqual([]);
    const { scenes } = outage([-11, 'PlexServerDown'], [11, 'PlexServerDown'], [0, 'PlexPermanentError']);
    expect(scenes(START - 10, START + 10)).toEqual([]);
  });

  it('gives scene, class, message, time and job of an entry (DR-2)', () => {
    const { db } = outage([0, 'PlexServerDown']);
    expect(getOutageDlqEntries(db, START - 10, START + 10, ['PlexServerDown'])).toEqual([
      {
        id: expect.any(Number),
        sceneId: 1,
        errorType: 'PlexServerDown',
        errorMessage: 'failure 1',
        failedAt: '2026-01-11 12:00:00',
        job: { scene_id: 1, enqueued_at: START },
      },
    ]);
  });

  it('gives the oldest first, whatever the order in which they were recorded (DR-2)', () => {
    const { scenes } = outage([3, 'PlexServerDown'], [1, 'PlexServerDown'], [2, 'PlexServerDown']);
    expect(scenes(START, START + 10)).toEqual([2, 3, 1]);
  });

  it('gives the classes asked for, and nothing for none (DR-2)', () => {
    const { scenes } = outage([1, 'PlexServerDown'], [2, 'PlexTemporaryError'], [3, 'PlexNotFound']);
    expect(scenes(START, START + 10, ['PlexServerDown', 'PlexNotFound'])).toEqual([1, 3]);
    expect(scenes(START, START + 10, [])).toEqual([]);
    expect(scenes(START, START + 10, ["'; DROP TABLE dead_letters; --"])).toEqual([]);
  });

  it('includes both ends (DR-2)', () => {
    const { scenes } = outage([0, 'PlexServerDown'], [60, 'PlexServerDown']);
    expect(scenes(START, START + 60)).toEqual([1, 2]);
    expect(scenes(START + 1, START + 59)).toEqual([]);
  });

  it('loses no entry of a second in which the outage began or ended (DR-2)', () => {
    // What fails 900 ms after a second is stored with that second.
    const { scenes } = outage([0.9, 'PlexServerDown'], [60.2, 'PlexServerDown']);
    expect(scenes(START + 0.7, START + 60.3)).toEqual([1, 2]);
  });

  it('leaves out what was recovered already (W32)', () => {
    const { deadLetters, scenes } = outage([1, 'PlexServerDown'], [2, 'PlexServerDown']);
    const [first] = deadLetters.inWindow(START, START + 10, ANY);
    if (first) deadLetters.requeue(first.id);
    expect(scenes(START, START + 10)).toEqual([2]);
  });
});
