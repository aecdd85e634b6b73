import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue, ItemSnapshot } from '../../src/queue/ItemSnapshot.ts';
import { packSnapshot, unpackSnapshot } from '../../src/queue/packSnapshot.ts';
import { durably } from '../../src/storage/durably.ts';
import { openStore, SYNC } from './openStore.ts';

const snapshot = (title = 'Old'): ItemSnapshot => ({
  files: ['aaaaaaaa'],
  fields: { title: { was: title, locked: false, ours: ['bbbbbbbb'] } },
});
const DAY_MS = 86_400_000;

/** A store with one job in progress, whose scene writes to an item. */
function changing() {
  const store = openStore();
  store.record(7);
  const job = store.takeNext();
  const remember = (change: ItemSnapshot, isNew: boolean) =>
    store.jobs.remember(job, SYNC, { snapshot: change, isNew });
  const { undo } = store.jobs;
  const entry = () => {
    const [first] = undo.select({});
    if (!first) throw new Error('Nothing is kept.');
    return first;
  };
  return { ...store, job, remember, undo, entry };
}

describe('a packed snapshot', () => {
  it('is what it was, whatever is in it', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 }),
    );
    const field = fc.record({ was: value, locked: fc.boolean(), ours: fc.array(fc.string()) });
    const any = fc.record({ files: fc.array(fc.string()), fields: fc.dictionary(fc.string(), field) });
    fc.assert(
      fc.property(any, (each) => {
        const plain: unknown = JSON.parse(JSON.stringify(each));
        expect(JSON.parse(JSON.stringify(unpackSnapshot(packSnapshot(each))))).toEqual(plain);
      }),
    );
  });

  it('is nothing when it cannot be read', () => {
    const packed = packSnapshot(snapshot());
    expect(unpackSnapshot(packed.subarray(0, 9))).toBeUndefined();
    expect(unpackSnapshot(Buffer.from([9, ...packed.subarray(1)]))).toBeUndefined();
    expect(unpackSnapshot(Buffer.alloc(0))).toBeUndefined();
  });

  it('of an ordinary item takes less than half of its text', () => {
    const entry = (was: FieldValue) => ({
      was,
      locked: false,
      ours: ['4h-KlmZQ'],
    });
    const item = {
      files: ['Zq3kLm0a'],
      fields: {
        title: entry('Morning by the lake 2021'),
        titleSort: entry(''),
        studio: entry(''),
        summary: entry(''),
        genre: entry([]),
        actor: entry([]),
        collection: entry([]),
        thumb: entry('media://4711.bundle/Contents/Thumbnails/thumb1.jpg'),
      },
    };
    expect(packSnapshot(item).length).toBeLessThan(JSON.stringify(item).length / 2);
  });
});

describe('what is kept of items', () => {
  it('is written with the memory of the sync, by the holder of the job only', () => {
    const { undo, job, jobs, remember, entry, clock } = changing();
    expect(remember(snapshot(), true)).toBe(true);
    expect(undo.snapshot(SYNC)).toEqual(snapshot());
    expect(jobs.sceneSyncs(7)).toEqual([SYNC]);
    const nowMs = clock.now();
    expect(entry()).toMatchObject({
      sceneIds: [7],
      firstChangedAtMs: nowMs,
      lastChangedAtMs: nowMs,
      revision: 1,
    });
    jobs.complete(job);
    expect(remember(snapshot('late'), true)).toBe(false);
    expect(undo.snapshot(SYNC)).toEqual(snapshot());
  });

  it('commits for good where asked to, and other commits stay as they are', () => {
    const { db } = changing();
    const [FULL, NORMAL] = [2, 1];
    const level = () => db.pragma('synchronous', { simple: true });
    expect(durably(db, level)).toBe(FULL);
    expect(level()).toBe(NORMAL);
    const fail = () => {
      throw new Error('The disk is full.');
    };
    expect(() => durably(db, fail)).toThrow('The disk is full.');
    expect(level()).toBe(NORMAL);
  });

  it('names every scene once, and the time of the first and the last change', () => {
    const { undo, remember, entry, clock } = changing();
    remember(snapshot(), true);
    const firstChangedAtMs = clock.now();
    for (const sceneId of [8, 7, 8]) {
      clock.advance(1_000);
      undo.save(SYNC, sceneId, snapshot(), clock.now());
    }
    expect(entry()).toMatchObject({
      sceneIds: [7, 8],
      firstChangedAtMs,
      lastChangedAtMs: clock.now(),
      revision: 4,
    });
    expect(undo.select({ sceneIds: [8, 99] })).toHaveLength(1);
    expect(undo.select({ sceneIds: [99] })).toEqual([]);
    expect(undo.select({ ratingKeys: [SYNC.ratingKey] })).toHaveLength(1);
    expect(undo.select({ changedSinceMs: clock.now() + 1 })).toEqual([]);
  });

  it('goes with the memory of what was written, unless the item was changed meanwhile', () => {
    const { undo, jobs, remember, entry } = changing();
    remember(snapshot(), true);
    const old = entry();
    remember(snapshot(), false);
    const forget = () => ({ restored: true as const });
    expect(undo.settle(old, undefined, forget)).toBe(false);
    expect(undo.keep(old, snapshot('other'))).toBeUndefined();
    expect(jobs.sceneSyncs(7)).toEqual([SYNC]);
    const kept = undo.keep(entry(), snapshot('other'));
    expect(kept).toEqual(entry());
    expect(undo.settle(entry(), snapshot('rest'), forget)).toBe(true);
    expect(undo.snapshot(SYNC)).toEqual(snapshot('rest'));
    expect(jobs.sceneSyncs(7)).toEqual([{ ...SYNC, written: { restored: true } }]);
    expect(undo.settle(entry(), undefined, forget)).toBe(true);
    expect(undo.select({})).toEqual([]);
  });

  it('is forgotten by the time of the last change', () => {
    const { undo, jobs, remember, clock } = changing();
    remember(snapshot(), true);
    clock.advance(60 * DAY_MS);
    undo.save(SYNC, 7, snapshot(), clock.now());
    clock.advance(60 * DAY_MS);
    expect(jobs.purgeUndo(90)).toBe(0);
    expect(jobs.purgeUndo(59)).toBe(1);
    expect(undo.snapshot(SYNC)).toBeUndefined();
  });
});
