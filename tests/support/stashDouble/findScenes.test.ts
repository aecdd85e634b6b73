import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type FindScenesArgs, findScenes } from './findScenes.ts';
import { SceneStore } from './SceneStore.ts';

let store: SceneStore;
let nowMs: number;

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 11, 12);
  store = new SceneStore(() => nowMs, 0);
});

function addScenes(count: number): void {
  for (let index = 0; index < count; index += 1) store.add({ title: `Scene ${index}` });
}

function found(args: FindScenesArgs): number[] {
  return findScenes(store, args).scenes.map(({ id }) => id);
}

const BY_ID = { sort: 'id' };

describe('paging', () => {
  test('has 25 scenes a page unless told otherwise (SD-10)', () => {
    addScenes(60);
    expect(found({ filter: BY_ID })).toHaveLength(25);
    expect(found({ filter: { ...BY_ID, per_page: -1 } })).toHaveLength(60);
    expect(found({ filter: { ...BY_ID, per_page: 0 } })).toEqual([]);
    expect(found({ filter: { ...BY_ID, per_page: 1000 } })).toHaveLength(60);
  });

  test('counts pages from 1, and takes less as 1 (SD-10)', () => {
    addScenes(5);
    const page = (number: number) => found({ filter: { ...BY_ID, per_page: 2, page: number } });
    expect([page(1), page(2), page(3), page(4), page(0), page(-3)]).toEqual([
      [1, 2],
      [3, 4],
      [5],
      [],
      [1, 2],
      [1, 2],
    ]);
  });

  test('goes backwards with DESC (SD-10)', () => {
    addScenes(5);
    const filter = { ...BY_ID, direction: 'DESC', per_page: 2 } as const;
    expect(found({ filter })).toEqual([5, 4]);
    expect(found({ filter: { ...filter, page: 2 } })).toEqual([3, 2]);
    const organized = { scene_filter: { organized: false }, filter: { ...filter, page: 2 } };
    expect(found(organized)).toEqual([3, 2]);
  });

  test('has an order nobody should rely on when there is no sort (SD-10)', () => {
    addScenes(5);
    expect(found({})).not.toEqual([1, 2, 3, 4, 5]);
    expect(found({}).toSorted()).toEqual([1, 2, 3, 4, 5]);
  });

  test('refuses a sort key that Stash does not know (SD-10)', () => {
    expect(() => found({ filter: { sort: 'name' } })).toThrow('invalid sort');
    expect(() => found({ filter: { sort: 'random_x' } })).toThrow('invalid sort');
  });
});

describe('sorting', () => {
  test('is by the key, ties broken by title, nulls first (SD-10)', () => {
    store.add({ title: 'b', rating100: 50 });
    store.add({ title: 'a', rating100: 50 });
    store.add({ title: 'c' });
    store.add({ title: 'd', rating100: 10 });
    expect(found({ filter: { sort: 'rating' } })).toEqual([3, 4, 2, 1]);
    expect(found({ filter: { sort: 'rating', direction: 'DESC' } })).toEqual([2, 1, 4, 3]);
    expect(found({ filter: { sort: 'rating', per_page: 1, page: 2 } })).toEqual([4]);
    expect(found({ filter: { sort: 'title' } })).toEqual([2, 1, 3, 4]);
  });

  test('puts equal keys in an order of Stash: without title by id, then by title as people sort (SD-10)', () => {
    for (const title of ['scene 10', '', 'Scene 2', 'scene 1', '']) store.add({ title });
    const filter = { sort: 'updated_at' } as const;
    expect(found({ filter })).toEqual([2, 5, 4, 3, 1]);
    expect(found({ filter: { ...filter, direction: 'DESC' } })).toEqual([2, 5, 4, 3, 1]);
    expect(found({ filter: { sort: 'title' } })).toEqual([2, 5, 4, 3, 1]);
  });

  test('leaves scenes that are equal in title too in no order to rely on (SD-10)', () => {
    for (let index = 0; index < 3; index += 1) store.add({ title: 'same' });
    expect(found({ filter: { sort: 'updated_at' } })).not.toEqual([1, 2, 3]);
  });

  test('at random is repeatable with a seed (SD-10)', () => {
    addScenes(20);
    const seeded = { filter: { sort: 'random_42' } };
    expect(found(seeded)).toEqual(found(seeded));
    expect(found(seeded)).not.toEqual(found({ filter: { sort: 'random_43' } }));
    expect(found({ filter: { sort: 'random' } })).toHaveLength(20);
  });
});

describe('ids', () => {
  test('come back in the order given; filter and paging are ignored (SD-10)', () => {
    addScenes(40);
    const ids = Array.from({ length: 30 }, (_, index) => String(30 - index));
    const scene_filter = { organized: true };
    expect(found({ ids, filter: { per_page: 1 }, scene_filter })).toEqual(ids.map(Number));
    expect(found({ scene_ids: [3, 1] })).toEqual([3, 1]);
  });

  test('fail as a whole for one that is missing, twice there or no number (SD-10)', () => {
    addScenes(3);
    expect(() => found({ ids: ['1', '99'] })).toThrow('scene with id 99 not found');
    expect(() => found({ ids: ['1', '2', '1'] })).toThrow(/^validating ids: duplicate id found: 1$/);
    expect(() => found({ ids: ['one'] })).toThrow(
      /^converting ids: strconv.Atoi: parsing "one": invalid syntax$/,
    );
  });

  test('that are an empty list mean everything (SD-10)', () => {
    addScenes(30);
    expect(found({ ids: [] })).toHaveLength(25);
  });
});

describe('the walk by id', () => {
  test('is stable: the next page starts after the last id, whatever was destroyed (SD-10)', () => {
    addScenes(10);
    const next = (after: number) =>
      found({
        scene_filter: { id: { value: after, modifier: 'GREATER_THAN' } },
        filter: { ...BY_ID, per_page: 4 },
      });
    expect(next(0)).toEqual([1, 2, 3, 4]);
    store.destroy(4);
    store.destroy(2);
    expect(next(4)).toEqual([5, 6, 7, 8]);
    expect(next(8)).toEqual([9, 10]);
    expect(next(10)).toEqual([]);
  });

  test('touches only the scenes of its page, as does a query by ids (SD-10)', () => {
    addScenes(5_000);
    const touched = vi.spyOn(store, 'requireRecord');
    const scene_filter = { id: { value: 2_500, modifier: 'GREATER_THAN' } } as const;
    const page = findScenes(store, { scene_filter, filter: { ...BY_ID, per_page: 100, page: 3 } });
    expect(page.scenes[0]?.id).toBe(2_701);
    expect(page.count()).toBe(2_500);
    expect(touched).toHaveBeenCalledTimes(100);
    findScenes(store, { ids: ['1', '2'] });
    expect(touched).toHaveBeenCalledTimes(102);
  });

  test('can be narrowed by more (SD-10)', () => {
    addScenes(10);
    for (const id of [2, 5, 8]) store.update(id, { organized: true });
    const scene_filter = { id: { value: 2, modifier: 'GREATER_THAN' }, organized: true } as const;
    const page = findScenes(store, { scene_filter, filter: { ...BY_ID, per_page: 1, page: 2 } });
    expect(page.scenes.map(({ id }) => id)).toEqual([8]);
    expect(page.count()).toBe(2);
  });

  test.each([
    ['LESS_THAN', 4, undefined, [1, 2, 3]],
    ['EQUALS', 4, undefined, [4]],
    ['NOT_EQUALS', 1, undefined, [2, 3, 4, 5]],
    ['BETWEEN', 2, 4, [2, 3, 4]],
    ['NOT_BETWEEN', 2, 4, [1, 5]],
    ['NOT_NULL', 0, undefined, [1, 2, 3, 4, 5]],
    ['IS_NULL', 0, undefined, []],
  ] as const)('knows %s (SD-10)', (modifier, value, value2, ids) => {
    addScenes(5);
    const criterion = value2 === undefined ? { value, modifier } : { value, value2, modifier };
    expect(found({ scene_filter: { id: criterion }, filter: BY_ID })).toEqual(ids);
  });
});

describe('a walk by updated_at', () => {
  const at = (secs: number) => new Date(Date.UTC(2026, 0, 11, 12, 0, secs)).toISOString().replace('.000', '');

  /** Ids from a cursor on: later stamps, and the same stamp with a higher id. */
  function after(stamp: string, id: number, perPage: number): number[] {
    const later = { updated_at: { value: stamp, modifier: 'GREATER_THAN' } } as const;
    const same = {
      updated_at: { value: stamp, modifier: 'EQUALS' },
      id: { value: id, modifier: 'GREATER_THAN' },
    } as const;
    const rest = found({ scene_filter: same, filter: { ...BY_ID, per_page: perPage } });
    if (rest.length === perPage) return rest;
    const filter = { sort: 'updated_at', per_page: perPage - rest.length };
    return [...rest, ...found({ scene_filter: later, filter })];
  }

  test('finds what lies above, at and below a stamp, as text (SD-10)', () => {
    for (const secs of [3, 1, 2, 2]) store.add({ updated_at: at(secs) });
    const stamped = (modifier: 'GREATER_THAN' | 'EQUALS' | 'LESS_THAN' | 'NOT_EQUALS', value: string) =>
      found({ scene_filter: { updated_at: { value, modifier } }, filter: BY_ID });
    expect(stamped('GREATER_THAN', at(2))).toEqual([1]);
    expect(stamped('EQUALS', at(2))).toEqual([3, 4]);
    expect(stamped('LESS_THAN', at(2))).toEqual([2]);
    expect(stamped('NOT_EQUALS', at(2))).toEqual([1, 2]);
    const since = { updated_at: { value: at(2), modifier: 'BETWEEN' } } as const;
    expect(found({ scene_filter: since, filter: BY_ID })).toEqual([1, 3, 4]);
    const filter = { sort: 'updated_at', direction: 'DESC' } as const;
    expect(found({ filter })).toEqual([1, 3, 4, 2]);
  });

  test('finds at or above a stamp by OR, and nothing twice over the pages (SD-10)', () => {
    for (const secs of [5, 4, 4, 4, 6]) store.add({ updated_at: at(secs) });
    const value = at(4);
    const scene_filter = {
      updated_at: { value, modifier: 'EQUALS' },
      OR: { updated_at: { value, modifier: 'GREATER_THAN' } },
    } as const;
    const page = (number: number) =>
      found({ scene_filter, filter: { sort: 'updated_at', per_page: 2, page: number } });
    expect([page(1), page(2), page(3)]).toEqual([[2, 3], [4, 1], [5]]);
    expect(after(at(4), 2, 3)).toEqual([3, 4, 1]);
  });

  test('takes no account of offsets: a later instant may lie below (SD-10)', () => {
    store.utcOffsetMinutes = 60;
    store.add();
    store.utcOffsetMinutes = 0;
    nowMs += 1_000;
    store.add();
    expect(store.all().map(({ updated_at }) => updated_at)).toEqual([
      '2026-01-11T13:00:00+01:00',
      '2026-01-11T12:00:01Z',
    ]);
    expect(found({ filter: { sort: 'updated_at' } })).toEqual([2, 1]);
    const above = { value: '2026-01-11T12:30:00Z', modifier: 'GREATER_THAN' } as const;
    expect(found({ scene_filter: { updated_at: above }, filter: BY_ID })).toEqual([1]);
  });
});

describe('the sums', () => {
  test('are those of all matches, not of the page (SD-10)', () => {
    for (const size of [10, 20, 30]) store.add({ files: [{ path: `/${size}`, size, duration: size / 10 }] });
    const page = findScenes(store, { filter: { per_page: 1 } });
    expect([page.count(), page.filesize(), page.duration()]).toEqual([3, 60, 6]);
  });
});
