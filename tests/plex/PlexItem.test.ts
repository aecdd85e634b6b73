import { describe, expect, it } from 'vitest';
import { decodeItems } from '../../src/plex/PlexItem.ts';
import { plexItem } from '../support/samples.ts';

const DETAIL = {
  ratingKey: '812',
  librarySectionID: 4,
  title: 'Morning, by the lake',
  titleSort: 'Lake, morning',
  originalTitle: 'ML-001',
  contentRating: 'X',
  summary: 'A walk.',
  studio: 'Example Pictures',
  tagline: 'One take.',
  originallyAvailableAt: '2021-05-04',
  thumb: '/library/metadata/812/thumb/1700000200',
  art: '/:/resources/movie-fanart.jpg',
  Genre: [
    { id: 51, filter: 'genre=51', tag: 'Nature' },
    { id: 60, tag: 'Sound, recorded' },
  ],
  Collection: [{ id: 70, tag: 'Lake cycle', guid: 'collection://0a0b' }],
  Label: [{ id: 90, filter: 'label=90', tag: 'Synced' }],
  Director: [{ id: 95, tag: 'D. Rector' }],
  Role: [{ id: 81, tag: 'A. Person', role: 'The walker', thumb: 'x' }, { tag: 'B. Person' }],
  Field: [
    { locked: true, name: 'title' },
    { locked: 1, name: 'genre' },
    { name: 'thumb' },
    { locked: false, name: 'studio' },
    { locked: 0, name: 'summary' },
  ],
  Media: [
    {
      id: 900,
      Part: [
        { id: 905, file: '/data/a.mkv', size: 122_132_990 },
        { id: 906, file: '/data/a2.mkv' },
      ],
    },
    { id: 901 },
    { id: 902, Part: [{ id: 907, file: '/data/a-720.mkv' }, { id: 908 }] },
  ],
};

function decode(row: Record<string, unknown>, container: Record<string, unknown> = {}) {
  const { rows, ...page } = decodeItems({ MediaContainer: { size: 1, ...container, Metadata: [row] } });
  return { ...page, rows, items: rows.flatMap(({ item }) => item ?? []) };
}

describe('decodeItems', () => {
  it('reads an item in full, all files of all versions', () => {
    expect(decode(DETAIL).items).toEqual([
      {
        ratingKey: '812',
        sectionKey: '4',
        title: 'Morning, by the lake',
        titleSort: 'Lake, morning',
        originalTitle: 'ML-001',
        contentRating: 'X',
        summary: 'A walk.',
        studio: 'Example Pictures',
        tagline: 'One take.',
        originallyAvailableAt: '2021-05-04',
        genres: ['Nature', 'Sound, recorded'],
        collections: ['Lake cycle'],
        labels: ['Synced'],
        directors: ['D. Rector'],
        actors: [{ name: 'A. Person', role: 'The walker' }, { name: 'B. Person' }],
        locked: new Set(['title', 'genre', 'thumb']),
        files: [
          { path: '/data/a.mkv', sizeBytes: 122_132_990 },
          { path: '/data/a2.mkv' },
          { path: '/data/a-720.mkv' },
        ],
        hasThumb: true,
        hasArt: false,
      },
    ]);
  });

  it('takes what is absent for empty', () => {
    expect(decode({ ratingKey: '812' }, { librarySectionID: 4 }).items).toEqual([plexItem()]);
  });

  it("finds a row's section on its container", () => {
    expect(decode({ ratingKey: '1' }, { librarySectionID: 9 }).items[0]?.sectionKey).toBe('9');
    expect(decode(DETAIL, { librarySectionID: 9 }).items[0]?.sectionKey).toBe('4');
  });

  it.each([
    ['a number as key', { ratingKey: 812, librarySectionID: '4' }],
    [
      'a text as size',
      { ratingKey: '812', librarySectionID: 4, Media: [{ Part: [{ file: '/a', size: '5' }] }] },
    ],
    ['null for nothing', { ratingKey: '812', librarySectionID: 4, studio: null, Genre: null }],
  ])('puts up with %s (plex-http-api 2.4)', (_, row) => {
    expect(decode(row).items[0]).toMatchObject({ ratingKey: '812', sectionKey: '4', genres: [] });
  });

  it('knows how many rows there are only where Plex tells (plex-http-api 9.6)', () => {
    expect(decode(DETAIL, { totalSize: 500 }).totalSize).toBe(500);
    expect(decode(DETAIL, { totalSize: '500' }).totalSize).toBe(500);
    expect(decode(DETAIL, { totalSize: 'many' }).totalSize).toBeUndefined();
    expect(decode(DETAIL).totalSize).toBeUndefined();
    expect(decode(DETAIL)).toMatchObject({ isPaged: false });
    expect(decode(DETAIL, { offset: 0 })).toMatchObject({ isPaged: true });
    expect(decodeItems({ MediaContainer: { size: 0, totalSize: 0 } })).toMatchObject({
      rows: [],
      totalSize: 0,
    });
  });

  it.each([
    ['nothing', null, undefined],
    ['no key', {}, undefined],
    ['a tag without a name', { ratingKey: 7, Genre: [{}] }, '7'],
    ['a size that is none', { ratingKey: '7', Media: [{ Part: [{ size: {} }] }] }, '7'],
  ])('leaves out a row with %s, and no other one', (_, row, ratingKey) => {
    const { rows } = decodeItems({ MediaContainer: { Metadata: [DETAIL, row, DETAIL] } });
    expect(rows.map(({ item }) => item?.ratingKey)).toEqual(['812', undefined, '812']);
    expect(rows[1]).toMatchObject({ ratingKey, item: undefined });
  });

  it('tells files that Plex has and does not show from no files (plex-http-api 9.13)', () => {
    const hides = (...files: (string | undefined)[]) =>
      decode({ ratingKey: 1, Media: [{ Part: files.map((file) => ({ file })) }] }).rows[0]?.hidesFiles;
    expect([hides(), hides('/a'), hides(undefined, '/a'), hides(undefined, undefined)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it.each([null, {}, [], { MediaContainer: { Metadata: {} } }])('refuses %j', (answer) => {
    expect(() => decodeItems(answer)).toThrow();
  });
});
