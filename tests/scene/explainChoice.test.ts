import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileHolder } from '../../src/plex/PathIndex.ts';
import type { PlexFile } from '../../src/plex/PlexItem.ts';
import { createPathMap } from '../../src/plex/pathMap.ts';
import { type FoundByFile, rankByFile, type WantedFile } from '../../src/plex/rankByFile.ts';
import { chooseItems } from '../../src/scene/chooseItems.ts';
import { type ChoiceBasis, explainChoice } from '../../src/scene/explainChoice.ts';

const NO_MAP = createPathMap([]);

function item(ratingKey: string, file: string | PlexFile, sectionKey = '1'): FileHolder {
  return { ratingKey, sectionKey, files: [typeof file === 'string' ? { path: file } : file] };
}

const basis = (files: readonly WantedFile[], rest: Partial<ChoiceBasis> = {}): ChoiceBasis => ({
  files,
  map: NO_MAP,
  chosen: [],
  known: [],
  isStrict: true,
  ...rest,
});

/** `+1 path: reason` for an item of the scene, `-2 …` for another. */
const told = (items: readonly FileHolder[], options: ChoiceBasis) =>
  explainChoice(items, options).map(
    ({ ratingKey, isChosen, agreement, reason }) =>
      `${isChosen ? '+' : '-'}${ratingKey} ${agreement}: ${reason}`,
  );

/** As a sync finds it again. */
const known = (files: readonly WantedFile[], holder: FileHolder): FoundByFile<FileHolder>[] => {
  const match = rankByFile(files, [holder], NO_MAP);
  return match.outcome === 'match' ? [match] : [];
};

describe("why an item is, or is not, the scene's", () => {
  const wanted = [{ path: '/data/x/v.mkv', sizeBytes: 5_000_000 }];
  const plain = [{ path: '/data/x/v.mkv' }];
  const map = createPathMap([{ plex: '/media', stash: '/data' }]);

  it.each<[string, readonly FileHolder[], ChoiceBasis, string[]]>([
    [
      'an equal path beats an equal end',
      [item('1', '/data/x/v.mkv'), item('2', '/m/x/v.mkv')],
      basis(plain),
      [
        "+1 path: Its path is the scene's.",
        '-2 last 2 parts of the path: The whole path of Plex item 1 agrees, and not only its end.',
      ],
    ],
    [
      'path_map decides',
      [item('1', '/media/x/v.mkv'), item('2', '/media/y/v.mkv')],
      basis(plain, { map }),
      [
        "+1 path, by path_map: By path_map its path is the scene's.",
        '-2 name: Its file is another one: by path_map it lies elsewhere in Stash.',
      ],
    ],
    [
      'the longer end',
      [item('1', '/m/x/v.mkv'), item('2', '/m/y/v.mkv')],
      basis(plain),
      [
        '+1 last 2 parts of the path: The last 2 parts of its path agree.',
        '-2 name: The path of Plex item 1 agrees further: in 2 parts from its end, not in 1.',
      ],
    ],
    [
      'the size',
      [item('1', { path: '/m/a/v.mkv', sizeBytes: 5_000_000 }), item('2', '/m/b/v.mkv')],
      basis(wanted),
      ['+1 name and size: Its name and its size agree.', '-2 name: The size of Plex item 1 agrees as well.'],
    ],
    [
      'another size',
      [item('1', { path: '/m/x/v.mkv', sizeBytes: 6_000_000 })],
      basis(wanted),
      [
        "-1 last 2 parts of the path: Its file is another one: it has 6.0 MB (6000000 bytes), the scene's has 5.0 MB (5000000 bytes).",
      ],
    ],
    [
      'strict matching does not guess by a bare name',
      [item('1', '/m/v.mkv')],
      basis(plain),
      ['-1 name: Nothing but its name speaks for it, and strict_matching forbids to guess.'],
    ],
    [
      'without strict matching it does',
      [item('1', '/m/v.mkv')],
      basis(plain, { isStrict: false }),
      ['+1 name: Nothing but its name speaks for it, and it is taken because strict_matching is off.'],
    ],
    [
      'several that fit equally well',
      [item('1', '/m/v.mkv'), item('2', '/n/v.mkv')],
      basis(plain),
      [
        '-1 name: It fits as well as Plex item 2, and strict_matching forbids to guess.',
        '-2 name: It fits as well as Plex item 1, and strict_matching forbids to guess.',
      ],
    ],
    [
      'the first of them without strict matching',
      [item('1', '/m/v.mkv'), item('2', '/n/v.mkv')],
      basis(plain, { isStrict: false }),
      [
        '+1 name: It is the first of several that fit equally well, and is taken because strict_matching is off.',
        '-2 name: It fits as well as Plex item 1, which comes first.',
      ],
    ],
    [
      "the user's choice",
      [item('1', '/data/x/v.mkv'), item('2', '/n/v.mkv')],
      basis(plain, { chosen: ['2'] }),
      ["-1 path: You chose Plex item 2 for this scene's file.", '+2 name: You chose it for this scene.'],
    ],
    [
      'the last sync',
      [item('1', '/m/x/v.mkv'), item('2', '/n/x/v.mkv')],
      basis(plain, { known: known(plain, item('1', '/m/x/v.mkv')) }),
      [
        '+1 last 2 parts of the path: The last sync found it, and it still holds that file.',
        '-2 last 2 parts of the path: The last sync found Plex item 1, which still holds that file.',
      ],
    ],
    [
      'something certain beside a bare name',
      [item('1', '/data/x/v.mkv'), item('2', '/n/w.mkv')],
      basis([...plain, { path: '/data/x/w.mkv' }]),
      [
        "+1 path: Its path is the scene's.",
        '-2 name: Nothing but its name speaks for it, and Plex item 1 is certain.',
      ],
    ],
    [
      'items that do not fit as well as those in doubt',
      [item('1', '/m/x/v.mkv'), item('2', '/n/x/v.mkv'), item('3', '/n/v.mkv')],
      basis(plain),
      [
        '-1 last 2 parts of the path: It fits as well as Plex item 2, and strict_matching forbids to guess.',
        '-2 last 2 parts of the path: It fits as well as Plex item 1, and strict_matching forbids to guess.',
        '-3 name: Plex items 1, 2 fit better.',
      ],
    ],
    [
      'nothing of the name',
      [item('1', '/m/other.mkv')],
      basis(plain),
      ["-1 nothing: It holds no file of the name of one of the scene's."],
    ],
  ])('is told: %s', (_, items, options, sentences) => {
    expect(told(items, options)).toEqual(sentences);
  });
});

describe('the explanation', () => {
  const folder = fc.constantFrom('/data/x', '/data/y', '/m/x', '/n');
  const name = fc.constantFrom('v.mkv', 'w.mkv', 'other.mkv');
  const size = fc.option(fc.constantFrom(5, 6), { nil: undefined });
  const file = fc
    .tuple(folder, name, size)
    .map(([where, what, sizeBytes]) => ({ path: `${where}/${what}`, ...(sizeBytes ? { sizeBytes } : {}) }));
  const items = fc
    .array(fc.tuple(fc.array(file, { maxLength: 2 }), fc.constantFrom('1', '2')), { maxLength: 6 })
    .map((all) =>
      all
        .map(
          ([files, sectionKey], index): FileHolder => ({ ratingKey: String(index + 1), sectionKey, files }),
        )
        .sort((left, right) => left.sectionKey.localeCompare(right.sectionKey)),
    );
  const input = fc.record({
    files: fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1, maxLength: 3 }),
    items,
    chosen: fc.uniqueArray(fc.constantFrom('1', '2', '3'), { maxLength: 2 }),
    isStrict: fc.boolean(),
    maps: fc.boolean(),
  });

  it('names as the items of the scene exactly those that a sync takes, and has a reason for each', () => {
    fc.assert(
      fc.property(input, ({ files, items: candidates, chosen, isStrict, maps }) => {
        const map = createPathMap(maps ? [{ plex: '/m', stash: '/data' }] : []);
        const options = { files, map, chosen, known: [], isStrict };
        const verdicts = explainChoice(candidates, options);
        const { found } = chooseItems(rankByFile(files, candidates, map, chosen), [], { isStrict });
        const taken = new Set(found.map(({ item: { ratingKey } }) => ratingKey));
        for (const { ratingKey, isChosen, reason } of verdicts) {
          expect(isChosen).toBe(taken.has(ratingKey));
          expect(reason).toMatch(/^[A-Z].*\.$/);
        }
        expect(verdicts.map(({ ratingKey }) => ratingKey)).toEqual(
          candidates.map(({ ratingKey }) => ratingKey),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('holds to the latest choice whose item has a file of such a name, whatever else fits', () => {
    fc.assert(
      fc.property(input, ({ files, items: candidates, chosen, isStrict }) => {
        const names = files.map(({ path }) => path.split('/').at(-1));
        const holds = candidates.find(({ ratingKey }) => ratingKey === chosen[0]);
        fc.pre(holds?.files.some(({ path }) => names.includes(path.split('/').at(-1))) ?? false);
        const verdicts = explainChoice(candidates, { files, map: NO_MAP, chosen, known: [], isStrict });
        expect(verdicts.find(({ ratingKey }) => ratingKey === chosen[0])?.isChosen).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
