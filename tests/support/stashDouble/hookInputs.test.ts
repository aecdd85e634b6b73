import { describe, expect, test } from 'vitest';
import {
  bulkSceneUpdateInput,
  cleanDestroyInput,
  destroyedScene,
  identifyInput,
  scanUpdateInput,
  sceneDestroyInput,
  scenesDestroyInput,
  scenesUpdateInput,
  sceneUpdateInput,
} from './hookInputs.ts';
import { SceneStore } from './SceneStore.ts';

/** `input` of sample 3b, every field null. */
const NOTHING_SET = {
  clientMutationId: null,
  title: null,
  code: null,
  details: null,
  director: null,
  url: null,
  urls: null,
  date: null,
  rating100: null,
  o_counter: null,
  organized: null,
  studio_id: null,
  gallery_ids: null,
  performer_ids: null,
  movies: null,
  groups: null,
  tag_ids: null,
  cover_image: null,
  stash_ids: null,
  resume_time: null,
  play_duration: null,
  play_count: null,
  primary_file_id: null,
};

describe('updates', () => {
  test('of one scene have all fields, null where not given (SD-8)', () => {
    const context = sceneUpdateInput(1287, { title: 'Harbour walk', tag_ids: ['21', '34'] });
    expect(context).toEqual({
      id: 1287,
      input: { ...NOTHING_SET, id: '1287', title: 'Harbour walk', tag_ids: ['21', '34'] },
      inputFields: ['tag_ids', 'title', 'id'],
    });
    expect(Object.keys(context.input ?? {}).slice(0, 4)).toEqual(['clientMutationId', 'id', 'title', 'code']);
  });

  test('name a field that was given as null (SD-8)', () => {
    expect(sceneUpdateInput(1, { details: null }).inputFields).toEqual(['details', 'id']);
  });

  test('write stash ids as Go does (SD-8)', () => {
    const { input } = sceneUpdateInput(1, { stash_ids: [{ endpoint: 'e', stash_id: 's' }] });
    expect(input).toMatchObject({ stash_ids: [{ stash_id: 's', endpoint: 'e', updated_at: null }] });
  });

  test('of a list of scenes have the whole list, but their own fields (SD-8)', () => {
    const contexts = scenesUpdateInput([
      { id: 1, title: 'a' },
      { id: 2, rating100: 5 },
    ]);
    const input = [
      { ...NOTHING_SET, id: '1', title: 'a' },
      { ...NOTHING_SET, id: '2', rating100: 5 },
    ];
    expect(contexts).toEqual([
      { id: 1, input, inputFields: ['title', 'id'] },
      { id: 2, input, inputFields: ['rating100', 'id'] },
    ]);
  });

  test('in bulk leave out what is not given, and empty lists (SD-8)', () => {
    const tag_ids = { ids: ['21'], mode: 'ADD' } as const;
    const performer_ids = { ids: [], mode: 'SET' } as const;
    expect(bulkSceneUpdateInput([1287, 1288], { tag_ids, performer_ids, title: null })).toEqual({
      input: { ids: ['1287', '1288'], tag_ids, performer_ids: { mode: 'SET' } },
      inputFields: ['title', 'performer_ids', 'tag_ids', 'ids'],
    });
  });

  test('by identify have a bare base64 cover and no id among the fields (SD-8)', () => {
    expect(identifyInput(5, { title: 'x', details: null }, 'aGk=')).toEqual({
      id: 5,
      input: { ...NOTHING_SET, id: '5', title: 'x', cover_image: 'aGk=' },
      inputFields: ['cover_image', 'title'],
    });
    expect(identifyInput(5, { title: 'x' }).inputFields).toEqual(['title']);
  });

  test('by a scan have no input (SD-8)', () => {
    expect(scanUpdateInput()).toEqual({ input: null });
  });
});

describe('destroys', () => {
  const store = new SceneStore(() => 0, 0);
  const files = [{ path: '/data/x.mp4', md5: 'm', oshash: 'o' }];
  const [first, second] = [store.add({ id: 1287, files }), store.add()].map((id) =>
    destroyedScene(store.requireRecord(id)),
  );
  if (first === undefined || second === undefined) throw new Error('two scenes expected');
  const file = { checksum: 'm', oshash: 'o', path: '/data/x.mp4' };
  const flags = { delete_file: false, delete_generated: true };

  test('of one scene tell its file, and the flags as given (SD-8)', () => {
    const rest = { id: '1287', delete_file: null, ...file };
    expect(sceneDestroyInput(first, { delete_generated: true })).toEqual({
      id: 1287,
      input: { ...rest, delete_generated: true },
    });
    expect(sceneDestroyInput(first, {})).toEqual({ id: 1287, input: { ...rest, delete_generated: null } });
  });

  test('of several name all ids, and each its own file (SD-8)', () => {
    const ids = ['1287', '1288'];
    expect(scenesDestroyInput([first, second], flags)).toEqual([
      { id: 1287, input: { ids, ...flags, ...file } },
      { id: 1288, input: { ids, ...flags, checksum: '', oshash: '', path: '' } },
    ]);
  });

  test('by clean have an empty id and null flags (SD-8)', () => {
    expect(cleanDestroyInput(first)).toEqual({
      id: 1287,
      input: { id: '', delete_file: null, delete_generated: null, ...file },
    });
  });
});
