import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/queue/activityLog.ts';
import { drainPace } from '../../src/tasks/drainPace.ts';

const NOW = 1_000 * HOUR_MS;
const span = (agoMs: number, synced: number, edits = 0, editsTookMs = 0) => ({
  beginsAtMs: NOW - agoMs,
  synced,
  failed: 0,
  edits,
  editsTookMs,
});
const paceOf = (minutes: ReturnType<typeof span>[], open = 0, hours: ReturnType<typeof span>[] = []) =>
  drainPace({ minutes, hours, open, nowMs: NOW });

describe('the pace of a drain', () => {
  it('is unknown while nothing was synced lately', () => {
    const nothing = { ratePerMinute: null, secsToEmpty: null, plexLatencyMs: null };
    expect(paceOf([], 7)).toEqual(nothing);
    expect(paceOf([span(MINUTE_MS, 0)], 7)).toEqual(nothing);
    expect(paceOf([span(11 * MINUTE_MS, 500)], 7)).toEqual(nothing);
  });

  it('is that of the minutes in which anything was synced, the present one as far as it went', () => {
    expect(paceOf([span(30_000, 50), span(90_000, 100)], 300)).toMatchObject({
      ratePerMinute: 100,
      secsToEmpty: 180,
    });
    expect(paceOf([span(30_000, 60), span(5 * MINUTE_MS, 60), span(6 * MINUTE_MS, 0)], 0)).toMatchObject({
      ratePerMinute: 80,
      secsToEmpty: 0,
    });
  });

  it('takes no moment for a rate', () => {
    expect(paceOf([span(0, 10)], 1).ratePerMinute).toBe(600);
  });

  it('has the mean of the latest edits, of earlier hours where there were none since', () => {
    const hours = [span(0, 0, 10, 900)];
    expect(paceOf([span(0, 1, 15, 150), span(MINUTE_MS, 1, 10, 350)], 0, hours).plexLatencyMs).toBe(20);
    expect(paceOf([span(0, 1, 20, 200), span(MINUTE_MS, 1, 10, 9_000)], 0, hours).plexLatencyMs).toBe(10);
    expect(paceOf([], 0, hours).plexLatencyMs).toBe(90);
  });

  it('needs longer for more scenes, never less than nothing, whatever happened', () => {
    const minutes = fc.array(
      fc.record({ agoMs: fc.integer({ min: 0, max: HOUR_MS }), synced: fc.nat(10_000) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(minutes, fc.nat(100_000), fc.nat(100_000), (happened, open, more) => {
        const spans = happened
          .map(({ agoMs, synced }) => span(agoMs, synced))
          .sort((left, right) => right.beginsAtMs - left.beginsAtMs);
        const [few, many] = [paceOf(spans, open), paceOf(spans, open + more)];
        expect(few.ratePerMinute).toBe(many.ratePerMinute);
        if (few.secsToEmpty === null || many.secsToEmpty === null) return;
        expect(few.secsToEmpty).toBeGreaterThanOrEqual(0);
        expect(many.secsToEmpty).toBeGreaterThanOrEqual(few.secsToEmpty);
      }),
    );
  });
});
