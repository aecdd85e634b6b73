import { describe, expect, test } from 'vitest';
import { formatTimestamp } from './formatTimestamp.ts';
import { SceneStore } from './SceneStore.ts';

/** A store on a clock that the test moves. */
function storeAt(startMs: number, utcOffsetMinutes = 0) {
  const clock = { ms: startMs };
  return { clock, store: new SceneStore(() => clock.ms, utcOffsetMinutes) };
}

const NOON_MS = Date.UTC(2026, 0, 11, 12, 0, 0, 900);

describe('time stamps', () => {
  test.each([
    [0, '2026-01-11T12:00:00Z'],
    [660, '2026-01-11T23:00:00+11:00'],
    [-570, '2026-01-11T02:30:00-09:30'],
  ])('have one-second resolution in the offset of %d minutes (SD-10)', (offset, text) => {
    expect(formatTimestamp(NOON_MS, offset)).toBe(text);
  });

  test('are written in the offset of the moment (SD-10)', () => {
    const { store } = storeAt(NOON_MS, 60);
    const id = store.add();
    store.utcOffsetMinutes = 120;
    store.update(id, { title: 'summer' });
    expect(store.get(id)).toMatchObject({
      created_at: '2026-01-11T13:00:00+01:00',
      updated_at: '2026-01-11T14:00:00+02:00',
    });
  });

  test('may be given as very old rows carry them (SD-10)', () => {
    const { store } = storeAt(NOON_MS);
    const id = store.add({ created_at: '2019-05-01T08:00:00.123456+02:00' });
    expect(store.get(id)?.created_at).toBe('2019-05-01T08:00:00.123456+02:00');
  });
});

describe('scenes', () => {
  test('start with empty strings where Go has strings, null elsewhere (SD-10)', () => {
    const { store } = storeAt(NOON_MS);
    expect(store.get(store.add())).toMatchObject({
      id: 1,
      title: '',
      details: '',
      code: '',
      director: '',
      date: null,
      rating100: null,
      organized: false,
      studio: null,
      performers: [],
      tags: [],
      files: [],
      urls: [],
      stash_ids: [],
      screenshot: 'placeholder',
    });
  });

  test('keep a given id and count on from the highest (SD-10)', () => {
    const { store } = storeAt(NOON_MS);
    expect([store.add({ id: 7 }), store.add(), store.add({ id: 3 }), store.add()]).toEqual([7, 8, 3, 9]);
    expect(store.all().map(({ id }) => id)).toEqual([3, 7, 8, 9]);
    expect(store.size).toBe(4);
    expect(() => store.add({ id: 3 })).toThrow('exists');
  });

  test('refer to others by name (SD-10)', () => {
    const { store } = storeAt(NOON_MS);
    const id = store.add({ studio: 'Harbour', performers: ['Ann', 'Bo'], tags: ['sea'], groups: ['Box'] });
    expect(store.get(id)).toMatchObject({
      studio: 'Harbour',
      performers: ['Ann', 'Bo'],
      tags: ['sea'],
      groups: ['Box'],
    });
    expect(store.tags.idOf('sea')).toBe('1');
  });

  test('are bumped by an update, even if nothing changes (SD-10)', () => {
    const { clock, store } = storeAt(NOON_MS);
    const id = store.add();
    clock.ms += 5_000;
    store.update(id, {});
    expect(store.get(id)).toMatchObject({
      created_at: '2026-01-11T12:00:00Z',
      updated_at: '2026-01-11T12:00:05Z',
    });
    expect(() => store.update(99, {})).toThrow('scene with id 99 not found');
  });

  test('are not bumped by a scan of a changed file, but the file is (SD-8)', () => {
    const { clock, store } = storeAt(NOON_MS);
    const id = store.add({ files: ['/data/a.mp4'] });
    clock.ms += 5_000;
    store.touchWithoutBump(id, { files: [{ path: '/data/a.mp4', size: 5 }, '/data/b.mp4'] });
    expect(store.get(id)).toMatchObject({
      updated_at: '2026-01-11T12:00:00Z',
      files: [
        { id: 1, path: '/data/a.mp4', size: 5, created_at: '2026-01-11T12:00:00Z' },
        { id: 2, path: '/data/b.mp4' },
      ],
    });
    expect(store.get(id)?.files[0]?.updated_at).toBe('2026-01-11T12:00:05Z');
  });

  test('are not bumped by a rename of what they refer to (SD-8)', () => {
    const { clock, store } = storeAt(NOON_MS);
    const id = store.add({ studio: 'A', performers: ['B'], tags: ['C'] });
    clock.ms += 5_000;
    store.renameStudio('A', 'A2');
    store.renamePerformer('B', 'B2');
    store.renameTag('C', 'C2');
    expect(store.get(id)).toMatchObject({
      studio: 'A2',
      performers: ['B2'],
      tags: ['C2'],
      updated_at: '2026-01-11T12:00:00Z',
    });
    expect(() => store.renameTag('C', 'D')).toThrow("tag with name 'C' not found");
    expect(() => store.renameTag('C2', 'C2')).toThrow('already exists');
  });

  test('vanish when they are destroyed or merged away; the destination is bumped (SD-8)', () => {
    const { clock, store } = storeAt(NOON_MS);
    const [kept, merged, gone] = [
      store.add({ files: ['/a'] }),
      store.add({ files: ['/b'] }),
      store.add(),
    ] as const;
    clock.ms += 5_000;
    store.merge([merged], kept);
    expect(store.destroy(gone)).toBe(true);
    expect(store.destroy(gone)).toBe(false);
    expect(store.all()).toHaveLength(1);
    expect(store.get(merged)).toBeUndefined();
    expect(store.get(kept)?.files.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(store.get(kept)?.updated_at).toBe('2026-01-11T12:00:05Z');
  });
});
