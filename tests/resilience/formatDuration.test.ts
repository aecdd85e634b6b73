import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatElapsed } from '../../src/resilience/formatDuration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [-10, '0s'],
    [-0.5, '0s'],
    [0.9, '0s'],
    [5, '5s'],
    [59, '59s'],
    [60, '1m 0s'],
    [65, '1m 5s'],
    [125, '2m 5s'],
    [3_599.99, '59m 59s'],
    [3_600, '1h 0m'],
    [3_661, '1h 1m'],
    [7_325, '2h 2m'],
    [86_399, '23h 59m'],
    [86_400, '1d 0h'],
    [86_401, '1d 0h'],
    [90_000, '1d 1h'],
    [172_800, '2d 0h'],
    [40_000_000, '462d 23h'],
    [5.9, '5s'],
    [65.7, '1m 5s'],
    [Number.NaN, '0s'],
  ])('shows %d s as %s (OH-2)', (secs, text) => {
    expect(formatDuration(secs)).toBe(text);
  });

  it('never rounds up, and cuts off less than its smaller unit (OH-2)', () => {
    const unitSecs = { d: 86_400, h: 3_600, m: 60, s: 1 };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (secs) => {
        const parts = formatDuration(secs)
          .split(' ')
          .map((part) => ({
            amount: Number.parseInt(part, 10),
            unit: part.slice(-1) as 'd' | 'h' | 'm' | 's',
          }));
        const shown = parts.reduce((sum, { amount, unit }) => sum + amount * unitSecs[unit], 0);
        expect(shown).toBeLessThanOrEqual(secs);
        expect(secs - shown).toBeLessThan(unitSecs[parts.at(-1)?.unit ?? 's']);
      }),
    );
  });
});

describe('formatElapsed', () => {
  it.each([
    [65, '1m 5s ago'],
    [0, '0s ago'],
    [10, '10s ago'],
    [125, '2m 5s ago'],
    [3_661, '1h 1m ago'],
    [-3, '0s ago'],
  ])('shows %d s as %s (OH-2)', (secs, text) => {
    expect(formatElapsed(secs)).toBe(text);
  });
});
