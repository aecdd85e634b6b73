import { describe, expect, it } from 'vitest';
import {
  createRecoveryRateLimiter,
  type RecoveryRateLimiter,
  type RecoveryRateLimiterOptions,
} from '../../src/resilience/RecoveryRateLimiter.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';

/** Start of the period; a monotonic clock may begin anywhere, also at 0. */
const START = 0;

function started(options?: RecoveryRateLimiterOptions): RecoveryRateLimiter {
  const limiter = createRecoveryRateLimiter(options);
  limiter.start(START);
  return limiter;
}

/** Feeds results at `now`, successes first. */
function feed(limiter: RecoveryRateLimiter, now: number, { failed = 0, succeeded = 0 }): void {
  for (let n = 0; n < succeeded; n += 1) limiter.recordResult(true, now);
  for (let n = 0; n < failed; n += 1) limiter.recordResult(false, now);
}

describe('RecoveryRateLimiter: rate', () => {
  it.each([
    [0, 5],
    [60, 8],
    [150, 12.5],
    [240, 17],
    [300, 20],
    [500, 20],
  ])('climbs: after %d s to %d jobs/s (RL-1)', (now, rate) => {
    expect(started().rate(now)).toBeCloseTo(rate, 9);
  });

  it.each([
    [0, 2],
    [300, 26],
    [600, 50],
  ])('climbs as it is told: after %d s to %d jobs/s (RL-1)', (now, rate) => {
    expect(started({ initialRate: 2, targetRate: 50, rampSecs: 600 }).rate(now)).toBeCloseTo(rate, 9);
  });

  it('is the target rate without a period (RL-1)', () => {
    expect(createRecoveryRateLimiter().rate(0)).toBe(20);
  });
});

describe('RecoveryRateLimiter: period', () => {
  it.each([
    [0, true],
    [150, true],
    [299.9, true],
    [300, false],
    [500, false],
  ])('lasts for the ramp: %d s in, %s (RL-2)', (now, isInPeriod) => {
    expect(createRecoveryRateLimiter().isInPeriod(now)).toBe(false);
    expect(started().isInPeriod(now)).toBe(isInPeriod);
  });

  it('ends when it is told to (RL-2)', () => {
    const limiter = started();
    limiter.end();
    expect(limiter.isInPeriod(1)).toBe(false);
    expect(limiter.rate(1)).toBe(20);
    expect(limiter.wait(1)).toBe(0);
  });

  it('takes a period over that began elsewhere (RL-2, RL-7)', () => {
    const limiter = createRecoveryRateLimiter();
    limiter.resume(100, 7_000);
    expect(limiter.rate(7_000)).toBeCloseTo(10, 9);
    expect(limiter.isInPeriod(7_199)).toBe(true);
    expect(limiter.isInPeriod(7_200)).toBe(false);
  });

  it('runs at full speed when the period it takes over has passed (RL-7)', () => {
    const { log, lines } = recordingLog();
    const limiter = createRecoveryRateLimiter({ log });
    limiter.resume(301, 50);
    expect(limiter.isInPeriod(50)).toBe(false);
    expect(limiter.wait(50)).toBe(0);
    expect(limiter.wait(50)).toBe(0);
    expect(lines).toEqual([]);
  });

  it('is not running at first, where nobody waits (RL-7)', () => {
    const limiter = createRecoveryRateLimiter();
    expect(limiter.isInPeriod(0)).toBe(false);
    for (let n = 0; n < 50; n += 1) expect(limiter.wait(0)).toBe(0);
  });

  it('says when it starts, is taken over and ends, once each', () => {
    const { log, lines } = recordingLog();
    const limiter = createRecoveryRateLimiter({ log });
    limiter.end();
    limiter.start(0);
    limiter.resume(60, 500);
    limiter.end();
    limiter.end();
    expect(lines.map(({ level }) => level)).toEqual(['info', 'info', 'info']);
    expect(lines[0]?.text).toContain('started: 5.0 jobs/s, rising to 20.0 jobs/s');
    expect(lines[1]?.text).toContain('resumed after 60 s: 8.0 jobs/s');
    expect(lines[2]?.text).toContain('over');
  });

  it('does not end early when the wall clock is set forward, nor late when it is set back (W25)', () => {
    const clock = new FakeClock();
    const nowSecs = () => clock.monotonic() / 1000;
    const limiter = createRecoveryRateLimiter();
    limiter.start(nowSecs());
    clock.advance(60_000);
    clock.jump(3_600_000);
    expect(limiter.isInPeriod(nowSecs())).toBe(true);
    expect(limiter.rate(nowSecs())).toBeCloseTo(8, 9);
    clock.jump(-7_200_000);
    clock.advance(240_000);
    expect(limiter.isInPeriod(nowSecs())).toBe(false);
  });
});

describe('RecoveryRateLimiter: waiting', () => {
  it('lets one job run at once and the next one when its token is there (RL-3)', () => {
    const limiter = started();
    expect(limiter.wait(0)).toBe(0);
    const waitSecs = limiter.wait(0);
    expect(waitSecs).toBeCloseTo(0.2, 2);
    expect(limiter.wait(waitSecs)).toBe(0);
    expect(limiter.wait(waitSecs)).toBeGreaterThan(0);
  });

  it('makes jobs wait less at a higher rate, and not at all after the ramp (RL-3)', () => {
    const limiter = started();
    limiter.wait(0);
    const early = limiter.wait(0);
    limiter.wait(200);
    const late = limiter.wait(200);
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThan(early);
    expect(limiter.wait(300)).toBe(0);
    expect(limiter.wait(300)).toBe(0);
  });

  it('saves up no more tokens than its capacity, however long nobody asks (RL-3)', () => {
    const limiter = started({ capacity: 3 });
    const granted = (now: number) => {
      let jobs = 0;
      while (jobs < 100 && limiter.wait(now) === 0) jobs += 1;
      return jobs;
    };
    expect(granted(0)).toBe(3);
    expect(granted(100)).toBe(3);
  });

  it('never lets more jobs run than the ramp allows, nor noticeably fewer (RL-3)', () => {
    const limiter = started();
    let now = 0;
    let jobs = 0;
    while (now < 60 && jobs < 1_000) {
      const waitSecs = limiter.wait(now);
      if (waitSecs === 0) jobs += 1;
      now += waitSecs;
    }
    // 5 to 8 jobs/s over a minute.
    expect(jobs).toBeGreaterThan(385);
    expect(jobs).toBeLessThanOrEqual(391);
  });

  it('grants a token exactly when it has been waited for, whatever the time of day (RL-3)', () => {
    for (let begin = 0; begin < 1_000_000; begin += 9_973.37) {
      const limiter = createRecoveryRateLimiter({ initialRate: 7, targetRate: 7 });
      limiter.start(begin);
      limiter.wait(begin);
      expect(limiter.wait(begin + limiter.wait(begin))).toBe(0);
    }
  });
});

describe('RecoveryRateLimiter: errors', () => {
  it.each([
    [{ succeeded: 1 }, 0],
    [{ failed: 1 }, 1],
    [{ failed: 2, succeeded: 3 }, 0.4],
    [{ failed: 1, succeeded: 4 }, 0.2],
    [{}, 0],
  ])('of %o makes a share of %d (RL-4)', (results, share) => {
    const limiter = started();
    feed(limiter, 10, results);
    expect(limiter.errorShare(10)).toBe(share);
  });

  it('count as long as they are in the window (RL-4)', () => {
    const limiter = started();
    feed(limiter, 0, { failed: 3 });
    feed(limiter, 50, { succeeded: 1 });
    expect(limiter.errorShare(60)).toBe(0.75);
    expect(limiter.errorShare(60.001)).toBe(0);
    expect(limiter.errorShare(200)).toBe(0);
  });

  it('halve the rate above the error threshold (RL-5)', () => {
    const limiter = started();
    feed(limiter, 10, { succeeded: 7, failed: 3 });
    expect(limiter.rate(10)).toBeCloseTo(started().rate(10), 9);
    feed(limiter, 10, { failed: 1 });
    expect(limiter.rate(10)).toBeCloseTo(started().rate(10) / 2, 9);
    feed(limiter, 11, { failed: 20 });
    expect(limiter.rate(11)).toBeCloseTo(started().rate(11) / 2, 9);
  });

  it('keep it halved for a minute at least, and until jobs succeed again (RL-5)', () => {
    const { log, lines } = recordingLog();
    const limiter = started({ errorWindowSecs: 10, log });
    feed(limiter, 10, { failed: 5 });
    feed(limiter, 69.9, { succeeded: 20 });
    expect(limiter.rate(69.9)).toBeCloseTo(started().rate(69.9) / 2, 9);
    feed(limiter, 100, { failed: 2 });
    feed(limiter, 100, { succeeded: 18 });
    expect(limiter.rate(100)).toBeCloseTo(started().rate(100) / 2, 9);
    feed(limiter, 111, { succeeded: 20 });
    expect(limiter.rate(111)).toBeCloseTo(started().rate(111), 9);
    expect(lines.slice(1).map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('make jobs wait longer (RL-5)', () => {
    const limiter = started();
    limiter.wait(0);
    const before = limiter.wait(0);
    feed(limiter, 0, { failed: 5 });
    expect(limiter.wait(0)).toBeCloseTo(before * 2, 9);
  });

  it('change nothing outside of a period (RL-5)', () => {
    const { log, lines } = recordingLog();
    const limiter = createRecoveryRateLimiter({ log });
    feed(limiter, 0, { failed: 50 });
    expect(limiter.rate(0)).toBe(20);
    expect(lines).toEqual([]);
  });

  it('do not halve the rate before there are five results (W36)', () => {
    const limiter = started();
    feed(limiter, 1, { failed: 4 });
    expect(limiter.rate(1)).toBeCloseTo(started().rate(1), 9);
    feed(limiter, 1, { failed: 1 });
    expect(limiter.rate(1)).toBeCloseTo(started().rate(1) / 2, 9);
  });

  it('count among five results of the window, not among older ones (W36)', () => {
    const limiter = started();
    feed(limiter, 0, { succeeded: 4 });
    feed(limiter, 100, { failed: 1 });
    expect(limiter.rate(100)).toBeCloseTo(started().rate(100), 9);
  });

  it('are remembered in bounded number, the newest ones', () => {
    const limiter = started();
    feed(limiter, 1, { failed: 20_000 });
    feed(limiter, 2, { succeeded: 1_000 });
    expect(limiter.errorShare(2)).toBe(0);
  });
});

describe('RecoveryRateLimiter: starting anew', () => {
  it('begins the ramp again, without the results so far (RL-6)', () => {
    const limiter = started();
    feed(limiter, 190, { failed: 10 });
    limiter.start(200);
    expect(limiter.rate(200)).toBe(5);
    expect(limiter.errorShare(200)).toBe(0);
    expect(limiter.wait(200)).toBe(0);
    expect(limiter.isInPeriod(499)).toBe(true);
    expect(limiter.isInPeriod(500)).toBe(false);
  });

  it.each([
    [{ initialRate: 0 }, 'initialRate must be above 0, not 0.'],
    [{ targetRate: -1 }, 'targetRate must be above 0, not -1.'],
    [{ rampSecs: Number.NaN }, 'rampSecs must be above 0, not NaN.'],
    [{ errorWindowSecs: 0 }, 'errorWindowSecs must be above 0, not 0.'],
    [{ capacity: 0.5 }, 'capacity must be at least 1, not 0.5.'],
  ])('refuses %o', (options, message) => {
    expect(() => createRecoveryRateLimiter(options)).toThrow(new RangeError(message));
  });
});
