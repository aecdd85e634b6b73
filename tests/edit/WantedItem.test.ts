import { describe, expect, it } from 'vitest';
import { parseSettings, type Settings } from '../../src/config/settings.ts';
import { LIMITS } from '../../src/edit/limits.ts';
import { wantedItem } from '../../src/edit/WantedItem.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import { stashScene } from '../support/samples.ts';

const { settings: SETTINGS } = parseSettings({ plex_url: 'http://plex', plex_token: 'abcdefghij' }, {});

const BARE = stashScene({ files: [{ path: '/data/a.mp4' }] });

function wanted(scene: Partial<Scene>, settings: Partial<Settings> = {}) {
  return wantedItem({ ...BARE, ...scene }, { ...SETTINGS, ...settings });
}

describe('wantedItem', () => {
  it('wants everything that the scene says (18.16)', () => {
    const scene = {
      title: 'Harbour\twalk',
      details: 'One.\nTwo\u0007…',
      date: '2021-05-04',
      studio: ' Acme  Films ',
      performers: ['A. Person', 'B. Person'],
      tags: ['Outdoor, sunny'],
    };
    expect(wanted(scene)).toEqual({
      title: 'Harbour walk',
      summary: 'One.\nTwo…',
      originallyAvailableAt: '2021-05-04',
      studio: 'Acme Films',
      collection: 'Acme Films',
      actors: ['A. Person', 'B. Person'],
      genres: ['Outdoor, sunny'],
    });
  });

  it.each([
    ['null', {}],
    [
      'blank',
      { title: ' ', details: '\n', date: ' ', studio: '\u200b', performers: [' '], tags: ['', '\u0000'] },
    ],
  ])('wants nothing there for what is %s, but never an empty title (18.16, W-39)', (_, scene) => {
    const { shortened: _names, ...item } = wanted(scene);
    expect(item).toEqual({
      summary: '',
      originallyAvailableAt: '',
      studio: '',
      collection: '',
      actors: [],
      genres: [],
    });
  });

  it('wants nothing but the title and the rating when it is to clear nothing, pictures included (A9)', () => {
    const scene = { ...BARE, title: 'Given', rating100: 80 };
    expect(wantedItem(scene, SETTINGS, 'title')).toEqual({ title: 'Given', leavesPictures: true });
    expect(wantedItem(scene, { ...SETTINGS, sync_rating: true }, 'title')).toEqual({
      title: 'Given',
      userRating: 8,
      leavesPictures: true,
    });
  });

  it.each([
    ['sync_studio', 'studio'],
    ['sync_summary', 'summary'],
    ['sync_date', 'originallyAvailableAt'],
    ['sync_performers', 'actors'],
    ['sync_tags', 'genres'],
    ['sync_collection', 'collection'],
  ] as const)('leaves alone what %s switches off, and nothing else (18.12)', (toggle, field) => {
    for (const scene of [
      {},
      { studio: 'Acme', details: 'x', date: '2021', performers: ['A'], tags: ['B'] },
    ]) {
      const { [field]: _, ...others } = wanted(scene);
      expect(wanted(scene, { [toggle]: false })).toEqual(others);
    }
  });

  it.each([
    ['2024', '2024-01-01'],
    ['2024-05', '2024-05-01'],
    ['2024-02-29', '2024-02-29'],
    [' 2024-05-06 ', '2024-05-06'],
  ])('makes the whole date %s → %s (W-32)', (date, expected) => {
    expect(wanted({ date }).originallyAvailableAt).toBe(expected);
  });

  it.each(['2023-02-29', '2024-13', '2024-00-01', '24', 'May 2024', '2024-05-06T00:00:00Z'])(
    'rather keeps the old date than take over "%s" (W-32, W-49)',
    (date) => {
      expect(wanted({ date })).not.toHaveProperty('originallyAvailableAt');
    },
  );

  it('names everybody once, in the order of Stash (18.16, W-34)', () => {
    const performers = ['B', ' a ', 'b', 'A', 'Ame\u0301lie', 'Am\u00e9lie', 'Amélie\u0007', ''];
    expect(wanted({ performers }).actors).toEqual(['B', 'a', 'Am\u00e9lie']);
  });

  it('keeps names as they are written, and apart what only looks alike (A1, A8)', () => {
    const tags = ['Sci–Fi', 'Sci-Fi', '“Live”', 'می‌خواهم', 'میخواهم', '👩‍👩‍👧', 'N\u00a0o', 'N o'];
    expect(wanted({ tags }).genres).toEqual(tags);
    expect(wanted({ studio: 'Rock ’n’ Roll…' })).toMatchObject({
      studio: 'Rock ’n’ Roll…',
      collection: 'Rock ’n’ Roll…',
    });
  });

  it('keeps the first names when there are too many (18.10, 18.18, W-27)', () => {
    const many = Array.from({ length: 600 }, (_, index) => `Name ${index}`);
    expect(wanted({ performers: many }).actors).toEqual(many.slice(0, 50));
    expect(wanted({ tags: many }).genres).toEqual(many.slice(0, 100));
    expect(wanted({ tags: many }, { max_tags: 500 }).genres).toEqual(many.slice(0, 500));
  });

  it('cuts every text at its limit (18.10, 18.16, 18.18)', () => {
    const long = 'x'.repeat(20_000);
    const item = wanted({ title: long, details: long, studio: long, performers: [long], tags: [long] });
    expect([
      item.title,
      item.studio,
      item.collection,
      ...(item.actors ?? []),
      ...(item.genres ?? []),
    ]).toEqual(Array(5).fill('x'.repeat(255)));
    // Plain letters: one byte each in the request's address, which is the tighter limit (W-36).
    expect(item.summary).toHaveLength(LIMITS.summaryEncodedBytes);
  });

  it('says what it had to shorten, with both numbers, and nothing about what is whole (18.10, W-27, W-36)', () => {
    const many = Array.from({ length: 120 }, (_, index) => `Name ${index}`);
    const item = wanted({ details: 'слово '.repeat(300), performers: many, tags: [...many, 'name 1', ' '] });
    expect(item.shortened).toEqual([
      { field: 'summary', loss: 'characters', total: 1_799, kept: [...(item.summary ?? '')].length },
      { field: 'actor', total: 120, kept: 50 },
      { field: 'genre', loss: 'unnamed', total: 122, kept: 121 },
      { field: 'genre', loss: 'sameName', total: 121, kept: 120 },
      { field: 'genre', total: 120, kept: 100 },
    ]);
    expect(item.summary).toMatch(/^(слово )+слово$/);
    expect(wanted({ details: 'x'.repeat(7_000), tags: many.slice(0, 100) })).not.toHaveProperty('shortened');
  });

  it('says which texts and names it cut, which became one and which it left out (A6)', () => {
    const long = 'x'.repeat(300);
    const item = wanted({
      title: 'word '.repeat(100),
      studio: long,
      performers: ['Ann', 'Bob', 'ANN', long, '\u200b', 'ann'],
      tags: [`${long}1`, `${long}2`, ' '],
    });
    expect(item.shortened).toEqual([
      { field: 'title', loss: 'characters', total: 499, kept: 254 },
      { field: 'studio', loss: 'characters', total: 300, kept: 255 },
      { field: 'actor', loss: 'unnamed', total: 6, kept: 5 },
      { field: 'actor', loss: 'sameName', total: 5, kept: 3 },
      { field: 'actor', loss: 'cutName', total: 3, kept: 2 },
      { field: 'genre', loss: 'unnamed', total: 3, kept: 2 },
      { field: 'genre', loss: 'sameName', total: 2, kept: 1 },
      { field: 'genre', loss: 'cutName', total: 1, kept: 0 },
    ]);
    expect(item.title).toHaveLength(254);
  });

  it('says it of the field that Plex gets, and of none that is switched off (A6)', () => {
    const long = 'x'.repeat(300);
    const scene = { studio: long, performers: ['A', 'a'], tags: ['A', 'a'], details: 'д'.repeat(9_000) };
    const fields = (settings: Partial<Settings>) =>
      wanted(scene, settings).shortened?.map(({ field }) => field);
    expect(fields({})).toEqual(['studio', 'summary', 'actor', 'genre']);
    expect(fields({ sync_studio: false, sync_tags: false })).toEqual(['collection', 'summary', 'actor']);
    expect(fields({ sync_studio: false, sync_collection: false, sync_summary: false })).toEqual([
      'actor',
      'genre',
    ]);
    expect(wantedItem({ ...BARE, ...scene, title: long }, SETTINGS, 'title').shortened).toMatchObject([
      { field: 'title' },
    ]);
  });

  it.each([
    [0, 0],
    [1, 0.1],
    [77, 7.7],
    [100, 10],
    [null, null],
  ])('turns the rating %s of Stash into the %s of Plex (18.16, W-35)', (rating100, userRating) => {
    expect(wanted({ rating100 }, { sync_rating: true }).userRating).toBe(userRating);
    expect(wanted({ rating100 })).not.toHaveProperty('userRating');
  });

  it.each([-1, 101, Number.NaN])(
    'rather keeps the old rating than take over %d (18.16, W-49)',
    (rating100) => {
      expect(wanted({ rating100, details: 'D' }, { sync_rating: true })).not.toHaveProperty('userRating');
      expect(wanted({ rating100, details: 'D' }, { sync_rating: true }).summary).toBe('D');
    },
  );

  it('has the limits of the original, and one for the length of an address (18.18)', () => {
    expect(LIMITS).toEqual({
      line: 255,
      summary: 10_000,
      summaryEncodedBytes: 7_000,
      performers: 50,
      collections: 50,
    });
  });
});
