import { describe, expect, it } from 'vitest';
import { probeDelaySecs } from '../../src/resilience/probePace.ts';

const ALMOST_ONE = 1 - Number.EPSILON;

describe('probeDelaySecs', () => {
  it.each([
    [0, 5],
    [1, 10],
    [4, 60],
    [10, 60],
  ])('is after %d failures at most %d s (WK-12)', (failures, upperSecs) => {
    expect(probeDelaySecs(failures, () => ALMOST_ONE)).toBeCloseTo(upperSecs, 9);
    for (const random of [0, 0.3, 0.999]) {
      expect(probeDelaySecs(failures, () => random)).toBeLessThanOrEqual(upperSecs);
    }
  });

  it('is back at exactly 5 s after a success (WK-12)', () => {
    expect([0, 0.5, ALMOST_ONE].map((random) => probeDelaySecs(0, () => random))).toEqual([5, 5, 5]);
  });

  it.each([
    [0, 5],
    [1, 5],
    [2, 10],
    [3, 20],
    [4, 30],
    [1_000, 30],
  ])('is after %d failures at least %d s, never a probe at once (W42)', (failures, lowerSecs) => {
    expect(probeDelaySecs(failures, () => 0)).toBe(lowerSecs);
  });
});
