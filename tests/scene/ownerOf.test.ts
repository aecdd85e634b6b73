import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlexVersion, type OwnerCandidate, ownerOf } from '../../src/scene/ownerOf.ts';

const files = [
  { path: '/m/cd1.mkv', sizeBytes: 10 },
  { path: '/m/cd2.mkv', sizeBytes: 30 },
  { path: '/m/Plex Versions/TV/cd1.mp4', sizeBytes: 90 },
];
const of = (sceneId: number, ...indexes: number[]): OwnerCandidate => ({
  sceneId,
  files: indexes.map((index) => files[index]?.path ?? ''),
});

const chosen = (candidate: OwnerCandidate, chosenAtMs: number): OwnerCandidate => ({
  ...candidate,
  chosenAtMs,
});

describe('the owner of an item', () => {
  it.each<[string, OwnerCandidate[], number | undefined, number | undefined]>([
    ['is the scene of the first file', [of(1, 1), of(2, 0)], undefined, 2],
    ['is that one, whoever had it before', [of(1, 1), of(2, 0)], 1, 2],
    ["is the next file's when the first one is nobody's", [of(5, 1)], undefined, 5],
    ['has the largest file when two have the first one', [of(1, 0), of(2, 0, 1)], 1, 2],
    ['is the one who had it when nothing else tells two apart', [of(1, 0), of(2, 0)], 2, 2],
    ['is the oldest of two that never had it', [of(2, 0), of(1, 0)], 7, 1],
    ['is nobody whose only file is a version that Plex made', [of(1, 2)], 1, undefined],
    ['is not the one whose version is the largest', [of(1, 0, 2), of(2, 0, 1)], undefined, 2],
    ['is nobody when nobody has a file', [of(1)], 1, undefined],
    [
      'is the one for which the user chose it, whoever has the first file',
      [of(1, 0), chosen(of(2, 1), 5)],
      1,
      2,
    ],
    ['is the one chosen last of several', [chosen(of(1, 0), 5), chosen(of(2, 1), 6)], 1, 2],
    ['is not one that was chosen and has nothing but a version', [chosen(of(1, 2), 5), of(2, 1)], 1, 2],
  ])('%s (A2)', (_, candidates, former, expected) => {
    expect(ownerOf(files, candidates, former)).toBe(expected);
  });

  it.each([
    ['/m/Plex Versions/TV/a.mp4', true],
    ['D:\\m\\plex versions\\a.mp4', true],
    ['/m/Plex Versions.mkv', false],
    ['/m/My Plex Versions/a.mp4', false],
  ])('%s is a version: %s (A2)', (path, expected) => {
    expect(isPlexVersion(path)).toBe(expected);
  });

  const paths = ['/m/a', '/m/b', '/m/c', '/m/Plex Versions/a', '/m/Plex Versions/b'];
  const item = fc
    .uniqueArray(fc.constantFrom(...paths), { minLength: 1 })
    .chain((list) =>
      fc.tuple(...list.map((path) => fc.record({ path: fc.constant(path), sizeBytes: fc.nat(3) }))),
    );
  const scenes = fc.uniqueArray(
    fc.record(
      {
        sceneId: fc.integer({ min: 1, max: 9 }),
        files: fc.subarray(paths),
        chosenAtMs: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: ['sceneId', 'files'] },
    ),
    { selector: ({ sceneId }) => sceneId, maxLength: 6 },
  );

  it('is the same whoever is asked about first, and exactly one wherever any scene may be it (A2)', () => {
    fc.assert(
      fc.property(
        item.chain((list) => fc.tuple(fc.constant(list), scenes, fc.option(fc.integer({ min: 1, max: 9 })))),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        ([list, candidates, former], order) => {
          const owner = ownerOf(list, candidates, former ?? undefined);
          const shuffled = candidates
            .map((candidate) => ({ candidate, rank: order.next().value ?? 0 }))
            .sort((left, right) => left.rank - right.rank)
            .map(({ candidate }) => candidate);
          expect(ownerOf(list, shuffled, former ?? undefined)).toBe(owner);
          const mayOwn = candidates.filter((candidate) =>
            list.some(({ path }) => !isPlexVersion(path) && candidate.files.includes(path)),
          );
          expect(mayOwn.map(({ sceneId }) => sceneId).includes(owner ?? -1)).toBe(mayOwn.length > 0);
          const latest = Math.max(0, ...mayOwn.map(({ chosenAtMs = 0 }) => chosenAtMs));
          const { chosenAtMs = 0 } = mayOwn.find(({ sceneId }) => sceneId === owner) ?? {};
          expect(chosenAtMs).toBe(latest);
          // Once it has the item it keeps it.
          expect(ownerOf(list, candidates, owner)).toBe(owner);
        },
      ),
    );
  });
});
