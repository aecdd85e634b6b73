import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathGlob } from '../../../src/scene/gates/pathGlob.ts';

describe('a pattern for paths', () => {
  it.each<[pattern: string, meant: string[], notMeant: string[]]>([
    [
      '/data/films/**',
      ['/data/films/a.mkv', '/data/films/x/y/a.mkv'],
      ['/data/other/a.mkv', '/x/data/films/a.mkv'],
    ],
    ['/data/films', ['/data/films/x/a.mkv', '/data/films'], ['/data/films2/a.mkv']],
    ['/data/films/', ['/data/films/x/a.mkv'], ['/data/films2/a.mkv']],
    ['/data/films/*.mkv', ['/data/films/a.mkv'], ['/data/films/x/a.mkv', '/data/films/a.mp4']],
    ['/data/**/a.mkv', ['/data/a.mkv', '/data/x/a.mkv', '/data/x/y/a.mkv'], ['/data/xa.mkv']],
    [
      '/data/film-?.mkv',
      ['/data/film-1.mkv', '/data/film-😀.mkv'],
      ['/data/film-10.mkv', '/data/film-/.mkv'],
    ],
    [
      '/data/{films,serials}/**',
      ['/data/films/a', '/data/serials/x/a'],
      ['/data/{films,serials}/a', '/data/clips/a'],
    ],
    ['/data/{a,b{1,2}}.mkv', ['/data/a.mkv', '/data/b2.mkv'], ['/data/b.mkv']],
    ['/data/{open/**', ['/data/{open/a'], ['/data/open/a']],
    ['/data/a,b}/*', ['/data/a,b}/x'], ['/data/a/x']],
    ['trailers/**', ['/data/trailers/a', '/data/x/trailers/y/a'], ['/data/mytrailers/a']],
    ['**/trailers/**', ['/trailers/a', '/data/x/trailers/y/a'], ['/data/mytrailers/a']],
    ['*.iso', ['/data/x/a.iso'], ['/data/a.mkv', '/data/a.iso/x.mkv']],
    ['/data/[old] (2001)!/+(x)@', ['/data/[old] (2001)!/+(x)@/a.mkv'], ['/data/o (2001)!/x/a.mkv']],
    ['/Data/**', ['/Data/a'], ['/data/a']],
    ['/data/.hidden/*', ['/data/.hidden/.a'], []],
    ['D:\\clips\\**', ['D:\\clips\\x\\a.mkv', 'D:/clips/a.mkv'], ['E:\\clips\\a.mkv']],
    ['\\\\nas\\share\\*', ['\\\\nas\\share\\a.mkv'], ['\\\\nas\\share\\x\\a.mkv']],
    ['/data/Ame\u0301lie/**', ['/data/Am\u00e9lie/a'], []],
    ['toString', ['/data/toString/a'], ['/data/a']],
    ['/data/line\nbreak/**', ['/data/line\nbreak/a\nb'], []],
  ])('%j means what it says', (pattern, meant, notMeant) => {
    const test = pathGlob(pattern);
    expect(meant.filter((path) => !test(path))).toEqual([]);
    expect(notMeant.filter(test)).toEqual([]);
  });

  it('agrees with Node about everything that both have', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '*', '?', 'a*', '*b', '**', '{a,b}', 'x{a,bb}', '?b');
    const patterns = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => `/${pieces.join('/')}`);
    const paths = fc
      .array(fc.constantFrom('a', 'b', 'ab', 'bb', 'xa', 'xbb'), { minLength: 1, maxLength: 5 })
      .map((names) => `/${names.join('/')}`);
    fc.assert(
      fc.property(patterns, fc.array(paths, { minLength: 5, maxLength: 20 }), (pattern, candidates) => {
        // Ours: a plain path means what is below it as well; and for Node's, "**" at the end may be the folder itself.
        fc.pre(/[*?{]/.test(pattern) && !pattern.endsWith('**'));
        const test = pathGlob(pattern);
        for (const path of candidates) {
          expect([pattern, path, test(path)]).toEqual([pattern, path, posix.matchesGlob(path, pattern)]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('may be any text at all, and a path means itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.string(), (pattern, path) => {
        expect(typeof pathGlob(pattern)(path)).toBe('boolean');
        const plain = `/${path.replace(/[*?{]/g, '_')}`;
        expect(pathGlob(plain)(plain)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
