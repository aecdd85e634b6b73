import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clearMatchIndex } from '../../src/plex/PathIndex.ts';
import { tinyJpeg, tinyPng } from '../support/plexDouble/tinyImage.ts';
import { startReconcileBench } from '../support/startReconcileBench.ts';
import { itemAsSynced } from '../support/syncedLibrary.ts';

const NOTHING = { empty_metadata: 0, stale_sync: 0, missing: 0 };
const DAY_MS = 86_400_000;

describe('reconcile', () => {
  it('finds nothing where everything is right, and reads nothing again the next time (W-60)', async () => {
    const bench = await startReconcileBench();
    for (const name of ['a', 'b', 'c']) bench.synced(name, { tags: ['One', 'Two', 'Three'], studio: 'S' });
    expect(await bench.reconcile()).toMatchObject({ checked: 3, right: 3, gaps: NOTHING, enqueued: 0 });
    bench.plexRequests();
    expect(await bench.reconcile()).toMatchObject({ checked: 3, right: 3, gaps: NOTHING });
    expect(bench.plexRequests()).toEqual([
      'GET /identity',
      'GET /library/sections',
      'GET /library/sections/1/all',
    ]);
  });

  it('finds an item that lost its metadata although the scene is unchanged (W-53)', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a', { tags: ['One'] });
    await bench.reconcile();
    const { ratingKey } = bench.item('a');
    bench.plex.library.agentRefresh(ratingKey);
    await emptyItem(bench, ratingKey);
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, empty_metadata: 1 }, enqueued: 1 });
    expect(bench.queued()).toEqual([id]);
  });

  it('finds a filled scene whose item is empty (18.22)', async () => {
    const bench = await startReconcileBench();
    const id = bench.scanned('a', { details: 'Much.' });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, empty_metadata: 1 }, enqueued: 1 });
    expect(bench.queued()).toEqual([id]);
  });

  it('finds a scene that changed since its sync (18.22)', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a');
    bench.clock.advance(60_000);
    bench.stash.scenes.update(id, { details: 'Something else.' });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, stale_sync: 1 }, enqueued: 1 });
  });

  it('finds a tag, a performer and a studio that were renamed, which moves no updated_at', async () => {
    const bench = await startReconcileBench();
    const ids = [
      bench.synced('a', { tags: ['Old'] }),
      bench.synced('b', { performers: ['Old'] }),
      bench.synced('c', { studio: 'Old' }, { collection: 'Old' }),
      bench.synced('d', { tags: ['Other'] }),
    ];
    await bench.reconcile();
    const { tags, performers, studios } = bench.stash.scenes;
    for (const store of [tags, performers, studios]) store.rename('Old', 'New');
    expect(await bench.reconcile()).toMatchObject({
      gaps: { ...NOTHING, stale_sync: 3 },
      enqueued: 3,
      right: 1,
    });
    expect(bench.queued()).toEqual(ids.slice(0, 3));
  });

  it.each([
    { sync_labels: true },
    { sync_director: true },
    { sync_code: true },
    { sync_groups: true },
    { sync_studio_chain: true },
    { sync_performer_tags: true },
    { content_rating: 'XXX' },
    { title_template: '{studio} - {title}' },
    { sort_title_template: '{studio} {title}' },
    { ignore_tags: 'One' },
  ])('finds every scene that %j concerns, once, and nothing before or after', async (settings) => {
    const bench = await startReconcileBench();
    const RICH = {
      title: 'The Walk',
      studio: 'S',
      tags: ['One'],
      performers: ['P'],
      groups: ['G'],
      director: 'D',
      code: 'C',
    };
    const concerned = ['a', 'b'].map((name) => bench.synced(name, RICH, { collection: 'S' }));
    // With nothing for the lists; the others get a new field, or a title of the template.
    bench.synced('c', { title: 'c' });
    bench.stash.scenes.setParentStudio('S', 'Above');
    bench.stash.scenes.tagPerformer('P', ['Tall']);
    expect(await bench.reconcile()).toMatchObject({ gaps: NOTHING, right: 3 });
    const { run } = bench;
    const reconcile = async () => {
      bench.runnerSettings = settings;
      return (await run()).result;
    };
    const isForAll = 'content_rating' in settings || 'sort_title_template' in settings;
    const gaps = isForAll ? 3 : 2;
    expect(await reconcile()).toMatchObject({ gaps: { ...NOTHING, stale_sync: gaps }, enqueued: gaps });
    expect(bench.queued().slice(0, 2)).toEqual(concerned);
    await bench.drain();
    expect(bench.queued()).toEqual([]);
    expect(await reconcile()).toMatchObject({ gaps: NOTHING, enqueued: 0, right: 3 });
    bench.plexRequests();
    expect(await reconcile()).toMatchObject({ gaps: NOTHING, right: 3 });
    // Nothing is read again.
    expect(bench.plexRequests().filter((each) => each.includes('/metadata/'))).toEqual([]);
  });

  it('takes a scene that was touched without a change for right (W-62)', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a');
    bench.clock.advance(60_000);
    bench.stash.scenes.update(id, { organized: true });
    expect(await bench.reconcile()).toMatchObject({ right: 1, gaps: NOTHING });
  });

  it('finds a new cover by its bytes, and a touched scene with the old cover right', async () => {
    const bench = await startReconcileBench();
    const cover = tinyPng(1);
    const posterHash = createHash('sha256').update(cover).digest('hex');
    const id = bench.scanned(
      'a',
      { screenshot: cover },
      { ...itemAsSynced('a', { details: 'About a.' }), locked: ['thumb', 'art'] },
    );
    bench.markSynced(id, 'a', { posterHash, artHash: posterHash });
    bench.clock.advance(60_000);
    bench.stash.scenes.update(id, { organized: true });
    expect(await bench.reconcile()).toMatchObject({ right: 1 });
    bench.clock.advance(60_000);
    bench.stash.scenes.update(id, { screenshot: tinyPng(2) });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, stale_sync: 1 } });
  });

  it('finds a picture that was never uploaded because its setting was off at the last sync', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a', { screenshot: tinyPng(1) });
    bench.synced('b', { screenshot: 'placeholder' });
    expect(await bench.reconcile()).toMatchObject({ right: 1, gaps: { ...NOTHING, stale_sync: 1 } });
    expect(bench.queued()).toEqual([id]);
    // Looked at once.
    bench.stash.log.clear();
    bench.stash.scenes.destroy(id);
    expect(await bench.reconcile()).toMatchObject({ right: 1 });
    expect(bench.stash.log.count({ path: /screenshot/ })).toBe(0);
  });

  it('finds a picture that is not locked any more, and a sync closes that gap by one selection', async () => {
    const bench = await startReconcileBench();
    const id = bench.scanned('a', { screenshot: tinyPng(1) });
    await bench.sync(id);
    const { ratingKey } = bench.item('a');
    await bench.context.plex.edit(bench.sectionKey, ratingKey, [['thumb.locked', '0']]);
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, stale_sync: 1 }, enqueued: 1 });
    bench.plex.log.clear();
    expect(await bench.drain()).toMatchObject({ synced: 1, unchanged: 0 });
    expect(bench.plexRequests().filter((request) => !request.startsWith('GET'))).toEqual([
      `PUT /library/metadata/${ratingKey}/poster`,
    ]);
    expect(await bench.reconcile()).toMatchObject({ right: 1, gaps: NOTHING });
  });

  it.each([
    ['has no cover', 'placeholder'],
    ['has a cover that Plex cannot use', Buffer.from('BM123456')],
  ] as const)(
    'takes an unlocked picture of a scene that %s for right: no sync could change it',
    async (_, screenshot) => {
      const bench = await startReconcileBench();
      const id = bench.scanned(
        'a',
        { screenshot },
        { ...itemAsSynced('a', { details: 'About a.' }), locked: ['art'] },
      );
      bench.markSynced(id, 'a', { posterHash: 'x', artHash: 'x' });
      expect(await bench.reconcile()).toMatchObject({ right: 1, gaps: NOTHING });
      // Looked at once.
      bench.stash.log.clear();
      expect(await bench.reconcile()).toMatchObject({ right: 1, gaps: NOTHING });
      expect(bench.stash.log.count({ path: /screenshot/ })).toBe(0);
    },
  );

  it('finds a scene that was never synced though its item has something already (W-54)', async () => {
    const bench = await startReconcileBench();
    const id = bench.scanned('a', {}, { summary: 'From an agent.' });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, missing: 1 }, enqueued: 1 });
    expect(bench.queued()).toEqual([id]);
  });

  it('finds an item that came back under a new key, filled or not', async () => {
    const bench = await startReconcileBench();
    bench.synced('a', { tags: ['T'] });
    bench.plex.library.reissue(bench.item('a').ratingKey);
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, missing: 1 }, enqueued: 1 });
  });

  it('finds a scene that Plex does not have (18.22)', async () => {
    const bench = await startReconcileBench();
    const id = bench.stash.scenes.add({ files: ['/data/films/a.mkv'], details: 'D' });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, missing: 1 }, enqueued: 1 });
    expect(bench.queued()).toEqual([id]);
  });

  it('counts stale and missing together as two gaps of two scenes (18.22)', async () => {
    const bench = await startReconcileBench();
    bench.stash.scenes.add({ files: ['/data/films/new.mkv'], details: 'D' });
    const id = bench.synced('a');
    bench.stash.scenes.update(id, { title: 'Other' });
    expect(await bench.reconcile()).toMatchObject({
      gaps: { empty_metadata: 0, stale_sync: 1, missing: 1 },
      enqueued: 2,
    });
  });

  it('counts a scene once, whatever is wrong with it (W-62)', async () => {
    const bench = await startReconcileBench();
    // Never synced, changed since, and its item is empty.
    bench.scanned('a');
    const result = await bench.reconcile();
    expect(result).toMatchObject({ checked: 1, gaps: { ...NOTHING, empty_metadata: 1 }, enqueued: 1 });
  });

  it('leaves missing scenes out when reconcile_missing is off (18.22)', async () => {
    const bench = await startReconcileBench({ settings: { reconcile_missing: false } });
    bench.stash.scenes.add({ files: ['/data/films/a.mkv'], details: 'D' });
    bench.scanned('b');
    expect(await bench.reconcile()).toMatchObject({
      gaps: { ...NOTHING, empty_metadata: 1 },
      leftOut: 1,
      enqueued: 1,
    });
  });

  it('counts a gap of a scene that waits already, and does not touch its job (18.22)', async () => {
    const bench = await startReconcileBench();
    const id = bench.scanned('a');
    bench.record(id);
    bench.clock.advance(1_000);
    expect(await bench.reconcile()).toMatchObject({
      gaps: { ...NOTHING, empty_metadata: 1 },
      enqueued: 0,
      alreadyQueued: 1,
    });
    expect(bench.db.prepare('SELECT revision FROM jobs').pluck().all()).toEqual([1]);
  });

  it('queues a scene whose earlier job has ended long ago or a moment ago (W-70)', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a');
    bench.record(id);
    bench.clearQueue();
    bench.stash.scenes.update(id, { details: 'New.' });
    expect(await bench.reconcile()).toMatchObject({ enqueued: 1 });
  });

  it('counts the gap of a scene without meaningful metadata and does not queue it (18.22)', async () => {
    const bench = await startReconcileBench();
    bench.scanned('a', { details: '', title: 'a.mkv', rating100: 80 });
    expect(await bench.reconcile()).toMatchObject({
      gaps: { ...NOTHING, missing: 1 },
      noMetadata: 1,
      enqueued: 0,
    });
  });

  it.each(['', 'An agent wrote this.'])(
    'queues a scene with only a title that somebody gave, and finds it right afterwards (item: %j) (A9)',
    async (summary) => {
      const bench = await startReconcileBench();
      const scene = { details: '', title: 'Given by hand', screenshot: tinyJpeg('generated') };
      const id = bench.scanned('a', scene, { summary });
      expect(await bench.reconcile()).toMatchObject({
        gaps: { ...NOTHING, missing: 1 },
        noMetadata: 0,
        enqueued: 1,
      });
      await bench.drain();
      expect(bench.item('a')).toMatchObject({ title: 'Given by hand', summary });
      for (const scope of ['all', 'missing_metadata', 'all'] as const) {
        bench.clock.advance(3_600_000);
        bench.stash.scenes.update(id, { organized: scope === 'all' });
        expect(await bench.reconcile(scope)).toMatchObject({ gaps: NOTHING, enqueued: 0 });
      }
      bench.stash.scenes.update(id, { title: 'Given again' });
      expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, stale_sync: 1 }, enqueued: 1 });
      await bench.drain();
      expect(bench.item('a')).toMatchObject({ title: 'Given again', summary });
    },
  );

  it('queues a synced scene that was emptied in Stash: its item is to be emptied, too', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a', { title: 'a' });
    bench.stash.scenes.update(id, { details: '' });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, stale_sync: 1 }, enqueued: 1 });
  });

  it('counts scenes without a file and finds no gap in them (18.22)', async () => {
    const bench = await startReconcileBench();
    bench.stash.scenes.add({ details: 'D' });
    expect(await bench.reconcile()).toMatchObject({ checked: 1, noFile: 1, gaps: NOTHING, errors: [] });
  });

  it('reports a scene that may belong to several items and never queues it (W-55)', async () => {
    const bench = await startReconcileBench();
    const id = bench.scanned('a');
    bench.plex.library.addItem(bench.sectionKey, { title: 'a too', file: '/media/films/a.mkv' });
    for (let round = 0; round < 2; round += 1) {
      const result = await bench.reconcile();
      expect(result).toMatchObject({
        ambiguous: 1,
        gaps: NOTHING,
        enqueued: 0,
        examples: { ambiguous: [id] },
      });
    }
    expect(bench.queued()).toEqual([]);
  });

  it('does not take a synced scene whose item is gone for missing (18.21)', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a');
    bench.plex.library.removeItem(bench.item('a').ratingKey);
    expect(await bench.reconcile()).toMatchObject({
      gone: 1,
      gaps: NOTHING,
      enqueued: 0,
      examples: { gone: [id] },
    });
  });

  it('takes no scene for missing while Plex rebuilds its library under another number', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a');
    bench.plex.library.removeItem(bench.item('a').ratingKey);
    bench.db.prepare("UPDATE scene_syncs SET section_key = '77'").run();
    expect(await bench.reconcile()).toMatchObject({ gone: 1, gaps: NOTHING, examples: { gone: [id] } });
    bench.plex.library.addItem(bench.sectionKey, { title: 'a', file: '/media/films/a.mkv' });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, empty_metadata: 1 }, enqueued: 1 });
  });

  it('queues a synced scene whose item came back under a new key although reconcile_missing is off', async () => {
    const bench = await startReconcileBench({ settings: { reconcile_missing: false } });
    const id = bench.synced('a', { tags: ['T'] });
    bench.plex.library.reissue(bench.item('a').ratingKey);
    await bench.context.plex.edit(bench.sectionKey, bench.item('a').ratingKey, [['summary.value', 'Other']]);
    expect(await bench.reconcile()).toMatchObject({ enqueued: 1, leftOut: 0 });
    expect(bench.queued()).toEqual([id]);
  });

  it('concludes nothing from an index that the user empties meanwhile', async () => {
    const bench = await startReconcileBench({ settings: { reconcile_batch_size: 10 } });
    for (let n = 0; n < 30; n += 1) bench.synced(`f${n}`);
    bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
    const onPage = async (share: number) => {
      if (share > 0.4) clearMatchIndex(bench.db);
    };
    const { result } = await bench.run('all', { onPage });
    expect(result).toMatchObject({ right: 10, undecided: 21, gone: 0, gaps: NOTHING });
  });

  it('finds the item of a file that was moved in both (W-05)', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a');
    bench.plex.library.removeItem(bench.item('a').ratingKey);
    bench.plex.library.addItem(bench.sectionKey, { title: 'a', file: '/media/films/2024/moved.mkv' });
    bench.stash.scenes.touchWithoutBump(id, { files: ['/data/films/2024/moved.mkv'] });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, empty_metadata: 1 }, enqueued: 1 });
  });

  it('works in every library of films when none is named (W-51)', async () => {
    const bench = await startReconcileBench();
    const { key } = bench.plex.library.addSection({ title: 'More', locations: ['/media/more'] });
    bench.plex.library.addItem(key, { title: 'b', file: '/media/more/b.mkv' });
    bench.stash.scenes.add({ files: ['/data/more/b.mkv'], details: 'B' });
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NOTHING, empty_metadata: 1 }, errors: [] });
  });

  it('maps paths as a sync does (W-59)', async () => {
    const bench = await startReconcileBench({ settings: { path_map: '/media/films=>D:\\Filme' } });
    bench.plex.library.addItem(bench.sectionKey, { title: 'x', file: '/media/films/sub/x.mkv' });
    bench.plex.library.addItem(bench.sectionKey, { title: 'x', file: '/media/films/other/x.mkv' });
    bench.stash.scenes.add({ files: ['D:\\Filme\\sub\\x.mkv'], details: 'X' });
    expect(await bench.reconcile()).toMatchObject({ ambiguous: 0, gaps: { ...NOTHING, empty_metadata: 1 } });
  });

  describe('when a server fails', () => {
    it('ends with one error about Plex, nothing missing, and the failure recorded as one (18.22)', async () => {
      const bench = await startReconcileBench();
      bench.stash.scenes.add({ files: ['/data/films/a.mkv'], details: 'D' });
      await bench.plex.stop();
      const { result } = await bench.run();
      expect(result).toMatchObject({ gaps: NOTHING, enqueued: 0, errors: [expect.stringContaining('Plex')] });
      expect(bench.queued()).toEqual([]);
      expect(await bench.scheduler.load()).toMatchObject({ runCount: 0, lastError: result.errors[0] });
    });

    it('takes nothing for missing when the listing breaks off in the middle (W-56)', async () => {
      const bench = await startReconcileBench();
      bench.plex.switches.maxPageSize = 2;
      for (const name of ['a', 'b', 'c']) bench.scanned(name);
      bench.plex.faults.add({
        match: { path: '/library/sections/1/all' },
        nth: 2,
        action: { kind: 'status', status: 503 },
      });
      const { result } = await bench.run();
      expect(result).toMatchObject({ checked: 0, gaps: NOTHING, errors: [expect.stringContaining('Plex')] });
      expect(bench.queued()).toEqual([]);
    });

    it('lists a library again that changed meanwhile, and concludes nothing when it goes on changing (W-56)', async () => {
      const bench = await startReconcileBench();
      bench.plex.switches.maxPageSize = 5;
      for (let n = 0; n < 30; n += 1) bench.synced(`f${n}`);
      const id = bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
      const removeFirst = (times: number) => {
        let left = times;
        return async () => {
          const [first] = bench.plex.library.items();
          if (first && left > 0) bench.plex.library.removeItem(first.ratingKey);
          left -= 1;
        };
      };
      const once = await bench.run('all', { onPage: removeFirst(1) });
      expect(once.result).toMatchObject({ gone: 1, right: 29, enqueued: 1, undecided: 0 });
      bench.clearQueue();
      bench.db.exec('DELETE FROM reconcile_attempts');
      const always = await bench.run('all', { onPage: removeFirst(100) });
      expect(always.result).toMatchObject({ enqueued: 0, gone: 0 });
      expect(always.result.undecided).toBe(31 - always.result.right);
      expect(bench.queued()).not.toContain(id);
      expect(bench.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    });

    it('comes to its end although there is an item at which Plex always fails', async () => {
      const bench = await startReconcileBench();
      bench.synced('a');
      bench.synced('b');
      const bad = bench.item('a').ratingKey;
      bench.plex.faults.add({
        match: ({ path }) => path.split('/').at(-1)?.split(',').includes(bad) ?? false,
        action: { kind: 'status', status: 500 },
      });
      expect(await bench.reconcile()).toMatchObject({ right: 1, undecided: 1 });
      // By now it is the only one that has to be read.
      expect(await bench.reconcile()).toMatchObject({ right: 1, undecided: 1 });
    });

    it('comes to its end although Plex never answers about one item, but everything else', async () => {
      const bench = await startReconcileBench({ readTimeoutMs: 200 });
      const names = ['a', 'b', 'c', 'd', 'e'];
      for (const name of names) bench.synced(name);
      const bad = bench.item('c').ratingKey;
      bench.plex.faults.add({
        match: ({ path }) => path.split('/').at(-1)?.split(',').includes(bad) ?? false,
        action: { kind: 'delay', ms: 3_600_000 },
      });
      expect(await bench.reconcile()).toMatchObject({ right: 4, undecided: 1 });
      expect(await bench.reconcile()).toMatchObject({ right: 4, undecided: 1 });
      expect(await bench.reliability.breaker.snapshot()).toMatchObject({ failureCount: 0 });
    });

    it('removes nothing when the walk through Stash breaks off (W-56)', async () => {
      const bench = await startReconcileBench({ settings: { reconcile_batch_size: 10 } });
      for (let n = 0; n < 25; n += 1) bench.synced(`f${n}`);
      bench.stash.scenes.destroy(25);
      bench.stash.faults.add({
        match: { operation: 'Stash2PlexScenePage' },
        nth: 2,
        action: { status: 500 },
      });
      const { result } = await bench.run();
      expect(result.errors).toHaveLength(1);
      expect(result.forgotten).toBe(0);
      expect(bench.jobs.sceneSyncs(25)[0]).toBeDefined();
    });
  });

  it('forgets scenes that Stash has no more, once all were read', async () => {
    const bench = await startReconcileBench();
    const [gone, kept] = [bench.synced('a'), bench.synced('b')];
    bench.clock.advance(1_000);
    await bench.reconcile();
    bench.clock.advance(1_000);
    bench.stash.scenes.destroy(gone);
    bench.record(gone);
    expect(await bench.reconcile('recent')).toMatchObject({ forgotten: 0 });
    expect(await bench.reconcile()).toMatchObject({ forgotten: 1, checked: 1 });
    expect([bench.jobs.sceneSyncs(gone)[0], bench.queued()]).toEqual([undefined, []]);
    expect(bench.jobs.sceneSyncs(kept)[0]).toBeDefined();
    expect(bench.db.prepare('SELECT scene_id FROM verified_scenes').pluck().all()).toEqual([kept]);
  });

  it('forgets nothing when Stash has no scenes at all', async () => {
    const bench = await startReconcileBench();
    const id = bench.synced('a');
    bench.clock.advance(1_000);
    bench.stash.scenes.destroy(id);
    expect(await bench.reconcile()).toMatchObject({ forgotten: 0, checked: 0, errors: [] });
    expect(bench.jobs.sceneSyncs(id)[0]).toBeDefined();
  });

  describe('a scene that is queued again and again', () => {
    it('is left alone after three times in a row without a change (W-53)', async () => {
      const bench = await startReconcileBench();
      const id = bench.scanned('a');
      for (let round = 0; round < 3; round += 1) {
        expect(await bench.reconcile()).toMatchObject({ enqueued: 1 });
        bench.clearQueue();
      }
      expect(await bench.reconcile()).toMatchObject({
        enqueued: 0,
        leftAlone: 1,
        examples: { leftAlone: [id] },
      });
      bench.stash.scenes.update(id, { details: 'Changed.' });
      expect(await bench.reconcile()).toMatchObject({ enqueued: 1, leftAlone: 0 });
    });

    it('is tried again after a week (W-53)', async () => {
      const bench = await startReconcileBench();
      bench.scanned('a');
      for (let round = 0; round < 4; round += 1) {
        await bench.reconcile();
        bench.clearQueue();
      }
      bench.clock.advance(7 * DAY_MS);
      expect(await bench.reconcile()).toMatchObject({ enqueued: 1 });
    });

    it('counts anew when it was right in between (W-53)', async () => {
      const bench = await startReconcileBench();
      const id = bench.synced('a', { details: 'Right.' });
      for (let round = 0; round < 5; round += 1) {
        bench.stash.scenes.update(id, { details: 'Wrong.' });
        expect(await bench.reconcile()).toMatchObject({ enqueued: 1 });
        bench.clearQueue();
        bench.stash.scenes.update(id, { details: 'Right.' });
        expect(await bench.reconcile()).toMatchObject({ right: 1 });
      }
    });

    it('because another scene has the same item is reported, and the item stays as it is (W-53)', async () => {
      const bench = await startReconcileBench();
      bench.plex.library.addItem(bench.sectionKey, {
        title: 'x',
        file: '/media/films/a.mkv',
        files: ['/media/films/b.mkv'],
      });
      const [bare, first, second] = ['a', 'a', 'b'].map((name, index) =>
        bench.stash.scenes.add({
          files: [`/data/films/${name}.mkv`],
          title: index === 0 ? name : `${name}${index}`,
          details: index === 0 ? '' : name,
        }),
      );
      await bench.sync(Number(first), Number(second));
      const enqueued: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        bench.clock.advance(3_600_000);
        const result = await bench.reconcile();
        expect(result).toMatchObject({ shared: 1, examples: { shared: [second] } });
        expect(result).toMatchObject({ noMetadata: 1 });
        enqueued.push(result.enqueued);
        await bench.drain();
      }
      expect(enqueued).toEqual([0, 0, 0, 0]);
      expect(bench.item('a').title).toBe('a1');
      expect(bench.jobs.sceneSyncs(Number(bare))[0]).toBeUndefined();
    });

    it('is queued once while Plex does not have it, and again when its item is there (W-55)', async () => {
      const bench = await startReconcileBench();
      bench.stash.scenes.add({ files: ['/data/films/a.mkv'], details: 'D' });
      expect(await bench.reconcile()).toMatchObject({ enqueued: 1 });
      bench.clearQueue();
      expect(await bench.reconcile()).toMatchObject({
        enqueued: 0,
        leftAlone: 1,
        gaps: { ...NOTHING, missing: 1 },
      });
      bench.plex.library.addItem(bench.sectionKey, { title: 'a', file: '/media/films/a.mkv' });
      expect(await bench.reconcile()).toMatchObject({ enqueued: 1, gaps: { ...NOTHING, empty_metadata: 1 } });
    });
  });
});

/** Takes everything but the title away, as a user could in Plex. */
async function emptyItem(
  bench: Awaited<ReturnType<typeof startReconcileBench>>,
  ratingKey: string,
): Promise<void> {
  await bench.context.plex.edit(bench.sectionKey, ratingKey, [
    ['summary.value', ''],
    ['genre[].tag.tag-', 'One'],
  ]);
}
