import { describe, expect, it } from 'vitest';
import { isMeaningful } from '../../src/edit/isMeaningful.ts';
import type { Scene } from '../../src/stash/Scene.ts';

const BARE: Scene = {
  id: 1,
  title: 'Harbour walk',
  details: null,
  date: null,
  rating100: 80,
  studio: null,
  performers: [],
  tags: [],
  files: [{ path: '/data/a.mp4' }],
  screenshotUrl: 'http://127.0.0.1:9999/scene/1/screenshot',
  updatedAt: '2026-01-11T18:07:53Z',
};

describe('isMeaningful', () => {
  it.each([
    { studio: 'Acme' },
    { performers: ['A. Person'] },
    { tags: ['Outdoor'] },
    { details: 'A walk.' },
    { date: '2021' },
    { studio: ' ', details: '', tags: ['', 'Outdoor'] },
    { director: 'D. Rector' },
    { groups: [{ name: 'Lake cycle', index: null }] },
  ])('lets a scene with %j through (18.18, W-40)', (part) => {
    expect(isMeaningful({ ...BARE, ...part })).toBe(true);
  });

  it.each([
    {},
    { title: null, rating100: null },
    { studio: '', details: ' \n', date: ' ' },
    { performers: [' '], tags: [''] },
    {
      code: 'HW-001',
      director: '',
      groups: [{ name: ' ', index: 1 }],
      parentStudios: [],
      performerTags: ['x'],
    },
    { details: '\u200b\u0000' },
  ])('holds back a scene with %j: syncing it would only clear what Plex has (18.18, W-40)', (part) => {
    expect(isMeaningful({ ...BARE, ...part })).toBe(false);
  });
});
