import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HookContext, sceneEvent } from '../../src/hooks/sceneEvent.ts';
import { readRecordedHooks } from '../support/stashDouble/readRecordedHooks.ts';

const SYNC = { action: 'sync', sceneIds: [1287] };
const IGNORE = { action: 'ignore' };

function update(context: Partial<HookContext>): HookContext {
  return { id: 1287, type: 'Scene.Update.Post', ...context };
}

/** What `sceneUpdate` and the identify task send: every member, null where the caller said nothing. */
const FULL_INPUT = {
  clientMutationId: null,
  id: '1287',
  title: null,
  code: null,
  details: null,
  date: null,
  rating100: null,
  organized: null,
  studio_id: null,
  performer_ids: null,
  tag_ids: null,
  cover_image: null,
  stash_ids: null,
  play_count: null,
};

describe('sceneEvent', () => {
  it.each([
    'title',
    'details',
    'studio_id',
    'performer_ids',
    'tag_ids',
    'rating100',
    'date',
    'rating',
    'studio',
    'performers',
    'tags',
    'cover_image',
    'stash_ids',
    'code',
    'director',
    'groups',
    'group_ids',
    'movies',
    'organized',
  ])('syncs a scene when %s was passed, and keeps no value of the event (W-41, W-42)', (field) => {
    expect(sceneEvent(update({ input: FULL_INPUT, inputFields: ['id', field] }))).toEqual(SYNC);
    expect(sceneEvent(update({ input: { id: '1287', [field]: ['x'] } }))).toEqual(SYNC);
  });

  it.each(['play_count', 'o_counter', 'view_history', 'resume_time', 'gallery_ids', 'urls'])(
    'ignores a change of %s, which Plex does not show (W-41)',
    (field) => {
      expect(sceneEvent(update({ input: FULL_INPUT, inputFields: ['id', field] }))).toEqual(IGNORE);
      expect(sceneEvent(update({ input: { ...FULL_INPUT, [field]: 3 } }))).toEqual(IGNORE);
    },
  );

  it('trusts inputFields over the members that Stash fills in (W-43)', () => {
    const input = { ...FULL_INPUT, resume_time: 4 };
    expect(sceneEvent(update({ input, inputFields: ['resume_time', 'id'] }))).toEqual(IGNORE);
    expect(sceneEvent(update({ input }))).toEqual(IGNORE);
  });

  it('notices a cleared field: null in the input, but named in inputFields (W-43)', () => {
    expect(sceneEvent(update({ input: FULL_INPUT, inputFields: ['details'] }))).toEqual(SYNC);
  });

  it('speaks of all scenes of a bulk edit, whose input names ids (W-41)', () => {
    const input = { ids: ['1286', '1287', '1288'], tag_ids: { ids: ['21'], mode: 'ADD' } };
    const bulk = { sceneIds: [1286, 1287, 1288], position: 1, input: ['Scene.Update.Post', input] };
    const expected = { action: 'sync', sceneIds: [], bulk };
    expect(sceneEvent(update({ input, inputFields: ['ids', 'tag_ids'] }))).toEqual(expected);
    expect(sceneEvent(update({ input }))).toEqual(expected);
  });

  it('ignores a bulk edit of fields that Plex does not show (W-41)', () => {
    const input = { ids: ['1287', '1288'], urls: { values: ['x'], mode: 'ADD' } };
    expect(sceneEvent(update({ input, inputFields: ['ids', 'urls'] }))).toEqual(IGNORE);
  });

  it('speaks of all scenes that were marked as organized together: a gate may wait for it', () => {
    const input = { ids: ['1287', '1288'], organized: true };
    expect(sceneEvent(update({ input, inputFields: ['ids', 'organized'] }))).toEqual({
      action: 'sync',
      sceneIds: [],
      bulk: { sceneIds: [1287, 1288], position: 0, input: ['Scene.Update.Post', input] },
    });
  });

  it('takes a bulk edit of one scene for what it is', () => {
    const input = { ids: ['1287'], studio_id: '1' };
    expect(sceneEvent(update({ input, inputFields: ['ids', 'studio_id'] }))).toEqual(SYNC);
  });

  it('trusts only its own scene where the input does not name it', () => {
    const input = { ids: ['5', '6'], studio_id: '1' };
    expect(sceneEvent(update({ input, inputFields: ['ids', 'studio_id'] }))).toEqual(SYNC);
  });

  it('speaks of those scenes of a multi-scene update whose entries matter, also from a hook whose own does not (W-41)', () => {
    const input = [
      { ...FULL_INPUT, id: '5', title: 'Other' },
      { ...FULL_INPUT, resume_time: 4 },
      { ...FULL_INPUT, id: '7', details: 'D' },
    ];
    const bulk = { sceneIds: [5, 7], input: ['Scene.Update.Post', input] };
    expect(sceneEvent(update({ input }))).toEqual({
      action: 'sync',
      sceneIds: [],
      bulk: { ...bulk, position: 1 },
    });
    expect(sceneEvent(update({ id: 7, input, inputFields: ['id', 'details'] }))).toEqual({
      action: 'sync',
      sceneIds: [],
      bulk: { ...bulk, position: 2 },
    });
    // A cleared field shows in its own hook only.
    expect(sceneEvent(update({ input, inputFields: ['id', 'resume_time', 'studio_id'] }))).toEqual({
      action: 'sync',
      sceneIds: [1287],
      bulk: { ...bulk, position: 1 },
    });
    expect(sceneEvent(update({ id: 6, input }))).toEqual(IGNORE);
  });

  it('ignores a file scan, whose input is null: it changes no metadata, and fires for every file (W-41)', () => {
    expect(sceneEvent(update({ input: null }))).toEqual(IGNORE);
  });

  it('forgets a destroyed scene, whatever the input says: a clean sends an empty id', () => {
    for (const input of [{ id: '' }, { ids: ['1287'] }, { ids: 'x' }, null]) {
      expect(sceneEvent({ id: 1287, type: 'Scene.Destroy.Post', input })).toEqual({
        action: 'forget',
        sceneIds: [1287],
      });
    }
  });

  it('forgets all scenes that were destroyed together; what the input says of the one file does not count', () => {
    const input = { ids: ['1287', '1288'], path: '/a.mkv' };
    expect(sceneEvent({ id: 1288, type: 'Scene.Destroy.Post', input })).toEqual({
      action: 'forget',
      sceneIds: [],
      bulk: { sceneIds: [1287, 1288], position: 1, input: ['Scene.Destroy.Post', [1287, 1288]] },
    });
  });

  it.each(['Scene.Create.Post', 'Performer.Update.Post', 'SceneMarker.Update.Post', 'scene.update.post', ''])(
    'ignores the trigger "%s"',
    (type) => {
      expect(sceneEvent({ id: 1287, type, input: { title: 'x' }, inputFields: ['title'] })).toEqual(IGNORE);
    },
  );

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'ignores the impossible id %d',
    (id) => {
      expect(sceneEvent(update({ id, inputFields: ['title'] }))).toEqual(IGNORE);
      expect(sceneEvent({ id, type: 'Scene.Destroy.Post' })).toEqual(IGNORE);
    },
  );

  it('never throws, whatever the input is', () => {
    const context = fc.record({
      id: fc.integer(),
      type: fc.constantFrom('Scene.Update.Post', 'Scene.Destroy.Post'),
      input: fc.jsonValue(),
    });
    fc.assert(
      fc.property(context, (value) => ['ignore', 'sync', 'forget'].includes(sceneEvent(value).action)),
    );
  });
});

describe('what a real Stash 0.30.1 sent', () => {
  const eventsOf = (done: string) =>
    readRecordedHooks()
      .filter((hook) => hook.done === done)
      .map(({ id, type, input, inputFields }) => sceneEvent({ id, type, input, inputFields }));

  it('after a bulk edit names all scenes in each hook', () => {
    const bulk = { sceneIds: [17, 18, 19, 20], input: expect.any(Array) };
    expect(eventsOf('bulkSceneUpdate tags ADD')).toEqual([
      { action: 'sync', sceneIds: [], bulk: { ...bulk, position: 0 } },
      { action: 'sync', sceneIds: [], bulk: { ...bulk, position: 1 } },
    ]);
    const [first, second] = eventsOf('bulkSceneUpdate tags ADD');
    expect(first).toEqual({ ...second, bulk: { ...bulk, position: 0 } });
  });

  it('after a list of edits names all scenes in each hook', () => {
    expect(eventsOf('scenesUpdate list')).toMatchObject([
      { action: 'sync', bulk: { sceneIds: [21, 22, 23], position: 0 } },
      { action: 'sync', bulk: { sceneIds: [21, 22, 23], position: 1 } },
    ]);
  });

  it('after destroying and cleaning', () => {
    expect(eventsOf('destroy scene 5 (scenesDestroy)')).toEqual([{ action: 'forget', sceneIds: [5] }]);
    expect(eventsOf('clean, only file gone')).toEqual([{ action: 'forget', sceneIds: [43] }]);
  });

  it('after an edit of code, director and links, of which two may be synced', () => {
    expect(eventsOf('code, director, urls')).toEqual([{ action: 'sync', sceneIds: [expect.any(Number)] }]);
  });

  it('after marking as organized', () => {
    expect(eventsOf('organized').map(({ action }) => action)).toEqual(['sync']);
  });

  it.each([
    'scan, new file',
    'scan, file renamed on disk',
    'rescan forced, one folder',
    'deleteFiles',
    'tag rename',
    'sceneMarkerCreate',
  ])('is of no interest: %s', (done) => {
    const events = eventsOf(done);
    expect(events.length).toBeGreaterThan(0);
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['ignore']));
  });
});
