import { describe, expect, it } from 'vitest';
import { hasOwnTitle } from '../../src/edit/hasOwnTitle.ts';
import { stashScene } from '../support/samples.ts';

const PATHS = [
  '/data/Harbour.walk (1080p).mp4',
  'D:\\clips\\Ame\u0301lie.MKV',
  '/data/no extension',
  '/data/.hidden',
];
const SCENE = stashScene({ files: PATHS.map((path) => ({ path })) });

describe('hasOwnTitle', () => {
  it.each([
    null,
    '',
    ' \u200b\u0000',
    'Harbour.walk (1080p)',
    'Harbour.walk (1080p).mp4',
    ' harbour.WALK (1080P) ',
    'Am\u00e9lie',
    'Am\u00e9lie.mkv',
    'no extension',
    '.hidden',
  ])("takes %j for no title that somebody gave: it is a file's name (A9)", (title) => {
    expect(hasOwnTitle({ ...SCENE, title })).toBe(false);
  });

  it.each(['Harbour walk', 'Harbour.walk (1080p).mkv', 'A', 'Am', 'data', 'hidden'])(
    'takes %j for a title that somebody gave (A9)',
    (title) => {
      expect(hasOwnTitle({ ...SCENE, title })).toBe(true);
      expect(hasOwnTitle({ ...SCENE, files: [], title })).toBe(true);
    },
  );
});
