import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findQueryLimit } from '../../src/plex/findQueryLimit.ts';

describe('findQueryLimit', () => {
  it('finds any limit closely, never above it, with few questions and only where length is to blame', async () => {
    const lengths = fc.integer({ min: 1, max: 8_000 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 0, max: 9_000 }), async (failed, limit) => {
        let asked = 0;
        const found = await findQueryLimit(failed, async (bytes) => {
          asked += 1;
          return bytes <= limit;
        });
        expect(asked).toBeLessThanOrEqual(9);
        if (failed <= limit || failed <= 500 || limit < 500) expect(found).toBeUndefined();
        else {
          expect(found).toBeLessThanOrEqual(limit);
          expect(found).toBeGreaterThan(limit - 129);
        }
      }),
    );
  });
});
