import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStoredTime, textBelow } from '../../src/stash/storedTime.ts';
import { formatTimestamp } from '../support/stashDouble/formatTimestamp.ts';

describe('a time of Stash', () => {
  it.each<[string, number]>([
    ['2026-01-11T18:07:53+11:00', 660],
    ['2026-01-11T07:07:53Z', 0],
    ['2026-01-11T02:37:53-04:30', -270],
    ['2026-01-11T07:07:53.123456789Z', 0],
  ])('is an instant and the offset that it was written in: %s', (text, utcOffsetMinutes) => {
    const time = parseStoredTime(text);
    expect(time).toEqual({ atMs: expect.any(Number), utcOffsetMinutes });
    expect(Math.floor((time?.atMs ?? 0) / 1000) * 1000).toBe(Date.UTC(2026, 0, 11, 7, 7, 53));
  });

  it.each([null, '', '2026-01-11', '2026-01-11T07:07:53', '2026-13-41T07:07:53Z', '0001-01-01 00:00:00Z'])(
    'is nothing else: %s',
    (text) => {
      expect(parseStoredTime(text)).toBeUndefined();
    },
  );

  it('sorts above its text as the instants do, to the second, in whatever form it is stored', () => {
    const ms = fc.integer({ min: 0, max: 4e12 });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(ms, fc.integer({ min: -5_000, max: 5_000 }), offset, (atMs, apartMs, utcOffsetMinutes) => {
        const stored = formatTimestamp(Math.max(atMs + apartMs, 0), utcOffsetMinutes);
        const isLater = Math.floor(Math.max(atMs + apartMs, 0) / 1000) >= Math.floor(atMs / 1000);
        expect(stored > textBelow({ atMs, utcOffsetMinutes })).toBe(isLater);
        const fraction = stored.replace(/(:\d\d)(Z|[+-]\d\d:\d\d)$/, '$1.5$2');
        expect(fraction > textBelow({ atMs, utcOffsetMinutes })).toBe(isLater);
      }),
    );
  });
});
