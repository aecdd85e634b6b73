import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConcealer } from '../../src/setup/createConcealer.ts';

describe('a concealer', () => {
  it.each([
    [
      'Plex does not answer at http://erikas-nas:32400 (ECONNREFUSED).',
      'Plex does not answer at http:<host>:32400 (ECONNREFUSED).',
    ],
    ['at https://user:word@nas.example.org/plex?x=1', 'at https:<host>'],
    ['at http://[fe80::1]:32400/web', 'at http:<host>:32400'],
    ['the data file /home/erika/x.db is', 'the data file <path> is'],
    ['"/data/My Films/a b.mkv" is', '"<path>" is'],
    ['in D:\\Films\\x.mkv.', 'in <path>'],
    ['in \\\\nas\\films\\x.mkv', 'in <path>'],
    ['from 192.168.1.10 and 1.43.1.10000-0a1b', 'from <address> and 1.43.1.10000-0a1b'],
    [
      'Plex answered GET /library/sections/3/all with status 500.',
      'Plex answered GET /library/sections/3/all with status 500.',
    ],
    ['5 scenes/min, and/or nothing', '5 scenes/min, and/or nothing'],
  ])('makes of %j, of which it knows nothing: %j', (text, expected) => {
    expect(createConcealer().conceal(text)).toBe(expected);
  });

  it('gives one name one word, wherever it stands on its own', () => {
    const { name, conceal } = createConcealer();
    name('Clips');
    const [first, second, rest] = conceal('Clips, Clips: Clipset').split(/[,:] /);
    expect(first).toMatch(/^[a-z]+$/);
    expect(second).toBe(first);
    expect(rest).toBe('Clipset');
  });

  it('keeps the names by which a report is understood', () => {
    const { name, conceal } = createConcealer();
    for (const each of ['Plex', 'stash', 'root', '']) name(each);
    expect(conceal('Plex and Stash run as root')).toBe('Plex and Stash run as root');
  });

  const word = fc
    .stringMatching(/^[A-Za-zé0-9$().+*? -]{2,10}$/)
    .filter((text) => /[a-z]{2}/i.test(text.trim()));
  const nameOf = word.map((text) => `Zq${text.trim()}`);
  const path = fc
    .tuple(fc.constantFrom('/', 'C:\\', '\\\\nas\\'), fc.array(nameOf, { minLength: 1, maxLength: 3 }))
    .map(([root, parts]) => root + parts.join(root === '/' ? '/' : '\\'));

  /** Whether a name stands in a text as a word; as a part of another one it tells nothing. */
  const standsAlone = (text: string, name: string) =>
    text
      .split(name)
      .slice(1)
      .some((after, index) => {
        const before = text
          .split(name)
          .slice(0, index + 1)
          .join(name);
        return !/[\p{L}\p{N}_]$/u.test(before) && !/^[\p{L}\p{N}_]/u.test(after);
      });

  it('leaves nothing of what it was told, and nothing of any path or host in a text', () => {
    const parts = fc.array(fc.oneof(nameOf, path), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(nameOf, { maxLength: 4 }),
        fc.array(path, { maxLength: 4 }),
        parts,
        (names, paths, text) => {
          const { name, path: addPath, conceal } = createConcealer();
          for (const each of names) name(each);
          for (const each of paths) addPath(each);
          const sentence = [...text.map((each) => `"${each}"`), ...names, ...paths].join(', ');
          const clean = conceal(sentence);
          for (const each of names) expect(standsAlone(clean, each)).toBe(false);
          for (const each of paths) expect(clean).not.toContain(each);
          for (const each of text) if (/[\\/]/.test(each)) expect(clean).not.toContain(each);
        },
      ),
    );
  });
});
