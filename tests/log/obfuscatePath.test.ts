import { describe, expect, it } from 'vitest';
import { createPathObfuscator, PLAIN_PATHS } from '../../src/log/obfuscatePath.ts';

const words = (path: string) => path.split(/[\\/]/).filter((part) => part !== '');

describe('createPathObfuscator', () => {
  it('hides every part, and keeps depth, leading separator and extension (18.18)', () => {
    const { path } = createPathObfuscator();
    const hidden = path('/media/films/My Secret Film.mkv');
    expect(hidden).toMatch(/^\/[a-z0-9]+\/[a-z0-9]+\/[a-z0-9]+\.mkv$/);
    expect(path('films/My Secret Film')).toMatch(/^[a-z0-9]+\/[a-z0-9]+$/);
    expect(hidden).not.toContain('Secret');
  });

  it('gives the same word to the same name, and another one to another (18.18)', () => {
    const { path, name } = createPathObfuscator();
    const [, folder, film] = words(path('/media/films/one.mkv'));
    expect(words(path('/other/films/one.mkv')).slice(1)).toEqual([folder, film]);
    expect(`${name('one')}.mkv`).toBe(film);
    expect(path('/media/films/two.mkv')).not.toBe(path('/media/films/one.mkv'));
  });

  it('keeps the separators of Windows (18.18)', () => {
    const hidden = createPathObfuscator().path('D:\\Films\\one.mp4');
    expect(hidden).toMatch(/^[a-z0-9]+\\[a-z0-9]+\\[a-z0-9]+\.mp4$/);
  });

  it('tells two hundred names apart, with numbers behind the words (18.18)', () => {
    const { path } = createPathObfuscator();
    const hidden = Array.from({ length: 200 }, (_, index) => path(`/folder ${index}`));
    expect(new Set(hidden)).toHaveLength(200);
    expect(hidden.some((text) => /\d$/.test(text))).toBe(true);
  });

  it('leaves nothing empty filled, and hides a name without extension whole (18.18)', () => {
    const { path, name } = createPathObfuscator();
    expect(path('')).toBe('');
    expect(name('')).toBe('');
    expect(path('.hidden')).not.toContain('hidden');
  });

  it('shows everything when it is off (18.18)', () => {
    expect(PLAIN_PATHS.path('/media/One.mkv')).toBe('/media/One.mkv');
    expect(PLAIN_PATHS.name('One')).toBe('One');
  });
});
