import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/edit/listEdit.ts';
import { type WantedItem, wantedItem } from '../../src/edit/WantedItem.ts';
import { SyncError } from '../../src/failures/SyncError.ts';
import { PlexError } from '../../src/plex/PlexError.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import { itemSyncer } from '../support/itemSyncer.ts';
import type { FaultAction, NewPlexItem, PlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { stashScene } from '../support/samples.ts';
import { type Bench, startBench } from '../support/startBench.ts';

/** Whether indexed tags add to a list or replace it: nobody knows for sure (plex-http-api.md 3.6.4). */
const MODES = ['add', 'replace'] as const;
type Mode = (typeof MODES)[number];

/** What is hard to carry through a query, to compare, or to show. */
const SPECIAL = [
  'A, b & c',
  ',',
  '100%',
  '%2C',
  '100%25',
  '+1=2?#;/\\',
  "\"quoted\" 'it's'",
  '<b>&amp;</b>',
  'Amélie',
  'Ame\u0301lie',
  '😀 👩‍👩‍👧 🏳️‍🌈',
  'שלום עולם',
  'مرحبا \u202bRTL\u202c',
  '日本語',
  'null',
  '[0].tag.tag',
  'ẞ ß',
  '\u200b',
  'می‌خواهم',
  'میخواهم',
  '\u200fשלום\u200f – עולם',
  '\u061cعربي \u2067bidi\u2069',
  'Sci–Fi',
  'Sci-Fi',
  'rock ’n’ roll…',
  'N\u00a0o',
  'N o',
  '\u3000日本\u3000映画',
  'half \ud83d',
  '\udc00 half',
  '\ufeffmark',
  '\u0085\u009f\u0007',
  '👩‍👩‍👧'.repeat(60),
  'x'.repeat(300),
];
const anyText = fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ unit: 'grapheme', maxLength: 30 }));
const longText = fc
  .tuple(
    fc.constantFrom('word ', 'слово ', 'line\n', '長い', '😀', '% & '),
    fc.integer({ min: 1_000, max: 10_000 }),
  )
  .map(([part, length]) => part.repeat(length).slice(0, length));
const paragraphs = fc.array(fc.oneof(anyText, fc.constantFrom('\n', '\r\n', '\t')), { maxLength: 10 });
const fewNames = fc.array(anyText, { maxLength: 8 });
/** Lists that need one request, several, and more than any limit allows. */
const manyNames = fc
  .tuple(
    fc.constantFrom('Tag', 'Довольно длинная метка', '長い名前の出演者', 'A, b & c'),
    fc.integer({ min: 20, max: 500 }),
  )
  .map(([text, count]) => Array.from({ length: count }, (_, index) => `${text} ${index}`));
const names = fc.oneof({ weight: 4, arbitrary: fewNames }, { weight: 1, arbitrary: manyNames });
const anyDate = fc.constantFrom(null, '2021-05-04', '2021', '1999-12', 'soon');
const anyRating = fc.option(fc.integer({ min: 0, max: 100 }));

const sceneOf = (list: fc.Arbitrary<string[]>): fc.Arbitrary<Scene> =>
  fc
    .record({
      title: fc.option(anyText),
      details: fc.oneof(
        fc.constant(null),
        paragraphs.map((parts) => parts.join('')),
        longText,
      ),
      studio: fc.option(anyText),
      date: anyDate,
      rating100: anyRating,
      performers: list,
      tags: list,
    })
    .map(stashScene);
const anyScene = sceneOf(names);

/** Plex's texts are UTF-8, which has no halves of characters. */
const plexText = anyText.map((text) => text.toWellFormed());
/** Names as Plex itself holds them: whatever was typed, each once. */
const plexNames = fc
  .uniqueArray(plexText, { maxLength: 6, selector: fold })
  .map((list) => list.filter((name) => name.trim() !== ''));
const anyItem: fc.Arbitrary<NewPlexItem> = fc
  .record({
    summary: fc.oneof(plexText, longText),
    studio: plexText,
    originallyAvailableAt: fc.constantFrom('', '2021-05-04', '1980-01-01'),
    genres: fc.oneof(plexNames, manyNames),
    collections: plexNames,
    roles: plexNames,
    userRating: fc.constantFrom(0, 3.5, 10),
  })
  .map((item) => ({ title: 'clip', thumb: '', art: '', ...item }));

const roles = ({ roles: list }: PlexItem) => list.map(({ tag }) => tag);
const folded = (list: readonly string[]) => [...new Set(list.map(fold))].sort();

async function benchOf(mode: Mode, settings: Record<string, unknown> = {}): Promise<Bench> {
  return startBench({
    plex: { switches: { tagMode: mode } },
    settings: { sync_rating: true, max_tags: 500, ...settings },
  });
}

/** A list of which Plex has only a part must be the first names, with one warning that says how many. */
function expectCut(
  list: readonly string[],
  wanted: readonly string[],
  warnings: readonly string[],
  word: string,
) {
  const expected = wanted.slice(0, list.length);
  expect(folded(list)).toEqual(folded(expected));
  expect(list.length).toBeGreaterThan(0);
  expect(warnings.filter((text) => text.includes(`${list.length} of ${wanted.length} ${word}`))).toHaveLength(
    1,
  );
}

function expectEqual(now: PlexItem, before: PlexItem, wanted: WantedItem, mode: Mode, warnings: string[]) {
  expect(now.title).toBe(wanted.title ?? before.title);
  expect(now.summary).toBe(wanted.summary);
  expect(now.studio ?? '').toBe(wanted.studio);
  expect(now.originallyAvailableAt ?? '').toBe(
    wanted.originallyAvailableAt ?? before.originallyAvailableAt ?? '',
  );
  // A rating that the user gave stays when the scene has none.
  expect(now.userRating ?? 0).toBeCloseTo(wanted.userRating ?? before.userRating ?? 0);
  const lists = [
    [now.genres, wanted.genres ?? [], 'tags'],
    [roles(now), wanted.actors ?? [], 'performers'],
  ] as const;
  for (const [list, names, word] of lists) {
    if (mode === 'replace' && list.length < names.length) expectCut(list, names, warnings, word);
    else expect(folded(list)).toEqual(folded(names));
  }
  const own = wanted.collection ? [wanted.collection] : [];
  expect(folded(now.collections)).toEqual(folded([...before.collections, ...own]));
}

describe.each(MODES)('syncing any item with any scene, in a Plex whose tags %s', (mode) => {
  it('makes it exactly what is wanted, and a second sync writes nothing (W-24, W-25, W-26, W-27, W-36)', async () => {
    const bench = await benchOf(mode);
    await fc.assert(
      fc.asyncProperty(anyItem, anyScene, async (told, scene) => {
        const item = itemSyncer(bench, told);
        const before = item.now();
        const wanted = wantedItem(scene, bench.context.settings);
        const { warnings } = await item.sync(scene);
        expectEqual(item.now(), before, wanted, mode, warnings);
        const after = item.now();
        expect(await item.sync(scene)).toEqual({ writes: 0, warnings: [] });
        expect(item.now()).toEqual(after);
      }),
      { numRuns: 120 },
    );
    expect(bench.plex.violations).toEqual([]);
    expect(bench.lines.filter(({ level }) => level === 'error')).toEqual([]);
  }, 60_000);

  it('ends with the last of several scenes: nothing of an earlier one is left (W-26)', async () => {
    const bench = await benchOf(mode, { sync_rating: false });
    const scenes = fc.array(sceneOf(fewNames), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyItem, scenes, async (told, list) => {
        const item = itemSyncer(bench, told);
        const before = item.now();
        let title: string | undefined;
        let date: string | undefined;
        for (const scene of list) {
          await item.sync(scene);
          const { title: newest = title, originallyAvailableAt = date } = wantedItem(
            scene,
            bench.context.settings,
          );
          [title, date] = [newest, originallyAvailableAt];
        }
        const wanted = wantedItem(list.at(-1) ?? stashScene(), bench.context.settings);
        const left = {
          ...wanted,
          ...(title ? { title } : {}),
          ...(date === undefined ? {} : { originallyAvailableAt: date }),
        };
        expectEqual(item.now(), { ...before, collections: theirs(before, list, bench) }, left, 'add', []);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('when it is to preserve, changes nothing that is there and takes away only its own (W-26, W-29)', async () => {
    const bench = await benchOf(mode, { preserve_plex_edits: true });
    await fc.assert(
      fc.asyncProperty(anyItem, anyScene, anyScene, async (told, first, second) => {
        const item = itemSyncer(bench, told);
        const before = item.now();
        const wanted = wantedItem(first, bench.context.settings);
        const { warnings } = await item.sync(first);
        expectPreserved(item.now(), before, wanted, warnings);
        const between = item.now();
        expect(await item.sync(first)).toEqual({ writes: 0, warnings: [] });
        expect(item.now()).toEqual(between);

        const next = wantedItem(second, bench.context.settings);
        const { warnings: more } = await item.sync(second);
        // Texts that the first scene filled in count as Plex's own by now; its names are still ours.
        const texts = {
          ...between,
          genres: before.genres,
          roles: before.roles,
          collections: before.collections,
        };
        expectPreserved(item.now(), texts, next, [...warnings, ...more]);
      }),
      { numRuns: 80 },
    );
    expect(bench.plex.violations).toEqual([]);
  }, 60_000);
});

describe('syncing only the title of any scene to any item', () => {
  it('changes nothing else, and a second sync writes nothing (A9)', async () => {
    const bench = await benchOf('add', { sync_rating: false });
    await fc.assert(
      fc.asyncProperty(anyItem, sceneOf(fewNames), async (told, scene) => {
        const item = itemSyncer(bench, told);
        const before = item.now();
        await item.sync(scene, 'title');
        const { title = before.title } = wantedItem(scene, bench.context.settings);
        const { lockedFields, updatedAt: _, ...after } = item.now();
        expect({ ...before, ...after }).toEqual({ ...before, title });
        expect(lockedFields).toEqual(title === before.title ? [] : ['title']);
        expect(await item.sync(scene, 'title')).toMatchObject({ writes: 0 });
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

/** What may happen to the PUTs of a sync: refused, failed without or with effect, or not understood. */
const WRITE_FAULTS: readonly (FaultAction | undefined)[] = [
  undefined,
  { kind: 'status', status: 400 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 500, applied: true },
  { kind: 'maintenance' },
  { kind: 'status', status: 504, applied: true },
];

describe.each([false, true])('syncing through any failures, preserving Plex: %s', (preserves) => {
  it("ends with the last scene, nothing left of an earlier one, nothing of the user's gone (W-26, W-29, W-37)", async () => {
    const bench = await benchOf('add', { sync_rating: !preserves, preserve_plex_edits: preserves });
    const step = fc.record({
      scene: sceneOf(fewNames),
      action: fc.constantFrom(...WRITE_FAULTS),
      nth: fc.integer({ min: 1, max: 3 }),
    });
    const steps = fc.array(step, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(anyItem, steps, sceneOf(fewNames), async (told, list, last) => {
        const item = itemSyncer(bench, {
          ...told,
          genres: ['Mine'],
          roles: ['Me'],
          collections: ['My own'],
          userRating: 0,
        });
        for (const { scene, action, nth } of list) {
          if (action) bench.plex.faults.add({ match: ({ method }) => method === 'PUT', nth, action });
          await item.sync(scene).catch((error: unknown) => {
            if (!(error instanceof PlexError || error instanceof SyncError)) throw error;
          });
          bench.plex.faults.clear();
        }
        await item.sync(last);
        const wanted = wantedItem(last, bench.context.settings);
        const now = item.now();
        const users = (name: string) => (preserves ? [name] : []);
        expect(folded(now.genres)).toEqual(folded([...users('Mine'), ...(wanted.genres ?? [])]));
        expect(folded(roles(now))).toEqual(folded([...users('Me'), ...(wanted.actors ?? [])]));
        expect(folded(now.collections)).toEqual(
          folded(['My own', ...(wanted.collection ? [wanted.collection] : [])]),
        );
        if (!preserves) expect(now.userRating ?? 0).toBeCloseTo(wanted.userRating ?? 0);
        expect(await item.sync(last)).toMatchObject({ writes: 0 });
      }),
      { numRuns: 150 },
    );
    expect(bench.plex.violations).toEqual([]);
  }, 60_000);
});

/** Collections that were there before and are no earlier studio's. */
function theirs(before: PlexItem, scenes: readonly Scene[], bench: Bench): string[] {
  const studios = scenes
    .slice(0, -1)
    .flatMap((scene) => wantedItem(scene, bench.context.settings).collection ?? []);
  return before.collections.filter((name) => !studios.map(fold).includes(fold(name)));
}

function expectPreserved(now: PlexItem, before: PlexItem, wanted: WantedItem, warnings: readonly string[]) {
  expect(now.title).toBe(before.title);
  for (const field of ['summary', 'studio', 'originallyAvailableAt'] as const) {
    expect(now[field] ?? '').toBe(before[field] || (wanted[field] ?? ''));
  }
  expect(now.userRating ?? 0).toBeCloseTo(before.userRating || (wanted.userRating ?? 0));
  const lists = [
    [now.genres, before.genres, wanted.genres ?? [], 'tags'],
    [roles(now), roles(before), wanted.actors ?? [], 'performers'],
    [now.collections, before.collections, wanted.collection ? [wanted.collection] : [], 'collections'],
  ] as const;
  for (const [list, there, names, word] of lists) {
    const whole = folded([...there, ...names]);
    expect(folded(list)).toEqual(expect.arrayContaining(folded(there)));
    if (list.length < whole.length) {
      const added = list.filter((name) => !folded(there).includes(fold(name)));
      expect(folded(names)).toEqual(expect.arrayContaining(folded(added)));
      expect(warnings.filter((text) => new RegExp(`\\d of \\d+ ${word}`).test(text))).not.toEqual([]);
    } else {
      expect(folded(list)).toEqual(whole);
    }
  }
}
