import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueTrigger, type Interval, isIntervalDue, isStartupDue } from '../../src/reconcile/dueTrigger.ts';
import { NEVER_RUN, type ReconciliationState } from '../../src/reconcile/ReconciliationState.ts';

const NOW = 1_800_000_000;
const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** The state after a run of every kind, so long ago. */
function ranAgo(secs: number, changes: Partial<ReconciliationState> = {}): ReconciliationState {
  const at = NOW - secs;
  return {
    ...NEVER_RUN,
    lastRunTime: at,
    lastIntervalTime: at,
    lastStartupTime: at,
    runCount: 1,
    ...changes,
  };
}

describe('isIntervalDue', () => {
  it.each<[Interval, number, boolean]>([
    ['never', 400 * DAY, false],
    ['hourly', 10 * MINUTE, false],
    ['hourly', 30 * MINUTE, false],
    ['hourly', 61 * MINUTE, true],
    ['daily', 23 * HOUR, false],
    ['daily', 25 * HOUR, true],
    ['weekly', 3 * DAY, false],
    ['weekly', 7 * DAY, true],
  ])('%s after %i s: %s (18.23)', (interval, agoSecs, expected) => {
    expect(isIntervalDue(ranAgo(agoSecs), interval, NOW)).toBe(expected);
  });

  it('is due when there was no run, unless the interval is never (18.23)', () => {
    expect(
      (['hourly', 'daily', 'weekly'] as const).map((interval) => isIntervalDue(NEVER_RUN, interval, NOW)),
    ).toEqual([true, true, true]);
    expect(isIntervalDue(NEVER_RUN, 'never', NOW)).toBe(false);
  });
});

describe('isStartupDue', () => {
  it('is due when nothing ran within the last hour (18.23)', () => {
    expect(isStartupDue(NEVER_RUN, NOW)).toBe(true);
    expect(isStartupDue(ranAgo(30 * MINUTE), NOW)).toBe(false);
    expect(isStartupDue(ranAgo(2 * HOUR), NOW)).toBe(true);
  });

  it('counts a run of any kind (18.23)', () => {
    const byHand = ranAgo(2 * HOUR, { lastRunTime: NOW - 10 * MINUTE });
    expect(isStartupDue(byHand, NOW)).toBe(false);
  });
});

describe('dueTrigger', () => {
  it('runs the configured scope when its interval has passed, whatever ran at start-ups meanwhile (W-52)', () => {
    const startedOften = ranAgo(26 * HOUR, {
      lastRunTime: NOW - 5 * MINUTE,
      lastStartupTime: NOW - 5 * MINUTE,
    });
    expect(dueTrigger(startedOften, 'daily', NOW)).toBe('interval');
  });

  it('looks at what is new at a start-up while the interval is not over (W-52)', () => {
    expect(dueTrigger(ranAgo(5 * HOUR), 'daily', NOW)).toBe('startup');
    expect(dueTrigger(ranAgo(5 * MINUTE), 'daily', NOW)).toBeUndefined();
  });

  it('lets one run be under way at a time, and believes no claim for longer than an hour (W-63)', () => {
    const claimed = (agoSecs: number) =>
      ranAgo(3 * DAY, { claimTime: NOW - agoSecs, claimTrigger: 'interval' });
    expect(dueTrigger(claimed(5 * MINUTE), 'daily', NOW)).toBeUndefined();
    expect(dueTrigger(claimed(HOUR), 'daily', NOW)).toBe('interval');
  });

  it('tries again minutes after a failure, and less often the longer it fails (W-63)', () => {
    const failedAgo = (agoSecs: number, failuresInRow: number) =>
      dueTrigger(ranAgo(2 * DAY, { failuresInRow, lastFailureTime: NOW - agoSecs }), 'daily', NOW);
    expect(failedAgo(4 * MINUTE, 1)).toBeUndefined();
    expect(failedAgo(5 * MINUTE, 1)).toBe('interval');
    expect(failedAgo(9 * MINUTE, 2)).toBeUndefined();
    expect(failedAgo(10 * MINUTE, 2)).toBe('interval');
    expect(failedAgo(59 * MINUTE, 50)).toBeUndefined();
    expect(failedAgo(HOUR, 50)).toBe('interval');
  });

  it('is never stuck by a clock that was set back (W25)', () => {
    const future = NOW + 400 * DAY;
    const time = fc.constantFrom(0, future);
    fc.assert(
      fc.property(
        time,
        time,
        fc.constantFrom('hourly', 'daily', 'weekly'),
        fc.nat(9),
        (run, claim, interval, failures) => {
          const state: ReconciliationState = {
            ...NEVER_RUN,
            lastRunTime: run,
            lastIntervalTime: run,
            lastStartupTime: run,
            claimTime: claim,
            failuresInRow: failures,
            lastFailureTime: future,
          };
          expect(dueTrigger(state, interval, NOW)).toBe('interval');
        },
      ),
    );
  });

  it('never runs when the interval is never (18.23)', () => {
    expect(dueTrigger(NEVER_RUN, 'never', NOW)).toBeUndefined();
    expect(dueTrigger(ranAgo(400 * DAY), 'never', NOW)).toBeUndefined();
  });
});
