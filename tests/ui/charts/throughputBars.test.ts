import fc from 'fast-check';
import { expect, it } from 'vitest';
import { throughputBars, topOf } from '../../../src/ui/charts/throughputBars.ts';

const hours = fc.array(fc.record({ hourAtMs: fc.nat(), synced: fc.nat(50_000), failed: fc.nat(50_000) }), {
  minLength: 1,
  maxLength: 24,
});

it('stays within the chart, shows everything that happened, and nothing that did not', () => {
  fc.assert(
    fc.property(hours, (given) => {
      const bars = throughputBars(given, 480, 96);
      expect(bars).toHaveLength(given.length);
      for (const [index, { x, width, synced, failed }] of bars.entries()) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(480);
        expect(failed.y).toBeGreaterThanOrEqual(-0.001);
        expect(synced.y + synced.height).toBeCloseTo(96);
        expect(failed.y + failed.height).toBeCloseTo(synced.y);
        expect(synced.height > 0).toBe((given[index]?.synced ?? 0) > 0);
        expect(failed.height > 0).toBe((given[index]?.failed ?? 0) > 0);
      }
    }),
  );
});

it('has a scale that ends at a round number', () => {
  const top = (synced: number) => topOf([{ hourAtMs: 0, synced, failed: 0 }]);
  expect([0, 1, 3, 7, 11, 480, 1_000].map(top)).toEqual([1, 1, 5, 10, 20, 500, 1_000]);
  expect(topOf([])).toBe(1);
});
