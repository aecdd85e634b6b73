import { describe, expect, it } from 'vitest';
import { dropScene } from '../../src/queue/dropScene.ts';
import { readScene } from '../../src/queue/readScene.ts';
import { sceneRecord } from '../../src/queue/sceneRecord.ts';
import { syncSentences } from '../../src/scene/explainSyncs.ts';
import { statusOf } from '../../src/tasks/sceneStatus.ts';
import type { NewPlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { restoreOnBench, stateOf } from '../support/restoreOnBench.ts';
import { type Bench, type BenchOptions, startBench } from '../support/startBench.ts';
import { startReconcileBench } from '../support/startReconcileBench.ts';
import type { NewScene } from '../support/stashDouble/startStashDouble.ts';

const FILLED = {
  title: 'Old title',
  summary: 'Old summary',
  studio: 'Old studio',
  genres: ['Old', 'Both'],
  roles: [{ tag: 'Zoe', role: 'The walker' }],
  locked: ['summary'],
} satisfies Partial<NewPlexItem>;
const SCENE: NewScene = {
  title: 'New title',
  details: 'New summary',
  studio: 'New studio',
  tags: ['Both', 'New'],
  performers: ['Ann'],
};

/** One film that was synced, and what it was before. */
async function synced(
  item: Partial<NewPlexItem> = FILLED,
  scene: NewScene = SCENE,
  options: BenchOptions = {},
) {
  const bench = await startBench(options);
  const sceneId = bench.scanned('film', scene, item);
  const before = stateOf(bench.item('film'));
  await bench.sync(sceneId);
  const { ratingKey, sectionKey } = bench.item('film');
  expect(stateOf(bench.item('film'))).not.toBe(before);
  bench.plexRequests();
  return {
    bench,
    sceneId,
    ratingKey,
    before,
    now: () => stateOf(bench.item('film')),
    /** What somebody does in Plex. */
    edit: (...fields: [string, string][]) => bench.context.plex.edit(sectionKey, ratingKey, fields),
    kept: () => bench.jobs.undo.select({}).length,
  };
}

const requestsOf = (bench: Bench) =>
  bench.plexRequests().map((request) => request.replace(/\/library\/(?:sections|metadata)\/[\d,]+/, ''));

describe('a restored item', () => {
  it('costs a read, one PUT for everything in it, and a look afterwards', async () => {
    const { bench, before, now } = await synced({ ...FILLED, genres: ['Both'], roles: [] });
    const result = await restoreOnBench(bench);
    expect(now()).toBe(before);
    expect(result.fields).toEqual({
      title: 1,
      studio: 1,
      summary: 1,
      tags: 1,
      performers: 1,
      collection: 1,
    });
    const requests = requestsOf(bench).filter((request) => !/identity|sections/.test(request));
    expect(requests).toEqual(['GET ', 'PUT /all', 'GET ']);
  });

  it('costs one PUT more where names come back before others', async () => {
    const { bench, before, now } = await synced();
    await restoreOnBench(bench);
    expect(now()).toBe(before);
    expect(requestsOf(bench).filter((request) => request === 'PUT /all')).toHaveLength(2);
  });

  it("is once more open to Plex's own agent in what was not locked", async () => {
    const { bench, before, now, ratingKey } = await synced();
    await restoreOnBench(bench);
    expect(bench.item('film').lockedFields).toEqual(['summary']);
    bench.plex.library.agentRefresh(ratingKey);
    expect(now()).toBe(before);
  });

  it('keeps what somebody has changed since, and gives that back too when it is asked for', async () => {
    const { bench, before, now, edit, kept } = await synced();
    await edit(['title.value', 'By hand'], ['title.locked', '1']);
    await edit(['genre[0].tag.tag', 'By hand']);
    const first = await restoreOnBench(bench);
    expect(first).toMatchObject({
      restored: 1,
      left: { title: 1, tags: 1 },
      fields: { summary: 1, studio: 1 },
    });
    expect(first.reports[0]?.notes).toEqual(['title and tags were changed by somebody since and stay so']);
    const item = bench.item('film');
    expect([item.title, item.genres, item.summary]).toEqual([
      'By hand',
      ['Both', 'New', 'By hand'],
      'Old summary',
    ]);
    expect(await restoreOnBench(bench)).toMatchObject({ restored: 0, leftAlone: 1 });
    expect(kept()).toBe(1);
    expect(await restoreOnBench(bench, { isForced: true })).toMatchObject({ restored: 1, left: {} });
    expect(now()).toBe(before);
    expect(kept()).toBe(0);
  });

  it('was what it was before the first of several syncs', async () => {
    const { bench, sceneId, before, now } = await synced();
    for (const [title, tags] of [
      ['Second', ['Both']],
      ['Third', ['New', 'More']],
    ] as const) {
      bench.clock.advance(60_000);
      bench.stash.scenes.update(sceneId, { title, tags: [...tags], details: '' });
      await bench.sync(sceneId);
    }
    expect(bench.item('film').title).toBe('Third');
    await restoreOnBench(bench);
    expect(now()).toBe(before);
  });

  it('is left alone by reconciliation until its scene is synced again', async () => {
    const bench = await startReconcileBench();
    const sceneId = bench.scanned('film', SCENE, FILLED);
    const before = stateOf(bench.item('film'));
    await bench.sync(sceneId);
    await restoreOnBench(bench);
    expect(await bench.reconcile()).toMatchObject({ enqueued: 0 });
    expect(bench.queued()).toEqual([]);
    expect(stateOf(bench.item('film'))).toBe(before);
    await bench.sync(sceneId);
    expect(bench.item('film').title).toBe('New title');
    await bench.context.plex.edit(bench.sectionKey, bench.item('film').ratingKey, [['title.value', 'Other']]);
    expect(await bench.reconcile()).toMatchObject({ enqueued: 1 });
    bench.clearQueue();
    await restoreOnBench(bench, { isForced: true });
    expect(stateOf(bench.item('film'))).toBe(before);
  });

  it('is said to be restored where the state of its scene is told', async () => {
    const { bench, sceneId } = await synced();
    const told = () => {
      const facts = readScene(bench.db, sceneId);
      const { status } = statusOf({
        ...facts,
        gate: undefined,
        isDrainerAlive: false,
        nowMs: bench.clock.now(),
      });
      return [
        status,
        syncSentences(sceneRecord(bench.db, sceneId)).join(' ').includes('It was restored since'),
      ];
    };
    expect(told()).toEqual(['equal', false]);
    await restoreOnBench(bench);
    expect(told()).toEqual(['restored', true]);
    await bench.sync(sceneId);
    expect(told()).toEqual(['equal', false]);
  });

  it('has no label or collection of the plugin any more: one that somebody gives it afterwards stays', async () => {
    const { bench, sceneId, before, now, edit } = await synced(
      FILLED,
      { ...SCENE, groups: ['Trilogy'] },
      { settings: { sync_labels: true, sync_groups: true } },
    );
    expect(bench.item('film').labels).toEqual(['Both', 'New']);
    await restoreOnBench(bench);
    expect(now()).toBe(before);
    await edit(['label[0].tag.tag', 'New'], ['collection[0].tag.tag', 'Trilogy']);
    bench.stash.scenes.update(sceneId, { tags: ['Both'], groups: [] });
    await bench.sync(sceneId);
    const { labels, collections } = bench.item('film');
    expect(labels.toSorted()).toEqual(['Both', 'New']);
    expect(collections).toContain('Trilogy');
  });

  it('leaves nothing to a scene that takes the item over afterwards', async () => {
    const bench = await startBench({ settings: { sync_labels: true } });
    bench.plex.library.addItem(bench.sectionKey, {
      title: 'clip',
      files: ['/media/films/one.mkv', '/media/films/two.mkv'],
    });
    const [one, two] = ['one', 'two'].map((name) =>
      bench.stash.scenes.add({ details: 'D', tags: [name], files: [`/data/films/${name}.mkv`] }),
    ) as [number, number];
    await bench.sync(one, two);
    expect(bench.item('one').labels).toEqual(['One']);
    bench.stash.scenes.destroy(one);
    dropScene(bench.db, one, bench.clock.now());
    await restoreOnBench(bench);
    const { sectionKey, ratingKey } = bench.item('two');
    await bench.context.plex.edit(sectionKey, ratingKey, [['label[0].tag.tag', 'One']]);
    await bench.drainAll();
    expect(bench.item('two').labels).toEqual(['One', 'Two']);
  });

  it('has its own sort title again, whether or not its title was changed since', async () => {
    const sorted = { ...FILLED, titleSort: 'Old sort' };
    const options = { settings: { sort_title_template: '{studio} {title}' } };
    const { bench, before, now, edit } = await synced(sorted, SCENE, options);
    await edit(['title.value', 'By hand'], ['title.locked', '1']);
    expect(await restoreOnBench(bench)).toMatchObject({ left: { title: 1 }, fields: { 'sort title': 1 } });
    const { titleSort, lockedFields, title } = bench.item('film');
    expect([title, titleSort, lockedFields.includes('titleSort')]).toEqual(['By hand', 'Old sort', false]);
    await restoreOnBench(bench, { isForced: true });
    expect(now()).toBe(before);
  });

  it('keeps a sort title that somebody has typed since', async () => {
    const options = { settings: { sort_title_template: '{studio} {title}' } };
    const { bench, edit } = await synced(FILLED, SCENE, options);
    await edit(['titleSort.value', 'Mine'], ['titleSort.locked', '1']);
    expect(await restoreOnBench(bench)).toMatchObject({ left: { 'sort title': 1 }, fields: { title: 1 } });
    expect(bench.item('film')).toMatchObject({ title: 'Old title', titleSort: 'Mine' });
  });

  it('is only told of by a preview, which writes nothing anywhere', async () => {
    const { bench, now, kept } = await synced();
    const synchronised = now();
    const { reports } = await restoreOnBench(bench, { apply: false });
    expect(reports[0]?.changes).toContainEqual({ field: 'title', from: 'New title', to: 'Old title' });
    expect(reports[0]?.changes).toContainEqual({ field: 'performers', from: 'Ann', to: 'Zoe as The walker' });
    expect(reports[0]?.changes).toContainEqual({ field: 'tags', from: 'Both, New', to: 'Old, Both' });
    expect(now()).toBe(synchronised);
    expect(requestsOf(bench).filter((request) => !request.startsWith('GET'))).toEqual([]);
    expect(kept()).toBe(1);
  });
});

describe('pictures of before', () => {
  const COVERED = { ...SCENE, screenshot: tinyJpeg('cover') };
  const looks = (bench: Bench) =>
    requestsOf(bench).filter((request) => /^GET \/(posters|arts)$/.test(request));

  it('cost one look each at their first change, none later, and come back with their lock', async () => {
    const bench = await startBench();
    const sceneId = bench.scanned('film', COVERED, FILLED);
    const before = stateOf(bench.item('film'));
    await bench.sync(sceneId);
    expect(looks(bench)).toEqual(['GET /posters', 'GET /arts']);
    bench.clock.advance(60_000);
    bench.stash.scenes.update(sceneId, { screenshot: tinyJpeg('another') });
    await bench.sync(sceneId);
    expect(looks(bench)).toEqual([]);
    await restoreOnBench(bench);
    expect(stateOf(bench.item('film'))).toBe(before);
    expect(looks(bench)).toEqual(['GET /posters', 'GET /arts']);
  });

  it('come back also where nothing else of the item was changed', async () => {
    const bench = await startBench({ settings: { sync_background: false } });
    const scene = { title: 'Film', details: 'D', screenshot: tinyJpeg('cover') };
    const sceneId = bench.scanned('film', scene, { title: 'Film', summary: 'D', locked: ['thumb'] });
    const before = stateOf(bench.item('film'));
    await bench.sync(sceneId);
    expect(stateOf(bench.item('film'))).not.toBe(before);
    expect(await restoreOnBench(bench)).toMatchObject({ restored: 1, fields: { poster: 1 } });
    expect(stateOf(bench.item('film'))).toBe(before);
  });

  it('are none again where there were none, or it is said that this Plex cannot do that', async () => {
    const none = { ...FILLED, thumb: '', art: '' };
    const { bench, before, now, kept } = await synced(none, COVERED);
    bench.plex.faults.add({
      match: { method: 'DELETE', path: /art$/ },
      times: 1,
      action: { kind: 'status', status: 404 },
    });
    const result = await restoreOnBench(bench);
    expect(result).toMatchObject({ restored: 1, lostPictures: 1, fields: { poster: 1 } });
    expect(result.reports[0]?.notes).toEqual(['it had no background, and this Plex cannot take one away']);
    expect(kept()).toBe(0);
    const { sceneId, ...again } = await synced(none, COVERED);
    await restoreOnBench(again.bench);
    expect(again.now()).toBe(again.before);
    expect(now()).not.toBe(before);
  });

  it('that Plex has no more are said so once, and their place is unlocked', async () => {
    const { bench, kept } = await synced(FILLED, COVERED, { settings: { sync_background: false } });
    bench.plex.faults.add({
      match: { method: 'PUT', path: /poster$/ },
      action: { kind: 'status', status: 404 },
    });
    const result = await restoreOnBench(bench);
    expect(result).toMatchObject({ restored: 1, lostPictures: 1 });
    expect(result.reports[0]?.notes).toEqual(['the poster of before is not in Plex any more']);
    expect(bench.item('film').lockedFields).toEqual(['summary']);
    expect(kept()).toBe(0);
    expect(await restoreOnBench(bench)).toMatchObject({ selected: 0, reports: [] });
  });

  it('give way to one that somebody has chosen since', async () => {
    const { bench, ratingKey, before, now } = await synced(FILLED, COVERED, {
      settings: { sync_background: false },
    });
    await bench.context.plex.uploadImage(ratingKey, 'poster', tinyJpeg('mine'), 'image/jpeg');
    const chosen = bench.item('film').posters.find(({ selected }) => selected)?.ratingKey;
    expect(await restoreOnBench(bench)).toMatchObject({ restored: 1, left: { poster: 1 } });
    expect(bench.item('film').posters.find(({ selected }) => selected)?.ratingKey).toBe(chosen);
    expect(bench.item('film').lockedFields).toContain('thumb');
    await restoreOnBench(bench, { isForced: true });
    expect(now()).toBe(before);
  });

  it('of which Plex does not tell the name are lost, and all else comes back', async () => {
    const bench = await startBench({ settings: { sync_background: false } });
    const sceneId = bench.scanned('film', COVERED, FILLED);
    bench.plex.faults.add({ match: /\/posters$/, times: 1, action: { kind: 'status', status: 500 } });
    await bench.sync(sceneId);
    const result = await restoreOnBench(bench);
    expect(result).toMatchObject({ restored: 1, lostPictures: 1 });
    expect(result.reports[0]?.notes).toEqual(['Plex did not tell which poster it had']);
    expect(bench.item('film').title).toBe('Old title');
  });
});

describe('a restore that is interrupted', () => {
  async function many(count = 5) {
    const bench = await startBench();
    const names = Array.from({ length: count }, (_, index) => `film${index}`);
    const ids = names.map((name) => bench.scanned(name, SCENE, FILLED));
    const states = () => names.map((name) => stateOf(bench.item(name)));
    const before = states();
    await bench.sync(...ids);
    return { bench, ids, before, states, kept: () => bench.jobs.undo.select({}).length };
  }

  it('by an outage says so, and goes on where it was when it is run again', async () => {
    const { bench, before, states, kept } = await many();
    const fault = bench.plex.faults.add({
      match: { method: 'PUT' },
      nth: 4,
      action: { kind: 'status', status: 503 },
    });
    const first = await restoreOnBench(bench);
    expect(first.problem).toMatch(/503/);
    expect(first.restored + first.untried).toBe(5);
    expect(first.untried).toBeGreaterThan(0);
    expect(kept()).toBe(first.untried);
    fault.remove();
    expect(await restoreOnBench(bench)).toMatchObject({ restored: first.untried, untried: 0 });
    expect(states()).toEqual(before);
  });

  it('between Plex and its own book-keeping finds everything right the next time', async () => {
    const { bench, before, states, kept } = await many();
    bench.plex.faults.add({
      match: { method: 'GET', path: /^\/library\/metadata\/[\d,]+$/ },
      nth: 2,
      action: { kind: 'status', status: 503 },
    });
    const first = await restoreOnBench(bench);
    expect(first.problem).toMatch(/503/);
    expect(states()).toEqual(before);
    expect(kept()).toBe(5);
    bench.plex.faults.clear();
    bench.plexRequests();
    expect(await restoreOnBench(bench)).toMatchObject({ restored: 0, right: 5 });
    expect(bench.plexRequests().filter((request) => request.startsWith('PUT'))).toEqual([]);
    expect(kept()).toBe(0);
  });

  it('by one item at which Plex fails goes on with the others, and ends where it fails at all of them', async () => {
    const { bench, before, states, kept } = await many();
    const { ratingKey } = bench.item('film2');
    const fault = bench.plex.faults.add({
      match: { method: 'PUT', text: `id=${ratingKey}` },
      action: { kind: 'status', status: 500 },
    });
    const first = await restoreOnBench(bench);
    expect(first).toMatchObject({ restored: 5 - 1, failed: 1 });
    expect(kept()).toBe(1);
    fault.remove();
    await restoreOnBench(bench);
    expect(states()).toEqual(before);

    const other = await many();
    other.bench.plex.faults.add({ match: { method: 'PUT' }, action: { kind: 'status', status: 500 } });
    const all = await restoreOnBench(other.bench);
    expect(all).toMatchObject({ restored: 0, failed: 2, untried: 3 });
    expect(all.problem).toMatch(/500/);
    expect(other.kept()).toBe(5);
  });

  it('keeps what Plex accepts and does not take over', async () => {
    const { bench, kept, before, now } = await synced({ ...FILLED, genres: ['Both'], roles: [] });
    const fault = bench.plex.faults.add({
      match: { method: 'PUT' },
      action: { kind: 'status', status: 204 },
    });
    const first = await restoreOnBench(bench);
    expect(first.refused).toEqual({ title: 1, studio: 1, summary: 1, tags: 1, performers: 1, collection: 1 });
    expect(first.fields).toEqual({});
    expect(kept()).toBe(1);
    fault.remove();
    await restoreOnBench(bench);
    expect(now()).toBe(before);
  });
});

describe('what is meant', () => {
  it('is chosen by scene, by item and by time of the last change', async () => {
    const bench = await startBench();
    const ids = ['one', 'two', 'three'].map((name) => bench.scanned(name, SCENE, FILLED));
    for (const id of ids) {
      await bench.sync(id);
      bench.clock.advance(3_600_000);
    }
    const restored = () =>
      ['one', 'two', 'three'].filter((name) => bench.item(name).title === 'Old title').join();
    const [one = 0, two = 0] = ids;
    const hourAgo = bench.clock.now() - 3_600_000;
    expect(await restoreOnBench(bench, { selection: { changedSinceMs: hourAgo } })).toMatchObject({
      selected: 1,
    });
    expect(restored()).toBe('three');
    await restoreOnBench(bench, { selection: { sceneIds: [two, 4711] } });
    expect(restored()).toBe('two,three');
    await restoreOnBench(bench, {
      selection: { ratingKeys: [bench.item('one').ratingKey], sceneIds: [two] },
    });
    expect(restored()).toBe('two,three');
    await restoreOnBench(bench, {
      selection: { ratingKeys: [bench.item('one').ratingKey], sceneIds: [one] },
    });
    expect(restored()).toBe('one,two,three');
  });

  it('is not an item that is gone, is in the trash, or has become another under the same number', async () => {
    const bench = await startBench();
    const ids = ['gone', 'trashed', 'other'].map((name) => bench.scanned(name, SCENE, FILLED));
    await bench.sync(...ids);
    const { library } = bench.plex;
    const { ratingKey } = bench.item('other');
    library.removeItem(bench.item('gone').ratingKey);
    library.trashItem(bench.item('trashed').ratingKey);
    library.removeItem(ratingKey);
    library.addItem(bench.sectionKey, { title: 'New title', file: '/media/films/x.mkv', ratingKey });
    expect(await restoreOnBench(bench)).toMatchObject({ selected: 3, gone: 3, restored: 0 });
    expect(library.item(ratingKey)?.title).toBe('New title');
  });

  it('is not an item of another server', async () => {
    const { bench, now } = await synced();
    const state = now();
    bench.plex.library.machineIdentifier = 'another';
    bench.restart();
    expect(await restoreOnBench(bench)).toMatchObject({ selected: 0, elsewhere: 1, restored: 0 });
    expect(now()).toBe(state);
  });
});

describe('what is kept', () => {
  it('is there before Plex is told anything, and does no harm when Plex is told nothing', async () => {
    const bench = await startBench();
    const sceneId = bench.scanned('film', SCENE, FILLED);
    const before = stateOf(bench.item('film'));
    bench.plex.faults.add({ match: { method: 'PUT' }, action: { kind: 'resetBefore' } });
    await bench.sync(sceneId);
    expect(stateOf(bench.item('film'))).toBe(before);
    expect(bench.jobs.undo.select({})).toHaveLength(1);
    bench.plex.faults.clear();
    bench.plexRequests();
    expect(await restoreOnBench(bench)).toMatchObject({ restored: 0, right: 1 });
    expect(bench.plexRequests().filter((request) => request.startsWith('PUT'))).toEqual([]);
    expect(bench.jobs.undo.select({})).toEqual([]);
  });

  it('brings the item back also when nobody knows whether Plex took the edit', async () => {
    for (const kind of ['resetBefore', 'resetAfter'] as const) {
      const bench = await startBench();
      const sceneId = bench.scanned('film', SCENE, FILLED);
      const before = stateOf(bench.item('film'));
      await bench.sync(sceneId);
      bench.clock.advance(60_000);
      bench.stash.scenes.update(sceneId, { title: 'Newer', tags: ['New', 'Newer'] });
      bench.plex.faults.add({ match: { method: 'PUT' }, action: { kind } });
      await bench.sync(sceneId);
      bench.plex.faults.clear();
      expect(bench.item('film').title).toBe(kind === 'resetAfter' ? 'Newer' : 'New title');
      expect(await restoreOnBench(bench)).toMatchObject({ restored: 1, left: {} });
      expect(stateOf(bench.item('film'))).toBe(before);
    }
  });

  it('costs nothing for a scene that is right, nor where nothing is to be kept', async () => {
    const { bench, sceneId } = await synced(FILLED, { ...SCENE, screenshot: tinyJpeg('cover') });
    const [entry] = bench.jobs.undo.select({});
    await bench.sync(sceneId);
    expect(bench.jobs.undo.select({})).toEqual([entry]);
    const other = await startBench({ settings: { undo_retention_days: 0 } });
    await other.sync(other.scanned('film', { ...SCENE, screenshot: tinyJpeg('cover') }));
    expect(other.item('film').title).toBe('New title');
    expect(other.plexRequests().filter((request) => /GET .*(posters|arts)$/.test(request))).toEqual([]);
    expect(other.jobs.undo.select({})).toEqual([]);
  });

  it('goes after its time, counted from the last change, and at once when nothing is to be kept', async () => {
    const { bench, kept } = await synced();
    const { jobs, clock } = bench;
    clock.advance(89 * 86_400_000);
    expect(jobs.purgeUndo(90)).toBe(0);
    clock.advance(2 * 86_400_000);
    expect(jobs.purgeUndo(90)).toBe(1);
    expect(kept()).toBe(0);
    const again = await synced();
    expect(again.bench.jobs.purgeUndo(0)).toBe(1);
    expect(again.kept()).toBe(0);
  });

  it('stays when the item is synced while it is being restored', async () => {
    const { bench, sceneId, before, now } = await synced();
    const [entry] = bench.jobs.undo.select({});
    if (!entry) throw new Error('Nothing is kept.');
    bench.clock.advance(60_000);
    bench.stash.scenes.update(sceneId, { title: 'Newer' });
    await bench.sync(sceneId);
    expect(bench.jobs.undo.settle(entry, undefined, (written) => written)).toBe(false);
    await restoreOnBench(bench);
    expect(now()).toBe(before);
  });
});
