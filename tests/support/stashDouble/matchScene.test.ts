import { beforeEach, describe, expect, test } from 'vitest';
import type { Modifier } from './compareCriterion.ts';
import { findScenes } from './findScenes.ts';
import type { SceneFilter } from './matchScene.ts';
import { SceneStore } from './SceneStore.ts';

let store: SceneStore;
let nowMs: number;

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 11, 12);
  store = new SceneStore(() => nowMs, 0);
});

function matching(scene_filter: SceneFilter): number[] {
  return findScenes(store, { scene_filter, filter: { sort: 'id' } }).scenes.map(({ id }) => id);
}

function addPaths(...paths: readonly string[]): void {
  for (const path of paths) store.add({ files: [path] });
}

describe('time stamps', () => {
  const later = (value: string) => matching({ updated_at: { value, modifier: 'GREATER_THAN' } });

  test('are compared as text, the offset is not taken into account (SD-10)', () => {
    store.utcOffsetMinutes = 660;
    store.add();
    // 23:00+11:00 is noon UTC, but as text it is after 13:00Z.
    expect(later('2026-01-11T13:00:00Z')).toEqual([1]);
    expect(later('2026-01-11T23:30:00+11:00')).toEqual([]);
  });

  test('sort above a text with a space, and above anything that looks like a number (SD-10)', () => {
    store.add();
    expect(later('2026-01-11 23:59:59')).toEqual([1]);
    expect(later('1768132800')).toEqual([1]);
    expect(later('20991231')).toEqual([1]);
    expect(matching({ updated_at: { value: '20991231', modifier: 'LESS_THAN' } })).toEqual([]);
    expect(later('2026-01-11T12:00:00Z')).toEqual([]);
  });

  test('between one value and nothing reach until tomorrow (SD-10)', () => {
    store.add();
    store.add({ updated_at: '2026-01-13T12:00:00Z' });
    expect(matching({ updated_at: { value: '2026-01-11', modifier: 'BETWEEN' } })).toEqual([1]);
    const nested = { AND: { created_at: { value: '2026-01-12', modifier: 'BETWEEN' } } } as const;
    expect(matching(nested)).toEqual([]);
  });

  test.each([
    ['EQUALS', [2]],
    ['NOT_EQUALS', [1, 3]],
    ['LESS_THAN', [1]],
    ['GREATER_THAN', [3]],
    ['NOT_BETWEEN', [1]],
    ['BETWEEN', [2, 3]],
  ] as const)('know %s (SD-10)', (modifier, ids) => {
    for (let index = 0; index < 3; index += 1, nowMs += 1_000) store.add();
    const criterion = { value: '2026-01-11T12:00:01Z', value2: '2026-01-11T12:00:05Z', modifier };
    expect(matching({ created_at: criterion })).toEqual(ids);
  });
});

describe('paths', () => {
  const byPath = (modifier: Modifier, value: string) => matching({ path: { value, modifier } });

  test('equal as in LIKE: wildcards count, ASCII case does not (SD-10)', () => {
    addPaths('/data/a_b.mp4', '/data/aXb.mp4', '/DATA/A_B.MP4', '/data/axxb.mp4');
    expect(byPath('EQUALS', '/data/a_b.mp4')).toEqual([1, 2, 3]);
    expect(byPath('NOT_EQUALS', '/data/a_b.mp4')).toEqual([4]);
    expect(byPath('EQUALS', '/data/a%')).toEqual([1, 2, 3, 4]);
    expect(byPath('EQUALS', '/data/a.b*mp4')).toEqual([]);
  });

  test('include any of the words, or a phrase in double quotes (SD-10)', () => {
    addPaths('/data/red car.mp4', '/data/blue.mp4', '/data/car red.mp4');
    expect(byPath('INCLUDES', 'red blue')).toEqual([1, 2, 3]);
    expect(byPath('INCLUDES', '"red car"')).toEqual([1]);
    expect(byPath('EXCLUDES', 'red')).toEqual([2]);
  });

  test('match regular expressions (SD-10)', () => {
    addPaths('/data/a1.mp4', '/data/b.mp4');
    expect(byPath('MATCHES_REGEX', 'a\\d\\.mp4$')).toEqual([1]);
    expect(byPath('NOT_MATCHES_REGEX', 'a\\d')).toEqual([2]);
  });

  test('may be missing, as a scene may have no file (SD-10)', () => {
    addPaths('/data/a.mp4');
    store.add();
    expect(byPath('IS_NULL', '')).toEqual([2]);
    expect(byPath('NOT_NULL', '')).toEqual([1]);
  });

  test('may be filtered file by file (SD-10)', () => {
    addPaths('/data/a.mp4', '/data/b.mp4');
    nowMs += 10_000;
    store.touchWithoutBump(1, { files: ['/data/a.mp4'] });
    const updated_at = { value: '2026-01-11T12:00:05Z', modifier: 'GREATER_THAN' } as const;
    expect(matching({ files_filter: { updated_at } })).toEqual([1]);
    const path = { value: '%b.mp4', modifier: 'EQUALS' } as const;
    expect(matching({ files_filter: { path } })).toEqual([2]);
    expect(matching({ files_filter: { path, updated_at } })).toEqual([]);
  });
});

describe('other members', () => {
  test('compare related objects by id (SD-10)', () => {
    store.add({ tags: ['a', 'b'], performers: ['p'], studio: 's' });
    store.add({ tags: ['b'] });
    store.add();
    const [a, b] = [store.tags.idOf('a'), store.tags.idOf('b')];
    const byTags = (modifier: Modifier, ...value: string[]) => matching({ tags: { value, modifier } });
    expect(byTags('INCLUDES', a, b)).toEqual([1, 2]);
    expect(byTags('INCLUDES_ALL', a, b)).toEqual([1]);
    expect(byTags('EXCLUDES', a)).toEqual([2, 3]);
    expect(byTags('IS_NULL')).toEqual([3]);
    expect(byTags('NOT_NULL')).toEqual([1, 2]);
    expect(matching({ performers: { value: ['1'], modifier: 'INCLUDES' } })).toEqual([1]);
    expect(matching({ studios: { modifier: 'IS_NULL' } })).toEqual([2, 3]);
  });

  test('find the scenes not linked to a stash-box (SD-10)', () => {
    store.add({ stash_ids: [{ endpoint: 'https://one/graphql', stash_id: 'x' }] });
    store.add({ stash_ids: [{ endpoint: 'https://two/graphql', stash_id: 'y' }] });
    const endpoint = 'https://one/graphql';
    const by = (modifier: Modifier) => matching({ stash_id_endpoint: { endpoint, stash_id: 'x', modifier } });
    expect([by('IS_NULL'), by('NOT_NULL'), by('EQUALS'), by('NOT_EQUALS')]).toEqual([[2], [1], [1], [2]]);
    expect(matching({ stash_id_endpoint: { stash_id: 'y', modifier: 'EQUALS' } })).toEqual([2]);
  });

  test('compare scalars (SD-10)', () => {
    store.add({ title: 'Sea', date: '2024-05-01', rating100: 80, organized: true });
    store.add();
    expect(matching({ organized: true })).toEqual([1]);
    expect(matching({ rating100: { value: 50, modifier: 'GREATER_THAN' } })).toEqual([1]);
    expect(matching({ rating100: { value: 0, modifier: 'IS_NULL' } })).toEqual([2]);
    expect(matching({ date: { value: '2024-06-01', modifier: 'LESS_THAN' } })).toEqual([1]);
    expect(matching({ title: { value: 'sea', modifier: 'EQUALS' } })).toEqual([1]);
    expect(matching({ is_missing: 'title' })).toEqual([2]);
    expect(matching({ is_missing: 'cover' })).toEqual([1, 2]);
    expect(() => matching({ is_missing: 'soul' })).toThrow('soul');
  });

  test('nest with one of AND, OR, NOT (SD-10)', () => {
    for (let id = 1; id <= 4; id += 1) store.add({ organized: id > 2 });
    const id = (value: number) => ({ id: { value, modifier: 'EQUALS' } }) as const;
    expect(matching({ organized: true, AND: id(3) })).toEqual([3]);
    expect(matching({ ...id(1), OR: { organized: true } })).toEqual([1, 3, 4]);
    expect(matching({ organized: true, NOT: id(3) })).toEqual([4]);
    expect(() => matching({ AND: id(1), OR: id(2) })).toThrow('only one of');
  });

  test('panic at a modifier that the field does not know (SD-10)', () => {
    const panic = (words: string) => `Internal system error. Error <${words}>`;
    const text = panic('unsupported string filter modifier');
    expect(() => matching({ path: { value: 'a', modifier: 'BETWEEN' } })).toThrow(text);
    expect(() => matching({ rating100: { value: 1, modifier: 'INCLUDES' } })).toThrow(
      panic('unsupported numeric modifier type INCLUDES'),
    );
    expect(() => matching({ updated_at: { value: '', modifier: 'INCLUDES' } })).toThrow(
      panic('unsupported date modifier type'),
    );
    const nested = { NOT: { files_filter: { path: { value: 'a', modifier: 'LESS_THAN' } } } } as const;
    expect(() => matching(nested)).toThrow(text);
    expect(() => matching({ tags: { value: ['1'], modifier: 'EQUALS' } })).toThrow('Internal system error');
    const link = { stash_id: 'x', modifier: 'BETWEEN' } as const;
    expect(() => matching({ stash_id_endpoint: link })).toThrow('Internal system error');
  });
});
