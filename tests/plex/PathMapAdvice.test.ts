import { describe, expect, it } from 'vitest';
import { comparablePath, comparePaths } from '../../src/plex/filePath.ts';
import { AGREEING_SCENES, createPathMapAdvice } from '../../src/plex/PathMapAdvice.ts';
import { createPathMap } from '../../src/plex/pathMap.ts';

/** What three scenes with these two folders in common are told. */
function adviceOn(stashFolder: string, plexFolder: string, rest = '/x/v.mp4'): string | undefined {
  const advice = createPathMapAdvice();
  const told = Array.from({ length: AGREEING_SCENES }, (_, index) =>
    advice.observe(index, `${stashFolder}${rest}`, `${plexFolder}${rest}`),
  );
  return told.at(-1);
}

describe('advice on path_map', () => {
  it('comes with the third scene that calls for it, once (W-59)', () => {
    const advice = createPathMapAdvice();
    const told = [1, 2, 2, 3, 4, 5].map((id) =>
      advice.observe(id, `/data/films/f${id}/${id}.mkv`, `/media/films/f${id}/${id}.mkv`),
    );
    expect(told).toEqual([undefined, undefined, undefined, '/media=>/data', undefined, undefined]);
  });

  it.each([
    ['/data', '/media', '/media=>/data'],
    ['/mnt/stash/data', '/media', '/media=>/mnt/stash/data'],
    ['/data', 'D:\\Plex', 'D:\\Plex=>/data'],
    ['D:\\Stash', '\\\\nas\\plex', '\\\\nas\\plex=>D:\\Stash'],
    ['', '/media', '/media=>/'],
    ['/data', '', '/=>/data'],
  ])('for "%s" in Stash and "%s" in Plex is %s, and would do (W-59)', (stash, plex, entry) => {
    expect(adviceOn(stash, plex)).toBe(entry);
    const [from = '', to = ''] = entry.split('=>');
    const mapped = createPathMap([{ plex: from, stash: to }]).plexToStash(`${plex}/x/v.mp4`);
    const wanted = comparablePath(`${stash}/x/v.mp4`);
    expect(comparePaths(comparablePath(mapped ?? ''), wanted).whole).toBe(true);
  });

  it.each([
    ['equal paths', '/data', '/data', '/x/v.mp4'],
    ['the name alone in common', '/data', '/media', '/v.mp4'],
    ['a folder that cannot be entered', '/da;ta', '/media', '/x/v.mp4'],
    ['another one', '/data', '/me=>dia', '/x/v.mp4'],
  ])('does not come for %s (W-59)', (_, stash, plex, rest) => {
    expect(adviceOn(stash, plex, rest)).toBeUndefined();
  });

  it('does not come from scenes that call for different entries', () => {
    const advice = createPathMapAdvice();
    const told = Array.from({ length: 300 }, (_, id) =>
      advice.observe(id, `/s${id}/x/v.mp4`, `/p${id}/x/v.mp4`),
    );
    expect(told.every((entry) => entry === undefined)).toBe(true);
  });
});
