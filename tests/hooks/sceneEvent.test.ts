import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HookContext, sceneEvent } from '../../src/hooks/sceneEvent.ts';

const SYNC = { action: 'sync', sceneId: 1287 };
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
  ])('syncs a scene when %s was passed, and keeps no value of the event (W-41, W-42)', (field) => {
    expect(sceneEvent(update({ input: FULL_INPUT, inputFields: ['id', field] }))).toEqual(SYNC);
    expect(sceneEvent(update({ input: { id: '1287', [field]: ['x'] } }))).toEqual(SYNC);
  });

  it.each(['organized', 'play_count', 'o_counter', 'view_history', 'resume_time', 'gallery_ids', 'urls'])(
    'ignores a change of %s, which Plex does not show (W-41)',
    (field) => {
      expect(sceneEvent(update({ input: FULL_INPUT, inputFields: ['id', field] }))).toEqual(IGNORE);
      expect(sceneEvent(update({ input: { ...FULL_INPUT, [field]: 3 } }))).toEqual(IGNORE);
    },
  );

  it('trusts inputFields over the members that Stash fills in (W-43)', () => {
    const input = { ...FULL_INPUT, organized: true };
    expect(sceneEvent(update({ input, inputFields: ['organized', 'id'] }))).toEqual(IGNORE);
    expect(sceneEvent(update({ input }))).toEqual(IGNORE);
  });

  it('notices a cleared field: null in the input, but named in inputFields (W-43)', () => {
    expect(sceneEvent(update({ input: FULL_INPUT, inputFields: ['details'] }))).toEqual(SYNC);
  });

  it('syncs after a bulk edit, whose input names ids (W-41)', () => {
    const input = { ids: ['1287', '1288'], tag_ids: { ids: ['21'], mode: 'ADD' } };
    expect(sceneEvent(update({ input, inputFields: ['ids', 'tag_ids'] }))).toEqual(SYNC);
    expect(sceneEvent(update({ input }))).toEqual(SYNC);
  });

  it("looks only at this scene's entry of a multi-scene update (W-41)", () => {
    const input = [
      { ...FULL_INPUT, id: '5', title: 'Other' },
      { ...FULL_INPUT, organized: true },
    ];
    expect(sceneEvent(update({ input }))).toEqual(IGNORE);
    expect(sceneEvent(update({ id: 5, input }))).toEqual({ action: 'sync', sceneId: 5 });
    expect(sceneEvent(update({ id: 6, input }))).toEqual(IGNORE);
  });

  it('ignores a file scan, whose input is null: it changes no metadata, and fires for every file (W-41)', () => {
    expect(sceneEvent(update({ input: null }))).toEqual(IGNORE);
  });

  it('forgets a destroyed scene, whatever the input says', () => {
    for (const input of [{ id: '' }, { ids: ['1287'] }, null]) {
      expect(sceneEvent({ id: 1287, type: 'Scene.Destroy.Post', input })).toEqual({
        action: 'forget',
        sceneId: 1287,
      });
    }
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
