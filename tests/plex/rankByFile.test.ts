import { describe, expect, it } from 'vitest';
import type { PlexFile, PlexItem } from '../../src/plex/PlexItem.ts';
import { type FileMatch, holdsFile, rankByFile } from '../../src/plex/rankByFile.ts';
import { plexItem } from '../support/samples.ts';

function item(ratingKey: string, ...files: (string | PlexFile)[]): PlexItem {
  return plexItem({
    ratingKey,
    title: `Item ${ratingKey}`,
    files: files.map((file) => (typeof file === 'string' ? { path: file } : file)),
  });
}

/** `match 7`, `ambiguous 7 8` or `none`. */
function told(match: FileMatch): string {
  if (match.outcome === 'none' || match.outcome === 'otherSize') return match.outcome;
  const items = match.outcome === 'match' ? [match.item] : match.items;
  return [match.outcome, ...items.map(({ ratingKey }) => ratingKey)].join(' ');
}

describe('rankByFile', () => {
  it('lets an equal path decide over any other agreement (W-01)', () => {
    const items = [item('1', '/mnt/clips/2021/a.mp4'), item('2', '/clips/2021/a.mp4'), item('3', '/x/a.mp4')];
    expect(told(rankByFile([{ path: '/clips/2021/a.mp4' }], items))).toBe('match 2');
  });

  it('otherwise takes the longest agreeing end of the paths (W-01)', () => {
    const items = [
      item('1', '/p/2020/video.mp4'),
      item('2', '/p/2021/video.mp4'),
      item('3', '/p/x/video.mp4'),
    ];
    expect(told(rankByFile([{ path: '/s/2021/video.mp4' }], items))).toBe('match 2');
  });

  it('is ambiguous when several fit equally well (W-01)', () => {
    const items = [item('1', '/p/a/video.mp4'), item('2', '/p/b/video.mp4')];
    expect(told(rankByFile([{ path: '/s/c/video.mp4' }], items))).toBe('ambiguous 1 2');
  });

  it.each([
    [undefined, undefined, 'match 1'],
    [5, undefined, 'match 1'],
    [5, 5, 'match 1'],
    [5, 6, 'otherSize'],
  ])('trusts a bare name with sizes %s and %s as "%s" (W-01)', (wantedSize, size, expected) => {
    const wanted = { path: '/s/a/video.mp4', ...(wantedSize ? { sizeBytes: wantedSize } : {}) };
    const file = { path: '/p/b/video.mp4', ...(size ? { sizeBytes: size } : {}) };
    expect(told(rankByFile([wanted], [item('1', file)]))).toBe(expected);
  });

  it('does not trust a folder name in common when the sizes contradict it (W-01)', () => {
    const wanted = [{ path: '/stash/Studio A/CD1/video.mp4', sizeBytes: 700 }];
    const other = item('1', { path: '/plex/Studio B/CD1/video.mp4', sizeBytes: 900 });
    expect(told(rankByFile(wanted, [other]))).not.toBe('match 1');
  });

  it('lets the size decide between files that agree by bare name only (W-01)', () => {
    const items = [
      item('1', { path: '/p/a/video.mp4', sizeBytes: 5 }),
      item('2', { path: '/p/b/video.mp4', sizeBytes: 6 }),
    ];
    expect(told(rankByFile([{ path: '/s/c/video.mp4', sizeBytes: 6 }], items))).toBe('match 2');
  });

  it('tries all files of a scene against all files of an item (W-07)', () => {
    const wanted = [{ path: '/s/gone.mp4' }, { path: '/s/clips/b.mp4' }];
    const items = [item('1', '/p/other.mp4'), item('2', '/p/clips/b-720p.mp4', '/p/clips/b.mp4')];
    expect(told(rankByFile(wanted, items))).toBe('match 2');
  });

  it('prefers the item of the primary file when every file of the scene has one of its own (W-07)', () => {
    const wanted = [{ path: '/clips/main.mp4' }, { path: '/clips/copy.mp4' }];
    const items = [item('1', '/clips/copy.mp4'), item('2', '/clips/main.mp4')];
    expect(told(rankByFile(wanted, items))).toBe('match 2');
  });

  it("finds a Windows server's file in any letter case and normal form (W-12, W-18)", () => {
    const items = [item('1', 'D:\\Clips\\Ame\u0301lie.MP4')];
    expect(told(rankByFile([{ path: '/clips/am\u00e9lie.mp4' }], items))).toBe('match 1');
  });

  it.each([
    ['no items', []],
    ['items without files', [item('1')]],
    ['other names', [item('1', '/s/a.mkv'), item('2', '/s/aa.mp4'), item('3', '/s/A.mp4')]],
  ])('finds none among %s (W-13)', (_, items) => {
    expect(told(rankByFile([{ path: '/s/a.mp4' }], items))).toBe('none');
    expect(told(rankByFile([], items))).toBe('none');
  });
});

describe('holdsFile', () => {
  it('recognises the file under another mount, and no other name (W-05)', () => {
    expect(holdsFile([{ path: '/s/a.mp4' }], item('1', '/p/a.mp4'))).toBe(true);
    expect(holdsFile([{ path: '/s/a.mp4' }], item('1', '/p/b.mp4'))).toBe(false);
  });

  it('does not take a file of the same name and another size for it (W-05)', () => {
    const reused = item('1', { path: '/p/y/video.mp4', sizeBytes: 6 });
    expect(holdsFile([{ path: '/s/x/video.mp4', sizeBytes: 5 }], reused)).toBe(false);
  });

  it('still recognises a file that was replaced in its place (W-05)', () => {
    const replaced = item('1', { path: '/clips/x/video.mp4', sizeBytes: 6 });
    expect(holdsFile([{ path: '/clips/x/video.mp4', sizeBytes: 5 }], replaced)).toBe(true);
  });
});
