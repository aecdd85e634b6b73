import { describe, expect, it } from 'vitest';
import { openStore } from './openStore.ts';

/** A store where scenes were given up, each for a reason. */
function withGivenUp(...entries: (readonly [sceneId: number, type: string])[]) {
  const store = openStore();
  for (const [sceneId, type] of entries) {
    store.record(sceneId);
    store.jobs.bury(store.takeNext(), { type, message: `${type} of ${sceneId}` });
  }
  const waiting = () => store.jobs.peekDue(100).map(({ sceneId }) => sceneId);
  return { ...store, waiting };
}

describe('another try for dead letters', () => {
  it('queues every scene once and marks its entry, so that a second run finds nothing (W32)', () => {
    const { deadLetters, waiting } = withGivenUp([1, 'PlexNotFound'], [2, 'AmbiguousMatch']);
    expect(deadLetters.retryAll()).toEqual({ retried: 2, alreadyQueued: 0, withoutScene: 0 });
    expect(waiting()).toEqual([1, 2]);
    expect(deadLetters.count()).toBe(0);
    expect(deadLetters.retryAll()).toEqual({ retried: 0, alreadyQueued: 0, withoutScene: 0 });
    expect(waiting()).toEqual([1, 2]);
  });

  it('is limited to one class on demand, the unknown one included', () => {
    const { db, deadLetters, waiting } = withGivenUp([1, 'PlexNotFound'], [2, 'AmbiguousMatch']);
    db.prepare("INSERT INTO dead_letters (scene_id, failed_at) VALUES (3, datetime('now'))").run();
    expect(deadLetters.retryAll({ errorType: 'AmbiguousMatch' })).toMatchObject({ retried: 1 });
    expect(waiting()).toEqual([2]);
    expect(deadLetters.retryAll({ errorType: 'Unknown' })).toMatchObject({ retried: 1 });
    expect(waiting()).toEqual([2, 3]);
    expect(deadLetters.errorSummary()).toEqual({ PlexNotFound: 1 });
  });

  it('leaves alone what has a job already, and what names no scene', () => {
    const { db, deadLetters, record, waiting } = withGivenUp([1, 'PlexNotFound'], [2, 'PlexNotFound']);
    record(1);
    db.prepare("INSERT INTO dead_letters (error_type, failed_at) VALUES ('Old', datetime('now'))").run();
    expect(deadLetters.retryAll()).toEqual({ retried: 1, alreadyQueued: 1, withoutScene: 1 });
    expect(waiting()).toEqual([1, 2]);
    expect(deadLetters.errorSummary()).toEqual({ Old: 1, PlexNotFound: 1 });
  });

  it('happens as a whole or not at all (W5)', () => {
    const { db, deadLetters, waiting } = withGivenUp([1, 'PlexNotFound'], [2, 'PlexNotFound']);
    db.exec("CREATE TRIGGER refuse BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'disk'); END");
    expect(() => deadLetters.retryAll()).toThrow();
    expect(deadLetters.count()).toBe(2);
    expect(waiting()).toEqual([]);
  });

  it('that fails again makes the entry current again, with a higher count (W47)', () => {
    const { db, deadLetters, jobs, takeNext } = withGivenUp([1, 'PlexNotFound']);
    deadLetters.retryAll();
    jobs.bury(takeNext(), { type: 'AmbiguousMatch', message: 'Two.' });
    expect(deadLetters.errorSummary()).toEqual({ AmbiguousMatch: 1 });
    expect(db.prepare('SELECT failure_count FROM dead_letters').pluck().all()).toEqual([2]);
  });
});

describe('the entries of a class', () => {
  it('come newest first, bounded, without those that were recovered (DLQ-3)', () => {
    const { deadLetters } = withGivenUp([1, 'A'], [2, 'A'], [3, 'B'], [4, 'A']);
    expect(deadLetters.ofType('A', 2).map(({ sceneId }) => sceneId)).toEqual([4, 2]);
    deadLetters.retryAll({ errorType: 'A' });
    expect(deadLetters.ofType('A', 2)).toEqual([]);
    expect(deadLetters.ofType('B', 2)).toMatchObject([{ sceneId: 3, errorMessage: 'B of 3' }]);
  });
});
