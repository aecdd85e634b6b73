import { describe, expect, it } from 'vitest';
import { addDrains, type DrainFigures, NOTHING_DONE } from '../../src/drain/DrainResult.ts';
import { queueScenes } from '../../src/drain/queueScenes.ts';
import { dropScene } from '../../src/queue/dropScene.ts';
import type { PlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { type ReconcileBench, startReconcileBench } from '../support/startReconcileBench.ts';

/** What was written to Plex since the last call. */
function writes({ plex }: ReconcileBench): number {
  const count = plex.log.entries.filter(({ method }) => method !== 'GET').length;
  plex.log.clear();
  return count;
}

/** The task, and the drainer after it. */
async function syncAll(bench: ReconcileBench): Promise<DrainFigures> {
  await queueScenes({}, { stash: bench.stashClient, db: bench.db, clock: bench.clock });
  const passes = await bench.drainAll();
  return passes.reduce<DrainFigures>(addDrains, NOTHING_DONE);
}

/** Two more Sync Alls and a reconciliation find nothing to do. @returns the last one's figures. */
async function expectSettled(bench: ReconcileBench): Promise<DrainFigures> {
  writes(bench);
  const second = await syncAll(bench);
  // In another process, an hour and a half later: nothing is at hand any more.
  bench.clock.advance(90 * 60_000);
  bench.restart();
  const third = await syncAll(bench);
  expect(third).toEqual(second);
  expect(writes(bench)).toBe(0);
  expect(await bench.reconcile()).toMatchObject({ enqueued: 0, alreadyQueued: 0, leftAlone: 0, gone: 0 });
  expect(bench.queued()).toEqual([]);
  expect(writes(bench)).toBe(0);
  return third;
}

/** Posters that did not come from Plex itself. */
const uploads = (item: PlexItem | undefined) =>
  item?.posters.filter(({ ratingKey }) => ratingKey.startsWith('upload://')) ?? [];

const shared = ({ jobs }: ReconcileBench) => jobs.owners.shared(100).scenes;

function clip({ stash }: ReconcileBench, name: string, title = name): number {
  return stash.scenes.add({
    files: [`/data/films/${name}.mkv`],
    title,
    details: `About ${title}.`,
    tags: [title],
    studio: title,
    screenshot: tinyJpeg(title),
  });
}

const names = ['cd1', 'cd2', 'cd3', 'cd4'];
const path = (name: string) => `/media/films/${name}.mkv`;

/** Four scenes, the last one first, whose files are the parts of one item. */
async function fourClips() {
  const bench = await startReconcileBench();
  const parts = [names.map(path)];
  const { ratingKey } = bench.plex.library.addItem(bench.sectionKey, {
    title: 'Four',
    file: path('trailer'),
    parts,
  });
  const ids = Object.fromEntries(names.toReversed().map((name) => [name, clip(bench, name)]));
  const id = (name: string) => ids[name] as number;
  return { bench, ratingKey, id, item: () => bench.plex.library.item(ratingKey) };
}

describe('four scenes on one item', () => {
  it('leave it to the one with the first file; three Sync Alls and a reconciliation write it once (A2)', async () => {
    const { bench, id, ratingKey, item } = await fourClips();
    expect(await syncAll(bench)).toMatchObject({ synced: 1, shared: 3, retried: 0, buried: 0 });
    expect(item()).toMatchObject({ title: 'cd1', studio: 'cd1', genres: ['cd1'], collections: ['Cd1'] });
    expect(await expectSettled(bench)).toMatchObject({ synced: 1, unchanged: 1, shared: 3, buried: 0 });
    expect(bench.givenUp()).toEqual([]);
    expect(shared(bench)).toEqual(
      ['cd4', 'cd3', 'cd2'].map((name) => ({
        sceneId: id(name),
        ownerId: id('cd1'),
        ratingKey,
        // As it is since the owner was written.
        title: 'cd1',
      })),
    );
    const told = bench.lines.filter(({ text }) => text.includes('the others are not written'));
    expect(told).toMatchObject([
      { level: 'info', text: expect.stringContaining('of scenes 1, 2, 3, 4: scene 4') },
    ]);
  });

  it('are found shared by a reconciliation as by a sync, whoever comes first (A2)', async () => {
    const { bench, id } = await fourClips();
    expect(await bench.reconcile()).toMatchObject({ shared: 3, enqueued: 1 });
    expect(bench.queued()).toEqual([id('cd1')]);
    bench.stash.log.clear();
    await bench.drainAll();
    // It asks nobody again.
    expect(bench.stash.log.count({ operation: 'Stash2PlexFiles' })).toBe(0);
    expect(await bench.reconcile()).toMatchObject({ shared: 3, right: 1, enqueued: 0 });
  });

  it('have their owner written when one of the others is edited first (A2)', async () => {
    const { bench, id, item } = await fourClips();
    expect(await bench.sync(id('cd3'))).toMatchObject({ shared: 1, synced: 1 });
    expect(item()).toMatchObject({ title: 'cd1' });
    expect(await bench.sync(id('cd3'))).toMatchObject({ shared: 1, synced: 0 });
  });

  it('mend an item that former versions had all of them write to (A2)', async () => {
    const { bench, id, item, ratingKey } = await fourClips();
    for (const name of names) {
      bench.db
        .prepare('INSERT INTO scene_syncs VALUES (?, NULL, 1, ?, ?, ?, \'{"file":"\' || ? || \'"}\')')
        .run(id(name), bench.plex.library.machineIdentifier, bench.sectionKey, ratingKey, path(name));
    }
    await bench.context.plex.edit(bench.sectionKey, ratingKey, [['title.value', 'cd4']]);
    await bench.sync(id('cd4'));
    expect(item()?.title).toBe('cd1');
    await syncAll(bench);
    expect(bench.db.prepare('SELECT scene_id FROM scene_syncs').pluck().all()).toEqual([id('cd1')]);
  });

  it('pass the item on when Stash destroys its owner, with what the owner wrote (A2)', async () => {
    const { bench, id, item } = await fourClips();
    await syncAll(bench);
    bench.stash.scenes.destroy(id('cd1'));
    expect(dropScene(bench.db, id('cd1'), bench.clock.now())).toHaveLength(3);
    await bench.drainAll();
    // The user's own would have stayed.
    expect(item()).toMatchObject({ title: 'cd2', studio: 'cd2', genres: ['cd2'], collections: ['Cd2'] });
    expect(uploads(item())).toHaveLength(2);
    expect(await expectSettled(bench)).toMatchObject({ synced: 1, shared: 2 });
    // A scene that owned nothing leaves nothing behind.
    bench.stash.scenes.destroy(id('cd4'));
    expect(dropScene(bench.db, id('cd4'), bench.clock.now())).toEqual([]);
    expect(shared(bench)).toMatchObject([{ sceneId: id('cd3'), ownerId: id('cd2') }]);
  });

  it('pass the item on when their owner was merged away without a word: a reconciliation finds it (A2, W-61)', async () => {
    const { bench, id, item } = await fourClips();
    await syncAll(bench);
    bench.stash.scenes.destroy(id('cd1'));
    await bench.reconcile();
    await bench.drainAll();
    expect(item()).toMatchObject({ title: 'cd2', genres: ['cd2'] });
    await expectSettled(bench);
  });

  it('pass the item on when the owner has its file no more: by its own sync, or a reconciliation (A2)', async () => {
    for (const way of ['sync', 'reconcile'] as const) {
      const { bench, id, item } = await fourClips();
      await syncAll(bench);
      bench.plex.library.addItem(bench.sectionKey, { title: 'alone', file: path('alone') });
      bench.stash.scenes.touchWithoutBump(id('cd1'), { files: ['/data/films/alone.mkv'] });
      if (way === 'sync') bench.record(id('cd1'));
      else await bench.reconcile();
      await bench.drainAll();
      expect(item()).toMatchObject({ title: 'cd2', genres: ['cd2'] });
      expect(bench.item('alone')).toMatchObject({ title: 'cd1', genres: ['cd1'] });
      expect(await expectSettled(bench)).toMatchObject({ synced: 2, shared: 2 });
    }
  });

  it('pass the item on when the file of the owner is in Plex no more, and the owner waits for it (A2)', async () => {
    const { bench, id, item } = await fourClips();
    await syncAll(bench);
    bench.stash.scenes.touchWithoutBump(id('cd1'), { files: ['/data/films/nowhere.mkv'] });
    expect(await bench.sync(id('cd1'))).toMatchObject({ retried: 1 });
    await bench.drain();
    expect(item()).toMatchObject({ title: 'cd2' });
  });

  it('give up nothing they had been given up for: a shared scene is no dead letter (A2)', async () => {
    const { bench, id } = await fourClips();
    await syncAll(bench);
    bench.db
      .prepare("INSERT INTO dead_letters (scene_id, error_type) VALUES (?, 'PlexPermanentError')")
      .run(id('cd2'));
    await bench.sync(id('cd2'));
    expect(bench.givenUp()).toEqual([]);
  });

  it('cost Stash one question in each hour of Sync Alls', async () => {
    const { bench } = await fourClips();
    for (let round = 0; round < 3; round += 1) await syncAll(bench);
    expect(bench.stash.log.count({ operation: 'Stash2PlexFiles' })).toBe(1);
    bench.clock.advance(3_600_000);
    await syncAll(bench);
    expect(bench.stash.log.count({ operation: 'Stash2PlexFiles' })).toBe(2);
  });

  it('are decided about anew on another server, and nothing of the former one is told any more (W-23)', async () => {
    const { bench, id, item } = await fourClips();
    await syncAll(bench);
    bench.plex.library.machineIdentifier = 'e'.repeat(40);
    bench.restart();
    expect(await syncAll(bench)).toMatchObject({ synced: 1, shared: 3 });
    expect(item()).toMatchObject({ title: 'cd1' });
    expect(bench.db.prepare('SELECT DISTINCT server_id FROM item_owners').pluck().all()).toEqual([
      'e'.repeat(40),
    ]);
    expect(shared(bench).map(({ ownerId }) => ownerId)).toEqual(Array(3).fill(id('cd1')));
  });

  it('wait unharmed while Stash does not answer the question', async () => {
    const { bench, item } = await fourClips();
    bench.stash.faults.add({ match: { operation: 'Stash2PlexFiles' }, action: { status: 503 } });
    await syncAll(bench);
    expect(bench.givenUp()).toEqual([]);
    bench.stash.faults.clear();
    await bench.drainAll();
    expect(item()).toMatchObject({ title: 'cd1' });
  });
});

describe('a library of items that scenes share', () => {
  it('costs a reconciliation one question to Stash for 50 file names, and none once that is decided (A2, W-60)', async () => {
    const bench = await startReconcileBench();
    const ids = Array.from({ length: 50 }, (_, index) => {
      const own = names.map((name) => `${index}-${name}`);
      const parts = [own.map(path)];
      bench.plex.library.addItem(bench.sectionKey, { title: 'x', file: path(`${index}`), parts });
      return own.map((name) => clip(bench, name));
    });
    bench.stash.log.clear();
    expect(await bench.reconcile()).toMatchObject({ checked: 200, enqueued: 50, shared: 150 });
    const questions = () => bench.stash.log.count({ operation: 'Stash2PlexFiles' });
    // Scenes come 100 at a time, and with them 125 names.
    expect(questions()).toBe(6);
    await bench.drainAll();
    const asked = questions();
    expect(await bench.reconcile()).toMatchObject({ checked: 200, right: 50, shared: 150, enqueued: 0 });
    expect(questions()).toBe(asked);
    expect(bench.queued()).toEqual([]);
    expect(shared(bench).map(({ ownerId }) => ownerId)).toEqual(
      ids.flatMap(([first, ...others]) => others.map(() => first)).slice(0, 100),
    );
  });
});

describe('a version that Plex made', () => {
  it("never takes the film's item, though its scene has a tag and comes first (A2)", async () => {
    const bench = await startReconcileBench();
    const copy = '/media/films/Plex Versions/Optimized for TV/film.mp4';
    bench.plex.library.addItem(bench.sectionKey, { title: 'Film', file: copy, files: [path('film')] });
    const bare = bench.stash.scenes.add({
      files: ['/data/films/Plex Versions/Optimized for TV/film.mp4'],
      tags: ['Auto'],
    });
    const film = clip(bench, 'film');
    expect(await syncAll(bench)).toMatchObject({ synced: 1, shared: 1 });
    expect(bench.item('film')).toMatchObject({ title: 'film', studio: 'film', genres: ['film'] });
    expect(await expectSettled(bench)).toMatchObject({ synced: 1, unchanged: 1, shared: 1 });
    expect(shared(bench)).toMatchObject([{ sceneId: bare, ownerId: film }]);
  });

  it('owns no item of its own either (A2)', async () => {
    const bench = await startReconcileBench();
    bench.scanned('Plex Versions/Mobile/film', { tags: ['Auto'] });
    expect(await syncAll(bench)).toMatchObject({ synced: 0, shared: 1 });
    expect(await expectSettled(bench)).toMatchObject({ shared: 1, buried: 0 });
    expect(shared(bench)).toMatchObject([{ ownerId: null }]);
  });
});

describe('one scene in two libraries', () => {
  async function twoLibraries() {
    const bench = await startReconcileBench();
    const { key: second } = bench.plex.library.addSection({ title: 'Again', locations: ['/media/films'] });
    const id = bench.scanned('film', { tags: ['T'], screenshot: tinyJpeg('film') });
    const add = () => bench.plex.library.addItem(second, { title: 'bare', file: path('film') });
    const inLibrary = (key: string) =>
      [...bench.plex.library.items()].find(({ sectionKey }) => sectionKey === key);
    return { bench, id, second, add, inLibrary };
  }

  it('is written to both, texts and pictures; three Sync Alls and a reconciliation write each once (A3)', async () => {
    const { bench, id, second, add, inLibrary } = await twoLibraries();
    add();
    expect(await syncAll(bench)).toMatchObject({ synced: 1, shared: 0, buried: 0 });
    for (const key of [bench.sectionKey, second]) {
      expect(inLibrary(key)).toMatchObject({ summary: 'About film.', genres: ['T'] });
      expect(uploads(inLibrary(key))).toMatchObject([{ selected: true }]);
    }
    expect(
      bench.jobs
        .sceneSyncs(id)
        .map(({ sectionKey }) => sectionKey)
        .sort(),
    ).toEqual([bench.sectionKey, second].sort());
    expect(await expectSettled(bench)).toMatchObject({ synced: 1, unchanged: 1 });
    bench.stash.scenes.update(id, { details: 'New.' });
    await bench.sync(id);
    expect([...bench.plex.library.items()].map(({ summary }) => summary)).toEqual(['New.', 'New.']);
  });

  it('is written to the second one when that is scanned later: a reconciliation finds the gap (A3)', async () => {
    const { bench, second, add, inLibrary } = await twoLibraries();
    await syncAll(bench);
    add();
    expect(await bench.reconcile()).toMatchObject({ enqueued: 1, gaps: { empty_metadata: 1 } });
    await bench.drainAll();
    expect(inLibrary(second)).toMatchObject({ summary: 'About film.', genres: ['T'] });
    await expectSettled(bench);
  });

  it('is written to the second one when that is scanned later, by Sync All as well (A3)', async () => {
    const { bench, second, add, inLibrary } = await twoLibraries();
    await bench.reconcile();
    await bench.drainAll();
    expect(inLibrary(bench.sectionKey)).toMatchObject({ summary: 'About film.' });
    add();
    bench.clock.advance(60_000);
    await syncAll(bench);
    expect(inLibrary(second)).toMatchObject({ summary: 'About film.', genres: ['T'] });
    await expectSettled(bench);
  });

  it('loses the row of the item that goes, and keeps what it wrote in a library that is left out for a while (A3)', async () => {
    const { bench, id, second, add, inLibrary } = await twoLibraries();
    add();
    await syncAll(bench);
    bench.restart({ plex_library: 'Films' });
    bench.stash.scenes.update(id, { tags: ['U'] });
    await bench.sync(id);
    expect(inLibrary(second)).toMatchObject({ genres: ['T'] });
    bench.restart({ plex_library: '' });
    await bench.sync(id);
    // Whatever the plugin wrote there it takes away again.
    expect(inLibrary(second)).toMatchObject({ genres: ['U'] });
    bench.plex.library.removeItem(inLibrary(second)?.ratingKey ?? '');
    await bench.sync(id);
    expect(bench.jobs.sceneSyncs(id)).toMatchObject([{ sectionKey: bench.sectionKey }]);
  });

  it('writes and remembers one item while Plex fails at the other, and is done when both are (A3)', async () => {
    const { bench, id, second, add, inLibrary } = await twoLibraries();
    add();
    const broken = inLibrary(bench.sectionKey)?.ratingKey;
    const fault = bench.plex.faults.add({
      match: (request) => request.method === 'PUT' && request.parameter('id') === broken,
      action: { kind: 'status', status: 500 },
    });
    expect(await bench.sync(id)).toMatchObject({ synced: 0, retried: 1 });
    expect(inLibrary(second)).toMatchObject({ summary: 'About film.' });
    expect(bench.jobs.sceneSyncs(id).map(({ sceneUpdatedAt }) => sceneUpdatedAt)).toEqual([null, null]);
    fault.remove();
    writes(bench);
    await bench.drainAll();
    expect(inLibrary(bench.sectionKey)).toMatchObject({ summary: 'About film.' });
    expect(bench.job(id)).toBeUndefined();
    const version = bench.stash.scenes.get(id)?.updated_at;
    expect(bench.jobs.sceneSyncs(id).map(({ sceneUpdatedAt }) => sceneUpdatedAt)).toEqual([version, version]);
    await expectSettled(bench);
  });

  it('writes the item that is certain, and is given up for the two that are not in another library (W-06)', async () => {
    const { bench, id, add, inLibrary } = await twoLibraries();
    add();
    add();
    expect(await bench.sync(id)).toMatchObject({ buried: 1 });
    expect(bench.givenUp()).toMatchObject([{ type: 'AmbiguousMatch' }]);
    expect(inLibrary(bench.sectionKey)).toMatchObject({ summary: 'About film.' });
    writes(bench);
    expect(await bench.reconcile()).toMatchObject({ ambiguous: 1, enqueued: 0 });
  });
});

describe('one scene with two files in two items', () => {
  it('is written to both; three Sync Alls and a reconciliation write each once (A3)', async () => {
    const bench = await startReconcileBench();
    for (const name of ['one', 'two'])
      bench.plex.library.addItem(bench.sectionKey, { title: 'bare', file: path(name) });
    const id = bench.stash.scenes.add({
      files: ['/data/films/one.mkv', '/data/films/two.mkv'],
      title: 'Both',
      tags: ['T'],
      screenshot: tinyJpeg('both'),
    });
    expect(await syncAll(bench)).toMatchObject({ synced: 1 });
    for (const name of ['one', 'two'])
      expect(bench.item(name)).toMatchObject({ title: 'Both', genres: ['T'] });
    for (const name of ['one', 'two']) expect(uploads(bench.item(name))).toMatchObject([{ selected: true }]);
    expect(await expectSettled(bench)).toMatchObject({ synced: 1, unchanged: 1 });
    // Split: each file is a scene's of its own now.
    bench.stash.scenes.update(id, { files: ['/data/films/one.mkv'] });
    const other = clip(bench, 'two', 'Other');
    await syncAll(bench);
    expect(bench.item('two')).toMatchObject({ title: 'Other' });
    expect(bench.jobs.sceneSyncs(id)).toHaveLength(1);
    expect(bench.jobs.sceneSyncs(other)).toHaveLength(1);
    await expectSettled(bench);
  });

  it('finds the second item when it comes later (A3)', async () => {
    const bench = await startReconcileBench();
    bench.plex.library.addItem(bench.sectionKey, { title: 'bare', file: path('one') });
    bench.stash.scenes.add({ files: ['/data/films/one.mkv', '/data/films/two.mkv'], tags: ['T'] });
    await syncAll(bench);
    bench.plex.library.addItem(bench.sectionKey, { title: 'bare', file: path('two') });
    expect(await bench.reconcile()).toMatchObject({ enqueued: 1 });
    await bench.drainAll();
    expect(bench.item('two')).toMatchObject({ genres: ['T'] });
    await expectSettled(bench);
  });
});

describe('an item in the trash', () => {
  it('is no item: a moved file is written to its living one, in a sync and in a reconciliation (A4)', async () => {
    for (const way of ['sync', 'reconcile'] as const) {
      const bench = await startReconcileBench();
      const id = bench.scanned('old/film', { tags: ['T'] });
      await bench.sync(id);
      const trashed = bench.item('old/film').ratingKey;
      const { ratingKey } = bench.plex.library.moveFile(trashed, path('new/film'));
      bench.stash.scenes.touchWithoutBump(id, { files: ['/data/films/new/film.mkv'] });
      if (way === 'sync') bench.record(id);
      else expect(await bench.reconcile()).toMatchObject({ enqueued: 1, ambiguous: 0 });
      expect(await bench.drainAll()).toMatchObject([{ synced: 1 }]);
      expect(bench.plex.library.item(ratingKey)).toMatchObject({ genres: ['T'] });
      expect(bench.jobs.sceneSyncs(id)).toMatchObject([{ ratingKey }]);
      writes(bench);
      expect(await bench.reconcile()).toMatchObject({ enqueued: 0, right: 1 });
    }
  });

  it('is no twin of the living one at the same place, and no home for a scene while it is alone (A4)', async () => {
    const bench = await startReconcileBench();
    const id = bench.scanned('film', { tags: ['T'] });
    bench.plex.library.trashItem(bench.item('film').ratingKey);
    expect(await bench.sync(id)).toMatchObject({ retried: 1 });
    const { ratingKey } = bench.plex.library.addItem(bench.sectionKey, { title: 'bare', file: path('film') });
    expect(await bench.drainAll()).toMatchObject([{ synced: 0 }, { synced: 1 }]);
    expect(bench.plex.library.item(ratingKey)).toMatchObject({ genres: ['T'] });
  });
});
