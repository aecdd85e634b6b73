import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wantedCollections } from '../../src/edit/collections.ts';
import { fold } from '../../src/edit/listEdit.ts';
import { type WantedItem, wantedItem } from '../../src/edit/WantedItem.ts';
import { SyncError } from '../../src/failures/SyncError.ts';
import { PlexError } from '../../src/plex/PlexError.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import { itemSyncer } from '../support/itemSyncer.ts';
import { derivedTitleSort } from '../support/plexDouble/ItemRecord.ts';
import type { FaultAction, NewPlexItem, PlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { stashScene } from '../support/samples.ts';
import { type Bench, startBench } from '../support/startBench.ts';

const MODES = ['add', 'replace'] as const;

const EVERYTHING = {
  max_tags: 500,
  sync_performer_tags: true,
  ignore_tags: 'Ignored; ',
  sync_labels: true,
  label_prefix: 'Stash: ',
  sync_groups: true,
  group_prefix: 'Group, ',
  sync_studio_chain: true,
  sync_director: true,
  sync_code: true,
  content_rating: 'XXX',
  title_template: '{studio} - {title} ({year}) [{code}]',
  sort_title_template: '{group} {group_index}: {title}',
};

/** The same few names everywhere, so that sources, items and earlier scenes often meet. */
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('Acme', 'acme', 'Lake', 'Group, Lake', 'Stash: Lake', 'Ignored') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'A, b & c',
      '100%25',
      '%2C',
      'Amélie',
      '😀 👩‍👩‍👧',
      '日本語',
      '\u200b',
      ' ',
      'ẞ ß',
      'The',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
);
const names = fc.array(name, { maxLength: 4 });
const maybe = fc.option(name);
const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    title: fc.oneof(maybe, fc.constantFrom('The Walk', 'A walk', 'Walk')),
    studio: maybe,
    date: fc.constantFrom(null, '2021-05-04', '2021', 'soon'),
    performers: names,
    tags: names,
    code: maybe,
    director: maybe,
    groups: fc.array(fc.record({ name, index: fc.constantFrom(null, 0, 3, 12) }), { maxLength: 3 }),
    parentStudios: names,
    performerTags: names,
  })
  .map(stashScene);
const plexNames = fc
  .uniqueArray(
    name.map((text) => text.toWellFormed()),
    { maxLength: 4, selector: fold },
  )
  .map((list) => list.filter((text) => text.trim() !== ''));
const plexText = name.map((text) => text.toWellFormed().trim());
const anyItem: fc.Arbitrary<NewPlexItem> = fc
  .record({
    title: fc.constantFrom('clip', 'The Walk', 'Walk'),
    titleSort: fc.oneof(fc.constant(''), plexText),
    originalTitle: plexText,
    contentRating: fc.constantFrom('', 'XXX', 'PG'),
    genres: plexNames,
    collections: plexNames,
    labels: plexNames,
    directors: plexNames,
    locked: fc.subarray(['titleSort', 'label']),
  })
  .map((item) => ({ thumb: '', art: '', ...item }));

const folded = (list: readonly string[]) => [...new Set(list.map(fold))].sort();

function benchOf(mode: (typeof MODES)[number], settings: Record<string, unknown> = {}): Promise<Bench> {
  return startBench({ plex: { switches: { tagMode: mode } }, settings: { ...EVERYTHING, ...settings } });
}

/** What Plex really sorts by. */
const sortedBy = ({ title, titleSort }: PlexItem) => titleSort ?? derivedTitleSort(title);

function expectEqual(now: PlexItem, before: PlexItem, wanted: WantedItem) {
  expect(now.title).toBe(wanted.title ?? before.title);
  expect(now.originalTitle ?? '').toBe(wanted.originalTitle);
  expect(now.contentRating).toBe('XXX');
  if (wanted.titleSort) expect(sortedBy(now)).toBe(wanted.titleSort);
  // One that the plugin wrote is Plex's own again.
  else if (!before.titleSort && !before.lockedFields.includes('titleSort'))
    expect(now.titleSort).toBeUndefined();
  expect(folded(now.directors)).toEqual(folded(wanted.directors ?? []));
  expect(folded(now.genres)).toEqual(folded(wanted.genres ?? []));
  expect(folded(now.labels)).toEqual(folded([...before.labels, ...(wanted.labels ?? [])]));
  expect(folded(now.collections)).toEqual(
    folded([...before.collections, ...(wantedCollections(wanted) ?? [])]),
  );
}

describe.each(MODES)('syncing any item with any scene in every field, in a Plex whose tags %s', (mode) => {
  it('makes it exactly what is wanted, and a second sync writes nothing', async () => {
    const bench = await benchOf(mode);
    await fc.assert(
      fc.asyncProperty(anyItem, anyScene, async (told, scene) => {
        const item = itemSyncer(bench, told);
        const before = item.now();
        await item.sync(scene);
        expectEqual(item.now(), before, wantedItem(scene, bench.context.settings));
        const after = item.now();
        expect(await item.sync(scene)).toEqual({ writes: 0, warnings: [] });
        expect(item.now()).toEqual(after);
      }),
      { numRuns: 80 },
    );
    expect(bench.plex.violations).toEqual([]);
  }, 60_000);

  it('ends with the last of several scenes: of an earlier one nothing is left, of others everything', async () => {
    const bench = await benchOf(mode);
    const scenes = fc.array(anyScene, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyItem, scenes, async (told, list) => {
        const item = itemSyncer(bench, told);
        const before = item.now();
        let title: string | undefined;
        for (const scene of list) {
          await item.sync(scene);
          title = wantedItem(scene, bench.context.settings).title ?? title;
        }
        const wanted = wantedItem(list.at(-1) ?? stashScene(), bench.context.settings);
        // Of a Plex that is not to be preserved, the collection of the scene's own studio is the plugin's.
        const studios = list
          .slice(0, -1)
          .map((scene) => fold(wantedItem(scene, bench.context.settings).collection ?? ''));
        const collections = before.collections.filter((each) => !studios.includes(fold(each)));
        expectEqual(
          item.now(),
          { ...before, collections },
          title === undefined ? wanted : { ...wanted, title },
        );
        expect(await item.sync(list.at(-1) ?? stashScene())).toMatchObject({ writes: 0 });
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('when it is to preserve, changes nothing that is there', async () => {
    const bench = await benchOf(mode, { preserve_plex_edits: true });
    await fc.assert(
      fc.asyncProperty(anyItem, anyScene, anyScene, async (told, first, second) => {
        const item = itemSyncer(bench, told);
        const before = item.now();
        for (const scene of [first, second]) {
          await item.sync(scene);
          const now = item.now();
          expect(now.title).toBe(before.title);
          if (before.titleSort) expect(now.titleSort).toBe(before.titleSort);
          if (before.originalTitle) expect(now.originalTitle).toBe(before.originalTitle);
          if (before.contentRating) expect(now.contentRating).toBe(before.contentRating);
          const wanted = wantedItem(scene, bench.context.settings);
          expect(folded(now.directors)).toEqual(folded([...before.directors, ...(wanted.directors ?? [])]));
          expect(folded(now.labels)).toEqual(folded([...before.labels, ...(wanted.labels ?? [])]));
          expect(folded(now.collections)).toEqual(
            folded([...before.collections, ...(wantedCollections(wanted) ?? [])]),
          );
          expect(await item.sync(scene)).toEqual({ writes: 0, warnings: [] });
          expect(item.now()).toEqual(now);
        }
      }),
      { numRuns: 40 },
    );
    expect(bench.plex.violations).toEqual([]);
  }, 60_000);
});

/** What may happen to the PUTs of a sync: refused, failed without or with effect. */
const WRITE_FAULTS: readonly (FaultAction | undefined)[] = [
  undefined,
  { kind: 'status', status: 400 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 500, applied: true },
  { kind: 'status', status: 504, applied: true },
];

describe('syncing every field through any failures', () => {
  it("ends with the last scene, nothing left of an earlier one, nothing of the user's gone", async () => {
    const bench = await benchOf('add');
    const step = fc.record({
      scene: anyScene,
      action: fc.constantFrom(...WRITE_FAULTS),
      nth: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), anyScene, async (list, last) => {
        const item = itemSyncer(bench, {
          title: 'clip',
          thumb: '',
          art: '',
          labels: ['Mine'],
          collections: ['My own'],
          directors: ['Theirs'],
        });
        const before = item.now();
        let title: string | undefined;
        for (const { scene, action, nth } of list) {
          if (action) bench.plex.faults.add({ match: ({ method }) => method === 'PUT', nth, action });
          await item.sync(scene).catch((error: unknown) => {
            if (!(error instanceof PlexError || error instanceof SyncError)) throw error;
          });
          bench.plex.faults.clear();
          title = item.now().title;
        }
        await item.sync(last);
        const wanted = wantedItem(last, bench.context.settings);
        expectEqual(
          item.now(),
          before,
          wanted.title === undefined ? { ...wanted, title: title ?? '' } : wanted,
        );
        expect(await item.sync(last)).toMatchObject({ writes: 0 });
      }),
      { numRuns: 60 },
    );
    expect(bench.plex.violations).toEqual([]);
  }, 60_000);
});
