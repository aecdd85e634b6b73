import { describe, expect, it } from 'vitest';
import { beginOf, HOUR_MS, MAX_EVENTS, MINUTE_MS, type SceneEvent } from '../../src/queue/activityLog.ts';
import { readActivity } from '../../src/queue/readActivity.ts';
import { openStore, type Store } from './openStore.ts';

const EMPTY = { synced: 0, failed: 0, edits: 0, editsTookMs: 0 };

function eventsOf({ clock }: Store, count: number): SceneEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: clock.now() + index,
    sceneId: index + 1,
    outcome: 'written' as const,
    text: `Film ${index + 1}`,
  }));
}

const read = ({ db, clock }: Store, limit = 20) => readActivity(db, { limit, hours: 24, nowMs: clock.now() });
const written = ({ db }: Store) => db.prepare('SELECT total_changes()').pluck().get() as number;
const count = ({ db }: Store, table: string) =>
  db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;

describe('the log of what became of scenes', () => {
  it('gives the newest events first, whole texts of a bearable length', () => {
    const store = openStore();
    store.jobs.activity.add({ events: eventsOf(store, 3), minutes: [] }, store.clock.now());
    const long = { atMs: 1, sceneId: 9, outcome: 'failed' as const, text: 'm'.repeat(5_000) };
    store.jobs.activity.add({ events: [long], minutes: [] }, store.clock.now());
    const { events } = read(store, 2);
    expect(events.map(({ sceneId, text }) => [sceneId, text.length])).toEqual([
      [9, 300],
      [3, 6],
    ]);
  });

  it('never holds more than its ring has places for, however many come, and writes no more than those', () => {
    const store = openStore();
    for (const round of [1, 2, 3]) {
      const before = written(store);
      store.jobs.activity.add({ events: eventsOf(store, 5_000), minutes: [] }, store.clock.now());
      // Each place once, and from the second round on what was there goes.
      expect(written(store) - before, `round ${round}`).toBe(round === 1 ? MAX_EVENTS : 2 * MAX_EVENTS);
      expect(count(store, 'recent_events')).toBe(MAX_EVENTS);
    }
    expect(read(store).events[0]?.sceneId).toBe(5_000);
    store.jobs.activity.add({ events: eventsOf(store, 1), minutes: [] }, store.clock.now());
    expect(count(store, 'recent_events')).toBe(MAX_EVENTS);
  });

  it('adds up minutes and hours, one row each', () => {
    const store = openStore();
    const minute = beginOf(store.clock.now(), MINUTE_MS);
    for (const synced of [2, 3]) {
      const spans = [{ ...EMPTY, beginsAtMs: minute, synced, failed: 1, edits: 2, editsTookMs: 10.5 }];
      store.jobs.activity.add({ events: [], minutes: spans }, store.clock.now());
    }
    const sum = { synced: 5, failed: 2, edits: 4, editsTookMs: 21 };
    expect(read(store)).toMatchObject({
      minutes: [{ ...sum, beginsAtMs: minute }],
      hours: [{ ...sum, beginsAtMs: beginOf(minute, HOUR_MS) }],
    });
    expect(count(store, 'throughput')).toBe(2);
  });

  it('keeps an hour of minutes and 35 days of hours, and nothing of the future', () => {
    const store = openStore();
    const { clock, jobs } = store;
    for (let hour = 0; hour < 40 * 24; hour += 1) {
      const minutes = [{ ...EMPTY, beginsAtMs: beginOf(clock.now(), MINUTE_MS), synced: 1 }];
      jobs.activity.add({ events: [], minutes }, clock.now());
      clock.advance(HOUR_MS);
    }
    const rows = () => count(store, 'throughput');
    expect(rows()).toBeLessThanOrEqual(35 * 24 + 1 + 2);
    expect(rows()).toBeGreaterThan(35 * 24 - 2);
    // The clock was set back by a year (W25).
    clock.jump(-365 * 24 * HOUR_MS);
    jobs.activity.add({ events: [], minutes: [] }, clock.now());
    expect(rows()).toBe(0);
  });
});
