import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EditMemory } from '../../src/edit/EditMemory.ts';
import { fold } from '../../src/edit/listEdit.ts';
import { SyncError } from '../../src/failures/SyncError.ts';
import { PlexError } from '../../src/plex/PlexError.ts';
import type { ItemChange, ItemSnapshot } from '../../src/queue/ItemSnapshot.ts';
import { packSnapshot, unpackSnapshot } from '../../src/queue/packSnapshot.ts';
import { restoreItem } from '../../src/scene/restoreItem.ts';
import { syncItem } from '../../src/scene/syncItem.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import type { NewPlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { stateOf } from '../support/restoreOnBench.ts';
import { stashScene } from '../support/samples.ts';
import { type Bench, startBench } from '../support/startBench.ts';

const anyText = fc.oneof(
  fc.constantFrom(
    'A, b & c',
    '100%25',
    '+1=2?#;/\\',
    'Ame\u0301lie',
    '日本語',
    'ß',
    'null',
    ' blank ',
    'x'.repeat(300),
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.toWellFormed()),
);
/** Every field that can be synced beside those that always are. */
const FURTHER = {
  sync_labels: true,
  sync_groups: true,
  sync_studio_chain: true,
  sync_director: true,
  sync_code: true,
  content_rating: 'XXX',
  sort_title_template: '{group} {group_index} {title}',
};
/** Few names, so that scenes and items have some in common, in another order. */
const anyName = fc.oneof(
  fc.constantFrom('Ann', 'Bob', 'Cy', 'Dee', 'Eve, the first', 'F & g', '50%'),
  anyText,
);
const someNames = fc
  .uniqueArray(anyName, { maxLength: 7, selector: fold })
  .map((list) => list.filter((name) => name.trim() !== ''));
/** Plex makes the first letter of a collection that an edit names a capital; where that is two letters, it is another collection. */
const someCollections = someNames.map((names) =>
  names.filter(([first = '']) => first.toUpperCase().length === 1),
);
/** More than one request can carry. */
const manyNames = fc
  .integer({ min: 150, max: 300 })
  .map((count) => Array.from({ length: count }, (_, index) => `Довольно длинная метка ${index}`));

const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    title: fc.option(anyText),
    details: fc.option(anyText),
    studio: fc.option(anyName),
    date: fc.constantFrom(null, '2021-05-04', '1999-12'),
    rating100: fc.option(fc.integer({ min: 0, max: 100 })),
    performers: someNames,
    tags: fc.oneof({ weight: 9, arbitrary: someNames }, { weight: 1, arbitrary: manyNames }),
    code: fc.option(anyText),
    director: fc.option(anyName),
    groups: fc.array(fc.record({ name: anyName, index: fc.constantFrom(null, 2) }), { maxLength: 2 }),
    parentStudios: someNames,
  })
  .map(stashScene);

const anyLock = fc.constantFrom(
  'title',
  'titleSort',
  'summary',
  'genre',
  'actor',
  'collection',
  'userRating',
  'label',
  'director',
  'contentRating',
  'originalTitle',
);
const anyItem = (lists: fc.Arbitrary<string[]>): fc.Arbitrary<NewPlexItem> =>
  fc
    .record({
      title: anyText.map((text) => text.trim() || 'clip'),
      titleSort: fc.constantFrom('', 'Sorted'),
      summary: fc.oneof(anyText, fc.constant('слово '.repeat(150))),
      studio: anyText,
      originallyAvailableAt: fc.constantFrom('', '2021-05-04', '1980-01-01'),
      genres: lists,
      collections: someCollections,
      labels: someCollections,
      directors: someNames,
      contentRating: fc.constantFrom('', 'PG'),
      originalTitle: anyText,
      roles: someNames.map((names) =>
        names.map((tag, index) => (index % 2 === 0 ? { tag, role: `Role ${index}` } : { tag })),
      ),
      userRating: fc.option(fc.constantFrom(0, 3.5, 10), { nil: undefined }),
      locked: fc.uniqueArray(anyLock),
    })
    .map(({ userRating, titleSort, ...item }) => ({
      thumb: '',
      art: '',
      ...item,
      ...(userRating === undefined ? {} : { userRating }),
      ...(titleSort === '' ? {} : { titleSort }),
    }));

/** One item of a running double, synced with one scene after another, and then restored. */
async function syncAndRestore(bench: Bench, item: NewPlexItem, scenes: readonly Scene[], puts: number) {
  const { plex } = bench.context;
  const { ratingKey } = bench.plex.library.addItem(bench.sectionKey, item);
  const state = () => {
    const found = bench.plex.library.item(ratingKey);
    if (!found) throw new Error('The item is gone.');
    return stateOf(found);
  };
  const read = async () => {
    const [found] = await plex.items([ratingKey]);
    if (!found) throw new Error('Plex does not tell about the item.');
    return found;
  };
  let memory: EditMemory = {};
  let kept: Buffer | undefined;
  const snapshot = (): ItemSnapshot | undefined => kept && unpackSnapshot(kept);
  const before = state();
  for (const scene of scenes) {
    const keep = (written: EditMemory, change?: ItemChange) => {
      memory = JSON.parse(JSON.stringify(written)) as EditMemory;
      if (change) kept = packSnapshot(change.snapshot);
    };
    try {
      const input = { scene, item: await read(), memory, keep, kept: snapshot };
      keep((await syncItem(input, bench.context)).memory);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
    }
  }
  let fields = snapshot()?.fields ?? {};
  const restore = async () => {
    const expect = (changed: ItemSnapshot['fields']) => {
      fields = changed;
    };
    return restoreItem({ item: await read(), fields, isForced: false, isEditProven: true, expect }, plex);
  };
  const fault = bench.plex.faults.add({
    match: { method: 'PUT' },
    nth: puts + 1,
    action: { kind: 'status', status: 503 },
  });
  await restore().catch((error: unknown) => {
    if (!(error instanceof PlexError)) throw error;
  });
  fault.remove();
  const end = await restore();
  const after = state();
  bench.plex.log.clear();
  await restore();
  const writes = bench.plex.log.entries.filter(({ method }) => method !== 'GET').length;
  return { before, after, end, writes };
}

describe('restoring an item', () => {
  it.each([
    ['add', 'usual', {}],
    ['replace', 'usual', {}],
    ['add', 'all', FURTHER],
    ['replace', 'all', FURTHER],
  ] as const)(
    'makes it what it was, whatever was synced to it and wherever it was interrupted, and leaves nothing to do (lists: %s, fields: %s)',
    async (tagMode, _fields, further) => {
      const bench = await startBench({
        plex: { switches: { tagMode } },
        settings: { sync_rating: true, max_tags: 500, ...further },
      });
      // A Plex that replaces its lists takes no more names than one request carries, from anybody.
      const lists = tagMode === 'add' ? fc.oneof({ weight: 6, arbitrary: someNames }, manyNames) : someNames;
      await fc.assert(
        fc.asyncProperty(
          anyItem(lists),
          fc.array(anyScene, { minLength: 1, maxLength: 3 }),
          fc.nat(4),
          async (item, scenes, puts) => {
            const { before, after, end, writes } = await syncAndRestore(bench, item, scenes, puts);
            expect(after).toBe(before);
            expect(end).toMatchObject({ left: [], refused: [], shortened: [] });
            expect(writes).toBe(0);
          },
        ),
        { numRuns: 25 },
      );
      expect(bench.plex.violations).toEqual([]);
    },
    60_000,
  );
});
