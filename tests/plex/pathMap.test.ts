import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparablePath, comparePaths } from '../../src/plex/filePath.ts';
import { createPathMap } from '../../src/plex/pathMap.ts';

type Entry = [plex: string, stash: string];
const mapOf = (...entries: Entry[]) => createPathMap(entries.map(([plex, stash]) => ({ plex, stash })));

describe('a path map', () => {
  it.each<[string, Entry[], string, string | undefined]>([
    ['swaps the folder', [['/media', '/data']], '/media/a.mp4', '/data/a.mp4'],
    ['keeps what lies below it', [['/media', '/data']], '/media/x/y z/a.mp4', '/data/x/y z/a.mp4'],
    ['maps the folder itself', [['/media', '/data']], '/media', '/data'],
    ['says nothing of other folders', [['/media', '/data']], '/other/a.mp4', undefined],
    ['swaps whole folder names only', [['/media/film', '/data']], '/media/films/a.mp4', undefined],
    ['maps from the root', [['/', '/mnt/plex']], '/films/a.mp4', '/mnt/plex/films/a.mp4'],
    ['maps to the root', [['/media', '/']], '/media/films/a.mp4', '/films/a.mp4'],
    ['tells letter case apart', [['/media', '/data']], '/Media/a.mp4', undefined],
    ['ignores it for Windows paths', [['D:\\Media', '/data']], 'd:\\MEDIA\\x\\A.mp4', '/data/x/A.mp4'],
    ['takes single backslashes', [['D:\\Media\\Films', '/data']], 'D:\\Media\\Films\\a.mp4', '/data/a.mp4'],
    ['takes a Windows path with slashes', [['D:/Media', '/data']], 'D:\\Media\\a.mp4', '/data/a.mp4'],
    ['takes shares', [['\\\\nas\\media', '/data']], '\\\\NAS\\media\\a.mp4', '/data/a.mp4'],
    ['maps to a Windows path', [['/media', 'E:\\Stash']], '/media/x/a.mp4', 'E:\\Stash\\x\\a.mp4'],
    ['compares letters, not their form', [['/Ame\u0301lie', '/data']], '/Am\u00e9lie/a.mp4', '/data/a.mp4'],
    ['takes no relative path for an absolute one', [['/media', '/data']], 'media/a.mp4', undefined],
    ['maps nothing when it is empty', [], '/media/a.mp4', undefined],
  ])('%s (18.19, W-58)', (_, entries, path, expected) => {
    expect(mapOf(...entries).plexToStash(path)).toBe(expected);
  });

  it('lets the longest folder win, wherever it stands, and of equal ones the first (18.19)', () => {
    const entries: Entry[] = [
      ['/media', '/one'],
      ['/media/films', '/two'],
      ['/media', '/three'],
    ];
    for (const order of [entries, [entries[1], entries[0], entries[2]] as Entry[]]) {
      const map = mapOf(...order);
      expect(map.plexToStash('/media/films/a.mp4')).toBe('/two/a.mp4');
      expect(map.plexToStash('/media/a.mp4')).toBe('/one/a.mp4');
    }
  });

  it('leads the other way as well (18.19)', () => {
    const map = mapOf(['D:\\Films', '/data/films'], ['/media/clips', '/data/clips']);
    expect(map.stashToPlex('/data/films/x/a.mp4')).toBe('D:\\Films\\x\\a.mp4');
    expect(map.stashToPlex('/data/clips/a.mp4')).toBe('/media/clips/a.mp4');
    expect(map.stashToPlex('/data/other/a.mp4')).toBeUndefined();
  });

  it('gives no Plex path that leads elsewhere: below it another entry holds (18.19)', () => {
    const map = mapOf(['/media', '/data'], ['/media/x', '/other']);
    expect(map.plexToStash('/media/x/a.mp4')).toBe('/other/a.mp4');
    expect(map.stashToPlex('/data/x/a.mp4')).toBeUndefined();
    expect(map.stashToPlex('/other/a.mp4')).toBe('/media/x/a.mp4');
  });

  it('leads back from wherever it led to (18.19)', () => {
    const part = fc.constantFrom('a', 'b', 'c', 'd e', 'é');
    const folder = fc.tuple(fc.constantFrom('/', 'D:\\', '\\\\nas\\'), fc.array(part, { maxLength: 3 }));
    const path = folder.map(([root, parts]) => `${root}${parts.join(root === '/' ? '/' : '\\')}`);
    const pairs = fc.array(fc.tuple(path, path), { maxLength: 4 });
    fc.assert(
      fc.property(pairs, path, (entries, stashFolder) => {
        const map = mapOf(...(entries as Entry[]));
        const file = `${stashFolder}${stashFolder.startsWith('/') ? '/' : '\\'}v.mp4`;
        const inPlex = map.stashToPlex(file);
        if (inPlex === undefined) return;
        const back = map.plexToStash(inPlex);
        expect(comparePaths(comparablePath(back ?? ''), comparablePath(file)).whole).toBe(true);
      }),
    );
  });
});
