import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outageMarks } from '../../../src/ui/charts/outageMarks.ts';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;

it('stays on the line, in the order of time, each wide enough to be seen', () => {
  const outage = fc.record({
    startedAtMs: fc.integer({ min: NOW - 400 * DAY, max: NOW }),
    endedAtMs: fc.option(fc.integer({ min: NOW - 400 * DAY, max: NOW })),
    scenesWaited: fc.constant(null),
  });
  fc.assert(
    fc.property(fc.array(outage, { maxLength: 30 }), (outages) => {
      const { marks, fromMs } = outageMarks(outages, NOW, 480);
      expect(fromMs).toBeLessThan(NOW);
      expect(marks).toHaveLength(outages.length);
      let last = 0;
      for (const { x, width } of marks) {
        expect(width).toBeGreaterThanOrEqual(3);
        expect(x).toBeGreaterThanOrEqual(last);
        expect(x + width).toBeLessThanOrEqual(480.001);
        last = x;
      }
    }),
  );
});

it('ends an outage that goes on at the right end', () => {
  const outages = [{ startedAtMs: NOW - DAY / 2, endedAtMs: null, scenesWaited: null }];
  const [mark] = outageMarks(outages, NOW, 480).marks;
  expect((mark?.x ?? 0) + (mark?.width ?? 0)).toBeCloseTo(480);
  expect(mark?.x).toBeCloseTo(240);
});
