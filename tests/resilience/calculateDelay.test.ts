import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculateDelay } from '../../src/resilience/calculateDelay.ts';

const STANDARD = { baseSecs: 5, capSecs: 80 };

describe('calculateDelay', () => {
  it.each([
    [0, 5],
    [1, 10],
    [2, 20],
    [3, 40],
    [4, 80],
    [5, 80],
    [100, 80],
    [5000, 80],
  ])('spreads retry %d over the upper half of %d s (RT-1, W42)', (retryCount, upperSecs) => {
    expect(calculateDelay(retryCount, STANDARD, () => 0)).toBe(upperSecs / 2);
    expect(calculateDelay(retryCount, STANDARD, () => 1)).toBe(upperSecs);
  });

  it('stays within the bounds for every retry and grows with it (RT-1)', () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const backoff = fc.record({
      baseSecs: fc.integer({ min: 1, max: 60 }),
      capSecs: fc.integer({ min: 60 }),
    });
    fc.assert(
      fc.property(fc.nat(10_000), backoff, share, (retryCount, { baseSecs, capSecs }, random) => {
        const delay = calculateDelay(retryCount, { baseSecs, capSecs }, () => random);
        expect(delay).toBeGreaterThanOrEqual(baseSecs / 2);
        expect(delay).toBeLessThanOrEqual(capSecs);
        const next = calculateDelay(retryCount + 1, { baseSecs, capSecs }, () => random);
        expect(next).toBeGreaterThanOrEqual(delay);
      }),
    );
  });

  it.each([
    [0, 30],
    [1, 60],
    [2, 120],
    [3, 240],
    [4, 480],
    [5, 600],
    [10, 600],
  ])(
    'spreads retry %d for a file that Plex does not have yet within %d s (RT-2)',
    (retryCount, upperSecs) => {
      expect(calculateDelay(retryCount, { baseSecs: 30, capSecs: 600 }, () => 1)).toBe(upperSecs);
    },
  );

  it('is decided by the random number alone: the same one, the same delay (RT-1)', () => {
    const delay = (random: number) => calculateDelay(3, STANDARD, () => random);
    expect(delay(0.42)).toBe(delay(0.42));
    expect(delay(0.42)).not.toBe(delay(0.123));
  });

  it('gives Plex at least half an hour to find a new file, in eleven retries (W42)', () => {
    const delays = Array.from({ length: 11 }, (_, retry) => {
      return calculateDelay(retry, { baseSecs: 30, capSecs: 600 }, () => 0);
    });
    expect(delays.reduce((sum, secs) => sum + secs, 0)).toBeGreaterThan(30 * 60);
  });
});
