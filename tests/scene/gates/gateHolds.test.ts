import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GATES } from '../../../src/scene/gates/Gate.ts';
import { boxKey, type GateRules } from '../../../src/scene/gates/GateRules.ts';
import { type GatedScene, gateHold, gateHolds } from '../../../src/scene/gates/gateHolds.ts';
import { pathGlob } from '../../../src/scene/gates/pathGlob.ts';

const BARE: GatedScene = { files: [{ path: '/data/films/one.mkv' }], rating100: null };
const scene = (...parts: (Partial<GatedScene> | undefined)[]): GatedScene =>
  Object.assign({ ...BARE }, ...parts);
const STASHDB = 'https://stashdb.org/graphql';

describe('each gate', () => {
  it.each<[what: string, rules: GateRules, held: GatedScene[], passing: GatedScene[]]>([
    ['organized', { organized: true }, [BARE, scene({ organized: false })], [scene({ organized: true })]],
    ['any stash-id', { stash_id: 'any' }, [scene({ endpoints: [] })], [scene({ endpoints: ['x'] })]],
    [
      'a stash-box',
      { stash_id: new Set([boxKey('StashDB.org/')]) },
      [scene({ endpoints: [] }), scene({ endpoints: ['https://other.example/graphql'] })],
      [scene({ endpoints: ['https://other.example/graphql', STASHDB] })],
    ],
    [
      'included tags',
      { include_tags: new Set([1, 2]) },
      [BARE, scene({ tagIds: [3] })],
      [scene({ tagIds: [3, 2] })],
    ],
    ['included tags, none known', { include_tags: new Set() }, [BARE, scene({ tagIds: [3] })], []],
    [
      'excluded tags',
      { exclude_tags: new Set([1]) },
      [scene({ tagIds: [3, 1] })],
      [BARE, scene({ tagIds: [3] })],
    ],
    ['excluded tags, none known', { exclude_tags: new Set() }, [], [BARE, scene({ tagIds: [3] })]],
    [
      'included studios',
      { include_studios: new Set([5]) },
      [BARE, scene({ studioId: null }), scene({ studioId: 6 })],
      [scene({ studioId: 5 })],
    ],
    [
      'excluded studios',
      { exclude_studios: new Set([5]) },
      [scene({ studioId: 5 })],
      [scene({ studioId: null })],
    ],
    [
      'included places',
      { include_paths: [pathGlob('/data/films/**')] },
      [scene({}, { files: [{ path: '/data/clips/one.mkv' }] })],
      [
        BARE,
        scene({}, { files: [{ path: '/x.mkv' }, { path: '/data/films/one.mkv' }] }),
        scene({}, { files: [] }),
      ],
    ],
    [
      'excluded places',
      { exclude_paths: [pathGlob('/data/clips/**'), pathGlob('*.iso')] },
      [scene({}, { files: [{ path: '/data/films/one.mkv' }, { path: '/data/films/one.iso' }] })],
      [BARE, scene({}, { files: [] })],
    ],
    ['a rating', { min_rating: 60 }, [BARE, scene({}, { rating100: 59 })], [scene({}, { rating100: 60 })]],
  ])('%s', (_, rules, held, passing) => {
    const [gate] = Object.keys(rules);
    for (const each of held) {
      expect(gateHold(each, rules)).toEqual({
        gate,
        reason: expect.stringMatching(/^(it|no file|a file) .*gate_/),
      });
    }
    for (const each of passing) expect(gateHold(each, rules)).toBeUndefined();
  });

  it('says of an unrated scene that it is not rated, and of another how it is', () => {
    expect(gateHold(BARE, { min_rating: 60 })?.reason).toContain('is not rated');
    expect(gateHold(scene({}, { rating100: 40 }), { min_rating: 60 })?.reason).toContain('is rated 40');
  });
});

describe('all gates together', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
  const some = fc.option(
    ids.map((each) => new Set(each)),
    { nil: undefined },
  );
  const place = fc.constantFrom('/data/films/a.mkv', '/data/clips/a.mkv');
  const tests = fc.option(
    fc.constantFrom('/data/films/**', '/data/clips/**').map((pattern) => [pathGlob(pattern)]),
    { nil: undefined },
  );
  const rulesOf = fc
    .record({
      organized: fc.constantFrom(true as const, undefined),
      stash_id: fc.constantFrom('any' as const, undefined),
      include_tags: some,
      exclude_tags: some,
      include_studios: some,
      exclude_studios: some,
      include_paths: tests,
      exclude_paths: tests,
      min_rating: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    })
    .map(
      (rules) =>
        Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined)) as GateRules,
    );
  const sceneOf: fc.Arbitrary<GatedScene> = fc.record({
    files: fc.array(
      place.map((path) => ({ path })),
      { maxLength: 2 },
    ),
    rating100: fc.option(fc.integer({ min: 1, max: 100 })),
    organized: fc.boolean(),
    endpoints: fc.constantFrom([], [STASHDB]),
    tagIds: ids,
    studioId: fc.constantFrom(1, 2, 3, 4, null),
  });

  it('hold back exactly whom one of them alone does, and the first of them is told', () => {
    fc.assert(
      fc.property(sceneOf, rulesOf, (each, rules) => {
        const alone = GATES.filter((gate) => {
          const rule = rules[gate];
          return rule !== undefined && gateHold(each, { [gate]: rule }) !== undefined;
        });
        expect(gateHolds(each, rules).map(({ gate }) => gate)).toEqual(alone);
        expect(gateHold(each, rules)?.gate).toBe(alone[0]);
      }),
    );
  });

  it('never let an excluded scene through, whatever else is included', () => {
    fc.assert(
      fc.property(sceneOf, rulesOf, (each, rules) => {
        const excluded = { ...each, tagIds: [...(each.tagIds ?? []), 9] };
        expect(gateHold(excluded, { ...rules, exclude_tags: new Set([9]) })?.gate).toBe('exclude_tags');
      }),
    );
  });

  it('hold back nobody while all are open', () => {
    fc.assert(
      fc.property(sceneOf, (each) => {
        expect(gateHolds(each, {})).toEqual([]);
      }),
    );
  });
});
