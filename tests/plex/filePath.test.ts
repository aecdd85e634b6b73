import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseName,
  comparablePath,
  comparePaths,
  depthBelow,
  joinPath,
  nameKey,
  splitPath,
} from '../../src/plex/filePath.ts';

function compare(left: string, right: string) {
  return comparePaths(comparablePath(left), comparablePath(right));
}

describe('comparePaths', () => {
  it.each([
    ['/data/clips/a.mp4', '/data/clips/a.mp4', 3, true],
    ['/data/clips/a.mp4', '/data//clips/a.mp4/', 3, true],
    ['/stash/clips/a.mp4', '/plex/clips/a.mp4', 2, false],
    ['/x/a.mp4', '/y/a.mp4', 1, false],
    ['/x/a.mp4', '/x/b.mp4', 0, false],
    ['/x/ba.mp4', '/x/a.mp4', 0, false],
    ['/clips/a.mp4', '/mnt/clips/a.mp4', 2, false],
    ['/x/a.mp4', '', 0, false],
  ])('finds that %s and %s agree in the last %d components (W-01)', (left, right, tail, whole) => {
    expect(compare(left, right)).toEqual({ tail, whole });
    expect(compare(right, left)).toEqual({ tail, whole });
  });

  it.each([
    ['D:\\media\\clips\\a.mp4', 'd:/Media/CLIPS/A.mp4', 4, true],
    ['\\\\nas\\clips\\a.mp4', '\\\\NAS\\Clips\\a.MP4', 3, true],
    ['/media/clips/a.mp4', 'D:\\media\\clips\\a.mp4', 3, false],
    ['/media/clips/A.mp4', 'D:\\media\\Clips\\a.mp4', 3, false],
  ])('compares %s and %s by the rules of Windows (W-18)', (left, right, tail, whole) => {
    expect(compare(left, right)).toEqual({ tail, whole });
    expect(compare(right, left)).toEqual({ tail, whole });
  });

  it('tells letter case apart when no path is from Windows (W-13)', () => {
    expect(compare('/x/Clip.mp4', '/x/clip.mp4')).toEqual({ tail: 0, whole: false });
  });

  it('compares composed and decomposed letters as equal (W-12)', () => {
    expect(compare('/x/Caf\u00e9/Ame\u0301lie.mp4', '/x/Cafe\u0301/Am\u00e9lie.mp4').whole).toBe(true);
  });

  it('takes a backslash for a character of a POSIX name (W-18)', () => {
    expect(compare('/x/AC\\DC.mp4', '/x/DC.mp4').tail).toBe(0);
    expect(compare('/x/AC\\DC.mp4', '/x/AC\\DC.mp4').whole).toBe(true);
  });

  it('finds a path equal to itself, and under another mount in all but the mount', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replace(/[\\/]/g, '_'));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (parts) => {
        const path = parts.join('/');
        expect(compare(`/${path}`, `/${path}`)).toEqual({ tail: parts.length, whole: true });
        expect(compare(`/s/${path}`, `/p/${path}`)).toEqual({ tail: parts.length, whole: false });
        expect(compare(`/s/${path}`, `P:\\${parts.join('\\')}`).tail).toBe(parts.length);
      }),
    );
  });
});

/** Paths of both kinds, of few names in many spellings. */
const anyPath = fc
  .tuple(
    fc.constantFrom('/', 'D:\\', 'd:/', '\\\\nas\\', ''),
    fc.array(
      fc.constantFrom('Films', 'films', 'Ame\u0301lie', 'Am\u00e9lie', 'a, b.mp4', 'A, B.MP4', 'AC\\DC'),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([root, parts]) => `${root}${parts.join(root === '/' || root === 'd:/' ? '/' : '\\')}`);

describe('names in the index', () => {
  it('never hide a file that fits: paths that agree in their last part have one key (W-12, W-13, W-18)', () => {
    fc.assert(
      fc.property(anyPath, anyPath, (left, right) => {
        if (compare(left, right).tail > 0) expect(nameKey(left)).toBe(nameKey(right));
      }),
    );
  });
});

describe('any two paths', () => {
  it('agree in the same way from either side, and each with itself', () => {
    fc.assert(
      fc.property(anyPath, anyPath, (left, right) => {
        expect(compare(left, right)).toEqual(compare(right, left));
        expect(compare(left, left).whole).toBe(true);
        expect(compare(left, right).whole).toBe(
          compare(left, right).tail === comparablePath(left).components.length &&
            compare(left, right).tail === comparablePath(right).components.length,
        );
      }),
    );
  });

  it('are as they were when they are taken apart and put together (W-18, W-58)', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const split = splitPath(path);
        expect(compare(joinPath(split, split.parts), path).whole).toBe(true);
        expect(splitPath(joinPath(split, split.parts)).parts).toEqual(split.parts);
      }),
    );
  });

  it('lie below a folder exactly when they begin with all of its parts (W-58)', () => {
    fc.assert(
      fc.property(anyPath, fc.nat(4), (path, depth) => {
        const { components, ignoresCase } = comparablePath(path);
        const folder = { components: components.slice(0, depth), ignoresCase };
        expect(depthBelow(folder, { components, ignoresCase })).toBe(
          components.length - folder.components.length,
        );
        const longer = { components: [...components, 'x'], ignoresCase };
        expect(depthBelow(longer, { components, ignoresCase })).toBeUndefined();
      }),
    );
  });
});

describe('baseName', () => {
  it.each([
    ['/data/clips/a.mp4', 'a.mp4'],
    ['D:\\clips\\x\\a.mp4', 'a.mp4'],
    ['D:/clips\\a.mp4', 'a.mp4'],
    ['/x/AC\\DC.mp4', 'AC\\DC.mp4'],
    ['a.mp4', 'a.mp4'],
  ])('of %s is %s', (path, name) => {
    expect(baseName(path)).toBe(name);
  });
});
