import { describe, expect, test } from 'vitest';
import type { StashDouble } from './startStashDouble.ts';
import { ask, testDouble } from './testClient.ts';

const UPDATE = 'mutation($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id title updated_at } }';
const BULK = 'mutation($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }';

async function doubleOnClock(): Promise<{ double: StashDouble; clock: { ms: number } }> {
  const clock = { ms: Date.UTC(2026, 0, 11, 12) };
  return { double: await testDouble({ now: () => clock.ms }), clock };
}

describe('sceneUpdate', () => {
  test('leaves absent keys alone, clears null ones and bumps updated_at (SD-10)', async () => {
    const { double, clock } = await doubleOnClock();
    double.scenes.add({
      title: 'a',
      details: 'b',
      date: '2024-01-01',
      rating100: 5,
      studio: 's',
      files: ['/x'],
    });
    clock.ms += 3_000;
    const input = { id: '1', details: null, date: null, rating100: null, studio_id: null, title: null };
    const { data } = await ask(double, UPDATE, { input });
    expect(data).toEqual({ sceneUpdate: { id: '1', title: '', updated_at: '2026-01-11T12:00:03Z' } });
    expect(double.scenes.get(1)).toMatchObject({ details: '', date: null, rating100: null, studio: null });
    await ask(double, UPDATE, { input: { id: '1', title: 'new' } });
    expect(double.scenes.get(1)).toMatchObject({ title: 'new', details: '' });
  });

  test('replaces whole lists (SD-10)', async () => {
    const { double } = await doubleOnClock();
    double.scenes.add({ title: 'x', tags: ['a', 'b'], performers: ['p'], urls: ['u'], groups: ['g'] });
    const { tags, performers, groups } = double.scenes;
    const input = {
      id: '1',
      tag_ids: [tags.idOf('c'), tags.idOf('b')],
      performer_ids: [performers.idOf('q')],
      groups: [{ group_id: groups.idOf('h'), scene_index: 3 }],
      urls: ['v', 'w'],
      stash_ids: [{ endpoint: 'e', stash_id: 's' }],
    };
    await ask(double, UPDATE, { input });
    expect(double.scenes.get(1)).toMatchObject({
      tags: ['c', 'b'],
      performers: ['q'],
      groups: ['h'],
      urls: ['v', 'w'],
      stash_ids: [{ endpoint: 'e', stash_id: 's', updated_at: '2026-01-11T12:00:00Z' }],
    });
    await ask(double, UPDATE, { input: { id: '1', tag_ids: null, urls: [], stash_ids: null, url: 'old' } });
    expect(double.scenes.get(1)).toMatchObject({ tags: [], urls: [], stash_ids: [], performers: ['q'] });
  });

  test('takes a cover as a data URL, and another primary file (SD-10)', async () => {
    const { double } = await doubleOnClock();
    double.scenes.add({ files: ['/a', '/b'] });
    const cover = Buffer.from('jpeg bytes');
    const cover_image = `data:image/jpeg;base64,${cover.toString('base64')}`;
    await ask(double, UPDATE, { input: { id: '1', cover_image, primary_file_id: '2', resume_time: 1.5 } });
    expect(double.scenes.get(1)).toMatchObject({ screenshot: cover, resume_time: 1.5, play_count: 0 });
    expect(double.scenes.get(1)?.files.map(({ path }) => path)).toEqual(['/b', '/a']);
  });

  test('is refused for what does not exist, and for an empty title without file (SD-10)', async () => {
    const { double } = await doubleOnClock();
    double.scenes.add({ title: 'x' });
    const errorOf = async (input: object) => (await ask(double, UPDATE, { input })).errors?.[0]?.message;
    expect(await errorOf({ id: '9' })).toBe('scene with id 9 not found');
    expect(await errorOf({ id: '1', tag_ids: ['9'] })).toContain('no tag with id 9');
    expect(await errorOf({ id: '1', title: '' })).toContain('title must be set');
    expect(await errorOf({ id: '1', primary_file_id: '9' })).toContain('file with id 9');
    expect(await errorOf({ id: '1', cover_image: 'https://example.org/x.jpg' })).toContain('data URL');
    expect(double.scenes.get(1)?.title).toBe('x');
  });

  test('of several scenes is one transaction (SD-10)', async () => {
    const { double } = await doubleOnClock();
    double.scenes.add({ title: 'a' });
    double.scenes.add({ title: 'b' });
    const query = 'mutation($input: [SceneUpdateInput!]!) { scenesUpdate(input: $input) { title } }';
    const good = { id: '1', title: 'A' };
    expect((await ask(double, query, { input: [good, { id: '9' }] })).errors).toHaveLength(1);
    expect(double.scenes.get(1)?.title).toBe('a');
    const { data } = await ask(double, query, { input: [good, { id: '2', title: 'B' }] });
    expect(data).toEqual({ scenesUpdate: [{ title: 'A' }, { title: 'B' }] });
  });
});

describe('bulkSceneUpdate', () => {
  test('sets, adds to and takes from lists (SD-10)', async () => {
    const { double } = await doubleOnClock();
    double.scenes.add({ tags: ['a'], performers: ['p', 'q'], urls: ['u'], groups: ['g'] });
    double.scenes.add({ tags: ['b'], performers: ['q'] });
    const { tags, performers, groups } = double.scenes;
    const input = {
      ids: ['1', '2'],
      organized: true,
      tag_ids: { ids: [tags.idOf('b'), tags.idOf('c')], mode: 'ADD' },
      performer_ids: { ids: [performers.idOf('q')], mode: 'REMOVE' },
      urls: { values: ['v'], mode: 'SET' },
      group_ids: { ids: [groups.idOf('h')], mode: 'ADD' },
    };
    expect((await ask(double, BULK, { input })).data).toEqual({
      bulkSceneUpdate: [{ id: '1' }, { id: '2' }],
    });
    expect(double.scenes.get(1)).toMatchObject({
      organized: true,
      tags: ['a', 'b', 'c'],
      performers: ['p'],
      urls: ['v'],
      groups: ['g', 'h'],
    });
    expect(double.scenes.get(2)).toMatchObject({ tags: ['b', 'c'], performers: [], groups: ['h'] });
  });

  test('changes nothing if one scene is missing, and gives null for none (SD-10)', async () => {
    const { double } = await doubleOnClock();
    double.scenes.add();
    const input = { ids: ['1', '9'], rating100: 50 };
    expect((await ask(double, BULK, { input })).errors?.[0]?.message).toBe('scene with id 9 not found');
    expect(double.scenes.get(1)?.rating100).toBeNull();
    expect((await ask(double, BULK, { input: { ids: [] } })).data).toEqual({ bulkSceneUpdate: null });
  });
});

describe('create and destroy', () => {
  test('sceneCreate needs a title (SD-10)', async () => {
    const { double } = await doubleOnClock();
    const query = 'mutation($input: SceneCreateInput!) { sceneCreate(input: $input) { id title rating100 } }';
    const { data } = await ask(double, query, { input: { title: 'new', rating100: 7 } });
    expect(data).toEqual({ sceneCreate: { id: '1', title: 'new', rating100: 7 } });
    expect((await ask(double, query, { input: {} })).errors?.[0]?.message).toContain('title must be set');
    expect((await ask(double, query, { input: { title: 'x', tag_ids: ['9'] } })).errors).toHaveLength(1);
    expect((await ask(double, query, { input: { title: 'x', file_ids: ['9'] } })).errors).toHaveLength(1);
    expect(double.scenes.size).toBe(1);
  });

  test('sceneDestroy and scenesDestroy remove all or none (SD-10)', async () => {
    const { double } = await doubleOnClock();
    for (let index = 0; index < 4; index += 1) double.scenes.add();
    const one = 'mutation($input: SceneDestroyInput!) { sceneDestroy(input: $input) }';
    const many = 'mutation($input: ScenesDestroyInput!) { scenesDestroy(input: $input) }';
    expect((await ask(double, one, { input: { id: '1', delete_generated: true } })).data).toEqual({
      sceneDestroy: true,
    });
    expect((await ask(double, many, { input: { ids: ['2', '1'] } })).errors).toHaveLength(1);
    expect(double.scenes.size).toBe(3);
    expect((await ask(double, many, { input: { ids: ['2', '4'] } })).data).toEqual({ scenesDestroy: true });
    expect(double.scenes.all().map(({ id }) => id)).toEqual([3]);
  });
});
