import { describe, expect, it } from 'vitest';
import { selectionOf } from '../../src/tasks/restoreArgs.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 12);
const HOUR_MS = 3_600_000;
const of = (args: Record<string, unknown>) => selectionOf(args, NOW_MS);

describe('which items a restore means', () => {
  it('is said by scenes, an item, a time, or all', () => {
    expect(of({ all: 'true' })).toEqual({});
    expect(of({ scene_id: '7', scene_ids: ' 8, 9 ,' })).toEqual({ sceneIds: [7, 8, 9] });
    expect(of({ scene_ids: 8 })).toEqual({ sceneIds: [8] });
    expect(of({ rating_key: '812' })).toEqual({ ratingKeys: ['812'] });
    expect(of({ rating_key: 812, scene_id: 7 })).toEqual({ ratingKeys: ['812'], sceneIds: [7] });
  });

  it('goes back by hours, by days, or to a date', () => {
    expect(of({ since: '24h' })).toEqual({ changedSinceMs: NOW_MS - 24 * HOUR_MS });
    expect(of({ since: '1.5 D' })).toEqual({ changedSinceMs: NOW_MS - 36 * HOUR_MS });
    expect(of({ since: '2026-01-30T10:00:00Z' })).toEqual({ changedSinceMs: Date.UTC(2026, 0, 30, 10) });
    expect(of({ since: '2026-01-30' })).toEqual({ changedSinceMs: new Date(2026, 0, 30).getTime() });
  });

  it.each([
    [{}, /Say which Plex items are meant/],
    [{ all: 'false', apply: 'true' }, /Say which Plex items are meant/],
    [{ scene_ids: '7,x' }, /"scene_ids" must be the number of a scene.*not "x"/],
    [{ rating_key: '8/1' }, /"rating_key" must be the number of a Plex item, not "8\/1"/],
    [{ since: 'yesterday' }, /"since" must be a span such as 24h or 7d.*not "yesterday"/],
    [{ since: '2027-01-01' }, /a date in the past/],
    [{ all: 'yes' }, /"all" must be "false" or "true"/],
  ])('is asked for in one sentence where %j does not say it', (args, sentence) => {
    expect(() => of(args)).toThrow(sentence);
  });
});
