import { describe, expect, it } from 'vitest';
import { folderToScan } from '../../src/plex/folderToScan.ts';

const section = (key: string, ...locations: string[]) => ({ key, title: key, type: 'movie', locations });

describe('folderToScan', () => {
  it.each([
    ['below a location of the same path', '/media/films/a/b.mkv', ['/media/films'], '/media/films/a'],
    ['the location itself', '/media/films/b.mkv', ['/media/films/'], '/media/films'],
    [
      'the deepest of several locations',
      '/media/films/x/b.mkv',
      ['/media', '/media/films'],
      '/media/films/x',
    ],
    ['below another mount of the same folder', '/data/films/x/b.mkv', ['/media/films'], '/media/films/x'],
    ['with more agreement before it', '/data/new/films/b.mkv', ['/a/films', '/m/new/films'], '/m/new/films'],
    ['on Windows', 'D:\\Films\\x\\b.mkv', ['d:\\films'], 'd:\\films\\x'],
    ['on Windows from POSIX', '/mnt/films/x/b.mkv', ['D:\\Films'], 'D:\\Films\\x'],
  ])('%s (W-66)', (_, path, locations, folder) => {
    expect(folderToScan(path, [section('1', ...locations)])).toMatchObject({ sectionKey: '1', folder });
  });

  it('is none when no location has to do with the path (W-66)', () => {
    expect(folderToScan('/data/clips/b.mkv', [section('1', '/media/films'), section('2')])).toBeUndefined();
    expect(folderToScan('b.mkv', [section('1', '/media/films')])).toBeUndefined();
  });

  it('names the location that the folder lies in (W-66)', () => {
    const target = folderToScan('/media/films/a/b.mkv', [section('1', '/media/films/')]);
    expect(target).toEqual({ sectionKey: '1', folder: '/media/films/a', location: '/media/films' });
  });

  it('takes the section whose location agrees most (W-66)', () => {
    const sections = [section('1', '/media'), section('2', '/media/films'), section('3', '/other/films')];
    expect(folderToScan('/media/films/b.mkv', sections)?.sectionKey).toBe('2');
  });
});
