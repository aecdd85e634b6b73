import { describe, expect, it } from 'vitest';
import type { PlexFile, PlexItem } from '../../src/plex/PlexItem.ts';
import { createPathMap } from '../../src/plex/pathMap.ts';
import { type FileMatch, rankByFile, type WantedFile } from '../../src/plex/rankByFile.ts';
import { plexItem } from '../support/samples.ts';

function item(ratingKey: string, ...files: (string | PlexFile)[]): PlexItem {
  return plexItem({
    ratingKey,
    title: `Item ${ratingKey}`,
    files: files.map((file) => (typeof file === 'string' ? { path: file } : file)),
  });
}

/** `match 7`, `ambiguous 7 8`, `none` or `otherFile`. */
function told(match: FileMatch): string {
  if (match.outcome === 'none' || match.outcome === 'otherFile') return match.outcome;
  const items = match.outcome === 'match' ? [match.item] : match.items;
  return [match.outcome, ...items.map(({ ratingKey }) => ratingKey)].join(' ');
}

const rank = (
  wanted: readonly WantedFile[],
  items: readonly PlexItem[],
  ...map: [plex: string, stash: string][]
) => rankByFile(wanted, items, createPathMap(map.map(([plex, stash]) => ({ plex, stash }))));

describe('rankByFile', () => {
  it('lets an equal path decide over any other agreement (W-01)', () => {
    const items = [item('1', '/mnt/clips/2021/a.mp4'), item('2', '/clips/2021/a.mp4'), item('3', '/x/a.mp4')];
    expect(told(rank([{ path: '/clips/2021/a.mp4' }], items))).toBe('match 2');
  });

  it('otherwise takes the longest agreeing end of the paths (W-01)', () => {
    const items = [
      item('1', '/p/2020/video.mp4'),
      item('2', '/p/2021/video.mp4'),
      item('3', '/p/x/video.mp4'),
    ];
    expect(told(rank([{ path: '/s/2021/video.mp4' }], items))).toBe('match 2');
  });

  it('is ambiguous when several fit equally well (W-01)', () => {
    const items = [item('1', '/p/a/video.mp4'), item('2', '/p/b/video.mp4')];
    expect(told(rank([{ path: '/s/c/video.mp4' }], items))).toBe('ambiguous 1 2');
  });

  it.each([
    [undefined, undefined, 'match 1'],
    [5, undefined, 'match 1'],
    [5, 5, 'match 1'],
    [5, 6, 'otherFile'],
  ])('trusts a bare name with sizes %s and %s as "%s" (W-01)', (wantedSize, size, expected) => {
    const wanted = { path: '/s/a/video.mp4', ...(wantedSize ? { sizeBytes: wantedSize } : {}) };
    const file = { path: '/p/b/video.mp4', ...(size ? { sizeBytes: size } : {}) };
    expect(told(rank([wanted], [item('1', file)]))).toBe(expected);
  });

  it('does not trust a folder name in common when the sizes contradict it (W-01)', () => {
    const wanted = [{ path: '/stash/Studio A/CD1/video.mp4', sizeBytes: 700 }];
    const other = item('1', { path: '/plex/Studio B/CD1/video.mp4', sizeBytes: 900 });
    expect(told(rank(wanted, [other]))).not.toBe('match 1');
  });

  it('lets the size decide between files that agree by bare name only (W-01)', () => {
    const items = [
      item('1', { path: '/p/a/video.mp4', sizeBytes: 5 }),
      item('2', { path: '/p/b/video.mp4', sizeBytes: 6 }),
    ];
    expect(told(rank([{ path: '/s/c/video.mp4', sizeBytes: 6 }], items))).toBe('match 2');
  });

  it('tries all files of a scene against all files of an item (W-07)', () => {
    const wanted = [{ path: '/s/gone.mp4' }, { path: '/s/clips/b.mp4' }];
    const items = [item('1', '/p/other.mp4'), item('2', '/p/clips/b-720p.mp4', '/p/clips/b.mp4')];
    expect(told(rank(wanted, items))).toBe('match 2');
  });

  it('prefers the item of the primary file when every file of the scene has one of its own (W-07)', () => {
    const wanted = [{ path: '/clips/main.mp4' }, { path: '/clips/copy.mp4' }];
    const items = [item('1', '/clips/copy.mp4'), item('2', '/clips/main.mp4')];
    expect(told(rank(wanted, items))).toBe('match 2');
  });

  it("finds a Windows server's file in any letter case and normal form (W-12, W-18)", () => {
    const items = [item('1', 'D:\\Clips\\Ame\u0301lie.MP4')];
    expect(told(rank([{ path: '/clips/am\u00e9lie.mp4' }], items))).toBe('match 1');
  });

  it.each([
    ['no items', []],
    ['items without files', [item('1')]],
    ['other names', [item('1', '/s/a.mkv'), item('2', '/s/aa.mp4'), item('3', '/s/A.mp4')]],
  ])('finds none among %s (W-13)', (_, items) => {
    expect(told(rank([{ path: '/s/a.mp4' }], items))).toBe('none');
    expect(told(rank([], items))).toBe('none');
  });
});

describe('the confidence of a match', () => {
  const sized = (path: string, sizeBytes?: number) => ({ path, ...(sizeBytes ? { sizeBytes } : {}) });
  it.each([
    ['an equal path', '/p/a/x.mp4', undefined, 'high'],
    ['a folder in common', '/q/a/x.mp4', undefined, 'high'],
    ['the name alone, of equal size', '/q/b/x.mp4', 5, 'high'],
    ['the name alone, nothing else being known', '/q/b/x.mp4', undefined, 'low'],
  ])('by %s is as it should be (W-01, 18.7)', (_, path, size, confidence) => {
    const match = rank([sized('/p/a/x.mp4', size)], [item('1', sized(path, size))]);
    expect(match).toMatchObject({ outcome: 'match', confidence });
  });

  it('of the first of several equals is low (W-01, 18.7)', () => {
    const match = rank([{ path: '/s/c/v.mp4' }], [item('1', '/p/a/v.mp4'), item('2', '/p/b/v.mp4')]);
    expect(match).toMatchObject({
      outcome: 'ambiguous',
      found: { confidence: 'low', item: { ratingKey: '1' } },
    });
  });
});

describe('with a path map', () => {
  const wanted = [{ path: '/data/films/x/v.mp4' }];

  it('an equal path after mapping decides over an equal path before (W-59)', () => {
    const items = [item('1', '/data/films/x/v.mp4'), item('2', '/media/x/v.mp4')];
    expect(told(rank(wanted, items, ['/media', '/data/films']))).toBe('match 2');
  });

  it('a file that it knows elsewhere is another one, unless the size says that it is the same (W-59, W-01)', () => {
    expect(told(rank(wanted, [item('1', '/media/y/v.mp4')], ['/media', '/data/films']))).toBe('otherFile');
    const same = { path: '/media/y/v.mp4', sizeBytes: 7 };
    const moved = rank(
      [{ path: '/data/films/x/v.mp4', sizeBytes: 7 }],
      [item('1', same)],
      ['/media', '/data/films'],
    );
    expect(told(moved)).toBe('match 1');
  });

  it('files that no entry covers are compared as ever (W-59)', () => {
    expect(told(rank(wanted, [item('1', '/other/x/v.mp4')], ['/media', '/data/films']))).toBe('match 1');
  });

  it('a Windows server and a POSIX Stash are one (W-18, W-58)', () => {
    const items = [item('1', 'D:\\Films\\X\\V.mp4'), item('2', 'D:\\Films\\Y\\V.mp4')];
    expect(told(rank(wanted, items, ['D:\\Films', '/data/films']))).toBe('match 1');
  });
});

describe('one file in several places', () => {
  const inSection = (ratingKey: string, sectionKey: string, path: string) => ({
    ...item(ratingKey, path),
    sectionKey,
  });

  it("is the first section's (W-06)", () => {
    const items = [inSection('8', '2', '/p/x/a.mp4'), inSection('7', '1', '/p/x/a.mp4')];
    expect(told(rank([{ path: '/p/x/a.mp4' }], items))).toBe('match 8');
    expect(told(rank([{ path: '/s/x/a.mp4' }], items))).toBe('match 8');
  });

  it("is nobody's when two items of one section have it (W-06)", () => {
    const items = [item('7', '/p/x/a.mp4'), item('8', '/p/x/a.mp4')];
    expect(told(rank([{ path: '/p/x/a.mp4' }], items))).toBe('ambiguous 7 8');
  });

  it('is not one file where the paths differ (W-06)', () => {
    const items = [inSection('7', '1', '/p/x/a.mp4'), inSection('8', '2', '/q/x/a.mp4')];
    expect(told(rank([{ path: '/s/x/a.mp4' }], items))).toBe('ambiguous 7 8');
  });
});
