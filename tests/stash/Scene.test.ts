import { buildASTSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { decodeScene } from '../../src/stash/Scene.ts';
import { MAX_PARENT_STUDIOS, SCENE_EXTRAS, sceneFields } from '../../src/stash/SceneExtra.ts';
import { stashScene } from '../support/samples.ts';

const FULL = {
  id: '1287',
  title: 'Harbour walk',
  details: 'One.\nTwo.',
  date: '2021-05',
  rating100: 80,
  updated_at: '2026-01-11T18:07:53+11:00',
  files: [
    { path: '/data/a.mp4', size: 122_132_990_000, duration: 12.5 },
    { path: '/data/b.mp4', size: 0, duration: null },
  ],
  paths: { screenshot: 'http://127.0.0.1:9999/scene/1287/screenshot?t=1' },
  studio: { name: 'Acme' },
  performers: [{ name: 'A. Person' }, { name: '' }, { name: null }, {}],
  tags: [{ name: 'Outdoor, sunny' }],
};

describe('decodeScene', () => {
  it('reads a scene, its files in order', () => {
    expect(decodeScene(FULL)).toEqual({
      id: 1287,
      title: 'Harbour walk',
      details: 'One.\nTwo.',
      date: '2021-05',
      rating100: 80,
      studio: 'Acme',
      performers: ['A. Person'],
      tags: ['Outdoor, sunny'],
      files: [{ path: '/data/a.mp4', sizeBytes: 122_132_990_000 }, { path: '/data/b.mp4' }],
      screenshotUrl: 'http://127.0.0.1:9999/scene/1287/screenshot?t=1',
      updatedAt: '2026-01-11T18:07:53+11:00',
    });
  });

  it.each([
    ['missing', { id: '7' }],
    [
      'null',
      {
        ...Object.fromEntries(Object.keys(FULL).map((key) => [key, null])),
        id: '7',
      },
    ],
    [
      'empty',
      { id: '7', title: '', details: '', date: '', files: [], paths: {}, studio: null, performers: [] },
    ],
  ])('takes what is %s for nothing there, explicitly (W-39)', (_, answer) => {
    expect(decodeScene(answer)).toEqual(stashScene({ id: 7 }));
  });

  it.each([null, 'x', {}, { id: 5 }, { id: '5', tags: 'x' }])('refuses %j, which is no scene', (answer) => {
    expect(() => decodeScene(answer)).toThrow();
  });
});

describe('the extras of a scene', () => {
  const answer = {
    ...FULL,
    code: 'HW-001',
    director: 'D. Rector',
    organized: true,
    stash_ids: [{ endpoint: 'https://stashdb.org/graphql' }],
    tags: [{ id: '21', name: 'Outdoor, sunny' }],
    studio: {
      id: '4',
      name: 'Acme',
      parent_studio: { name: 'Acme Group', parent_studio: { name: 'Holding' } },
    },
    performers: [
      { name: 'A. Person', tags: [{ name: 'Tall' }, { name: '' }] },
      { name: 'B. Person', tags: [{ name: 'Tall' }, { name: 'Blond' }] },
    ],
    groups: [
      { scene_index: 3, group: { name: 'Lake cycle' } },
      { scene_index: null, group: { name: 'Walks' } },
      { scene_index: 1, group: { name: '' } },
    ],
  };

  it('are read where they were asked for, and say nothing where not', () => {
    expect(decodeScene(answer, SCENE_EXTRAS)).toMatchObject({
      studio: 'Acme',
      performers: ['A. Person', 'B. Person'],
      code: 'HW-001',
      director: 'D. Rector',
      groups: [
        { name: 'Lake cycle', index: 3 },
        { name: 'Walks', index: null },
      ],
      parentStudios: ['Acme Group', 'Holding'],
      performerTags: ['Tall', 'Blond'],
      organized: true,
      endpoints: ['https://stashdb.org/graphql'],
      tagIds: [21],
      studioId: 4,
    });
    expect(decodeScene(answer)).toEqual(
      decodeScene({ ...FULL, performers: [{ name: 'A. Person' }, { name: 'B. Person' }] }),
    );
  });

  it.each([
    [{ id: '7' }],
    [{ id: '7', code: '', director: '', studio: null, performers: null, groups: null }],
  ])('are nothing, explicitly, where Stash has nothing: %j', (bare) => {
    expect(decodeScene(bare, SCENE_EXTRAS)).toEqual({
      ...stashScene({ id: 7 }),
      code: null,
      director: null,
      groups: [],
      parentStudios: [],
      performerTags: [],
      organized: false,
      endpoints: [],
      tagIds: [],
      studioId: null,
    });
  });
});

describe('sceneFields', () => {
  const schema = buildASTSchema(
    parse(`type Query { scene: Scene }
      type Scene { id: ID! title: String details: String date: String rating100: Int updated_at: String
        files: [File!]! paths: Paths! studio: Studio performers: [Performer!]! tags: [Named!]!
        code: String director: String groups: [SceneGroup!]! organized: Boolean! stash_ids: [StashId!]! }
      type StashId { endpoint: String! }
      type File { path: String! size: Int duration: Float } type Paths { screenshot: String } type Named { id: ID! name: String! }
      type Studio { id: ID! name: String! parent_studio: Studio } type Performer { name: String! tags: [Named!]! }
      type SceneGroup { scene_index: Int group: Named! }`),
  );
  const NAMES = ['details', 'rating100', 'updated_at', 'files', 'screenshot', 'studio', 'performers', 'tags'];

  it('asks for everything that decodeScene reads, images included, and for extras only when told (W-45)', () => {
    for (const extras of [[], ...SCENE_EXTRAS.map((extra) => [extra]), [...SCENE_EXTRAS]]) {
      const fields = sceneFields(extras);
      expect(validate(schema, parse(`{ scene { ...SceneFields } } ${fields}`))).toEqual([]);
      for (const name of NAMES) expect(fields).toMatch(new RegExp(`\\b${name}\\b`));
      expect(/\bcode\b/.test(fields)).toBe(extras.includes('code'));
      expect(/\bdirector\b/.test(fields)).toBe(extras.includes('director'));
      expect(/\bgroups\b/.test(fields)).toBe(extras.includes('groups'));
      expect(/performers \{ name tags/.test(fields)).toBe(extras.includes('performerTags'));
      expect(fields.match(/parent_studio/g)?.length ?? 0).toBe(
        extras.includes('parentStudios') ? MAX_PARENT_STUDIOS : 0,
      );
    }
  });
});
