import { describe, expect, it } from 'vitest';
import {
  detectEmptyMetadata,
  detectGap,
  detectMissing,
  detectStaleSync,
  type ItemFacts,
  type SceneFacts,
} from '../../src/reconcile/detectGap.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import { stashScene } from '../support/samples.ts';

const EMPTY: ItemFacts = { ratingKey: '5', isFilled: false, isSynced: false };
const DIFFERS = { fields: ['summary', 'genre'], key: 'k' };
const RIGHT = { fields: [], key: 'none' };

/** A filled scene whose filled item was synced and is right, but for `changes`. */
function facts(
  changes: { scene?: Partial<Scene>; item?: Partial<ItemFacts> | 'none'; wasSynced?: boolean } = {},
): SceneFacts {
  const item: ItemFacts = { ratingKey: '5', isFilled: true, isSynced: true, difference: RIGHT };
  return {
    scene: stashScene({ details: 'Much.', files: [{ path: '/data/a.mkv' }], ...changes.scene }),
    item: changes.item === 'none' ? undefined : { ...item, ...changes.item },
    wasSynced: changes.wasSynced ?? true,
    wantedHash: 'w',
  };
}

const BARE: Partial<Scene> = { details: null, date: null, studio: null, performers: [], tags: [] };

describe('detectEmptyMetadata', () => {
  it('finds a filled scene whose item is empty, with id, type and reason (18.21)', () => {
    const gap = detectEmptyMetadata(facts({ scene: { id: 7 }, item: EMPTY }));
    expect(gap).toEqual({
      sceneId: 7,
      type: 'empty_metadata',
      reason: 'its item 5 is new and empty',
      key: expect.any(String),
      isNotInPlex: false,
    });
  });

  it('finds a scene with nothing but tags (18.21)', () => {
    expect(detectEmptyMetadata(facts({ scene: { ...BARE, tags: ['T'] }, item: EMPTY }))).toBeDefined();
  });

  it.each([
    ['both are filled', {}],
    ['neither is filled', { scene: BARE, item: EMPTY }],
    ['the item has something', { item: { isFilled: true, isSynced: false } }],
    ['Plex has no item', { item: 'none' as const }],
    ['the scene has no files', { scene: { files: [] }, item: EMPTY }],
    ['its file has no path', { scene: { files: [{ path: '' }] }, item: EMPTY }],
    ['its id is no number', { scene: { id: Number.NaN }, item: EMPTY }],
  ])('finds nothing when %s (18.21)', (_, changes) => {
    expect(detectEmptyMetadata(facts(changes))).toBeUndefined();
  });

  it('finds an item that was synced and lost everything (W-53)', () => {
    const item = { isFilled: false, isSynced: true, difference: DIFFERS };
    expect(detectEmptyMetadata(facts({ item }))).toMatchObject({ reason: 'its item 5 is empty' });
  });

  it('leaves an empty item alone that a sync would not fill, because its fields are switched off', () => {
    const item = { isFilled: false, isSynced: true, difference: RIGHT };
    expect(detectEmptyMetadata(facts({ item }))).toBeUndefined();
  });
});

describe('detectStaleSync', () => {
  it('finds an item that differs from what is wanted, and names the fields (18.21)', () => {
    const gap = detectStaleSync(facts({ item: { difference: DIFFERS } }));
    expect(gap).toMatchObject({ type: 'stale_sync', reason: 'its item 5 differs in summary and tags' });
  });

  it.each([
    ['nothing differs, however late the scene was touched', {}],
    ['it was never synced', { item: { isSynced: false, difference: undefined } }],
    ['Plex has no item', { item: 'none' as const }],
  ])('finds nothing when %s (18.21)', (_, changes) => {
    expect(detectStaleSync(facts(changes))).toBeUndefined();
  });

  it.each([null, 'yesterday', '2020-01-01T00:00:00Z'])(
    'does not need Stash to say when: updated_at %j (18.21)',
    (updatedAt) => {
      expect(detectStaleSync(facts({ scene: { updatedAt }, item: { difference: DIFFERS } }))).toBeDefined();
      expect(detectStaleSync(facts({ scene: { updatedAt } }))).toBeUndefined();
    },
  );
});

describe('a scene that only the Python plugin has synced', () => {
  const python = (item: Partial<ItemFacts> | 'none') => ({
    ...facts({ item, wasSynced: false }),
    wasSyncedByPython: true,
  });

  it('is not missing: what differs is unknown, so it counts as out of date', () => {
    expect(detectGap(python({ isSynced: false, difference: undefined }))).toMatchObject({
      type: 'stale_sync',
      reason: 'its item 5 was synced by the Python version only',
    });
  });

  it('is empty when its item is', () => {
    expect(detectGap(python(EMPTY))).toMatchObject({ type: 'empty_metadata' });
  });
});

describe('detectMissing', () => {
  it('finds a scene that was never synced and that Plex does not have (18.21)', () => {
    const gap = detectMissing(facts({ item: 'none', wasSynced: false }));
    expect(gap).toMatchObject({
      type: 'missing',
      reason: 'Plex has no item for its file',
      isNotInPlex: true,
    });
  });

  it('finds a scene that was never synced though Plex has it (W-54)', () => {
    const gap = detectMissing(facts({ item: { isSynced: false, difference: undefined }, wasSynced: false }));
    expect(gap).toMatchObject({ type: 'missing', reason: 'its item 5 was never synced', isNotInPlex: false });
  });

  it.each([
    ['it was synced to the item', {}],
    ['it was synced and its item is gone', { item: 'none' as const, wasSynced: true }],
    ['it has no files', { scene: { files: [] }, item: 'none' as const, wasSynced: false }],
    ['its file has no path', { scene: { files: [{ path: '' }] }, item: 'none' as const, wasSynced: false }],
  ])('finds nothing when %s (18.21)', (_, changes) => {
    expect(detectMissing(facts(changes))).toBeUndefined();
  });
});

describe('detectGap', () => {
  it('finds one gap of a scene that has several (W-62)', () => {
    expect(detectGap(facts({ item: EMPTY, wasSynced: false }))?.type).toBe('empty_metadata');
    expect(detectGap(facts({ item: { isFilled: false, difference: DIFFERS } }))?.type).toBe('empty_metadata');
  });

  it('finds only the right ones in a mixed list (18.21)', () => {
    const list = [
      facts(),
      facts({ scene: { id: 2 }, item: { difference: DIFFERS } }),
      facts({ scene: { id: 3 }, item: 'none', wasSynced: false }),
      facts({ scene: { id: 4 }, item: EMPTY, wasSynced: false }),
      facts({ scene: { id: 5 }, item: 'none' }),
    ];
    expect(list.flatMap((each) => detectGap(each) ?? []).map(({ sceneId, type }) => [sceneId, type])).toEqual(
      [
        [2, 'stale_sync'],
        [3, 'missing'],
        [4, 'empty_metadata'],
      ],
    );
  });

  it('keeps its key while what is to be done stays the same, and only then (W-53)', () => {
    const key = (changes: Parameters<typeof facts>[0]) => detectGap(facts(changes))?.key;
    const differs = { item: { difference: DIFFERS } };
    expect(key(differs)).toBe(key({ ...differs, scene: { updatedAt: '2030-01-01T00:00:00Z' } }));
    const keys = [
      key(differs),
      key({ item: { difference: { ...DIFFERS, key: 'other' } } }),
      key({ item: { difference: DIFFERS, ratingKey: '6' } }),
      key({ item: EMPTY, wasSynced: false }),
      key({ item: 'none', wasSynced: false }),
      key({ item: 'none', wasSynced: false, scene: { files: [{ path: '/data/b.mkv' }] } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
