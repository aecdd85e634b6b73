import { buildASTSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { decodeScene, SCENE_FIELDS, sceneFields } from '../../src/stash/Scene.ts';
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

describe('SCENE_FIELDS', () => {
  it('asks for everything that decodeScene reads, images included (W-45)', () => {
    const schema = buildASTSchema(
      parse(`type Query { scene: Scene }
        type Scene { id: ID! title: String details: String date: String rating100: Int updated_at: String
          files: [File!]! paths: Paths! studio: Named performers: [Named!]! tags: [Named!]! }
        type File { path: String! size: Int duration: Float } type Paths { screenshot: String } type Named { name: String! }`),
    );
    expect(validate(schema, parse(`{ scene { ...SceneFields } } ${SCENE_FIELDS}`))).toEqual([]);
    for (const name of [
      'details',
      'rating100',
      'updated_at',
      'files',
      'screenshot',
      'studio',
      'performers',
      'tags',
    ]) {
      expect(SCENE_FIELDS).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});

describe('further facts of a scene', () => {
  it('are asked for only on demand; without any the selection is the very same', () => {
    expect(sceneFields([])).toBe(SCENE_FIELDS);
    expect(sceneFields(['organized', 'endpoints', 'tagIds', 'studioId'])).toBe(
      SCENE_FIELDS.replace(/\}$/, '  organized stash_ids { endpoint } tags { id } studio { id }\n}'),
    );
    expect(decodeScene({ ...FULL, organized: true })).not.toHaveProperty('facts');
  });

  it('are read beside the names, and what Stash has nothing of is nothing', () => {
    const answer = {
      ...FULL,
      organized: true,
      stash_ids: [{ endpoint: 'https://stashdb.org/graphql' }],
      tags: [{ id: '21', name: 'Outdoor' }],
      studio: { id: '4', name: 'Acme' },
    };
    const facts = ['organized', 'endpoints', 'tagIds', 'studioId'] as const;
    expect(decodeScene(answer, facts)).toMatchObject({
      tags: ['Outdoor'],
      studio: 'Acme',
      facts: { organized: true, endpoints: ['https://stashdb.org/graphql'], tagIds: [21], studioId: 4 },
    });
    expect(decodeScene({ id: '7' }, facts).facts).toEqual({
      organized: false,
      endpoints: [],
      tagIds: [],
      studioId: null,
    });
    expect(decodeScene(answer, ['organized']).facts).toEqual({ organized: true });
  });
});
