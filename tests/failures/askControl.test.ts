import { describe, expect, it } from 'vitest';
import { askControl } from '../../src/failures/askControl.ts';
import type { Operation } from '../../src/failures/Operation.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { type Bench, startBench } from '../support/startBench.ts';

const COVER = tinyJpeg('cover');
const FAILING = 4711;

/** A bench with a scene that was synced, picture and all. */
async function synced(scene: object = {}, settings: Record<string, unknown> = {}) {
  const bench = await startBench({ settings });
  const id = bench.scanned('other', { title: 'Other', screenshot: COVER, ...scene });
  await bench.sync(id);
  expect(bench.job(id)).toBeUndefined();
  bench.plex.log.clear();
  return { bench, id, ask: (operation: Operation, about = FAILING) => askOn(bench, operation, about) };
}

function askOn({ context, jobs }: Bench, operation: Operation, about: number) {
  const { plex, stash } = context;
  return askControl(operation, about, { plex, stash, anotherSync: (id) => jobs.anotherSync(id) });
}

const ASKED = ['scene', 'image', 'read', 'filter', 'edit', 'picture', 'internal'] as const;

describe('a control question', () => {
  it.each(ASKED)('says that %s works for another scene, and changes nothing (A7)', async (operation) => {
    const { bench, ask } = await synced();
    const before = { item: bench.item('other'), known: bench.jobs.anotherSync(FAILING) };
    expect(await ask(operation)).toBe(true);
    const { updatedAt: _, ...item } = bench.item('other');
    expect(before.item).toMatchObject(item);
    expect(bench.jobs.anotherSync(FAILING)).toEqual(before.known);
    expect(bench.plex.log.entries.length).toBeLessThanOrEqual(2);
    expect(bench.plex.violations).toEqual([]);
    // The next sync of that scene finds it as it was.
    expect(await bench.sync(before.known?.sceneId ?? 0)).toMatchObject({ unchanged: 1 });
  });

  it.each(ASKED)('says that %s fails for another scene as well (A7)', async (operation) => {
    const { bench, ask } = await synced();
    bench.plex.faults.add({ match: () => true, action: { kind: 'status', status: 500 } });
    bench.stash.faults.add({ match: { path: /./ }, action: { status: 500 } });
    expect(await ask(operation)).toBe(false);
  });

  it.each([...ASKED, 'library', 'listing', 'part genre'] as const)(
    'knows nothing about %s without another scene (A7)',
    async (operation) => {
      const { bench, id, ask } = await synced();
      // The very scene that fails is none to be compared with.
      expect(await ask(operation, id)).toBeUndefined();
      expect(bench.plex.log.count()).toBe(0);
    },
  );

  it.each(['library', 'listing', 'part genre'] as const)(
    'is not asked about %s, which has nothing of a scene in it (A7)',
    async (operation) => {
      const { bench, ask } = await synced();
      expect(await ask(operation)).toBeUndefined();
      expect(bench.plex.log.count()).toBe(0);
    },
  );

  it.each([
    ['locked', ['title']],
    ['unlocked', []],
  ])('leaves the title of the other item %s, whatever it says (A7)', async (_, locked) => {
    const { bench, ask } = await synced();
    const { ratingKey } = bench.item('other');
    await bench.context.plex.edit(bench.sectionKey, ratingKey, [
      ['title.value', 'Typed & "by hand" – ü'],
      ['title.locked', locked.length > 0 ? '1' : '0'],
    ]);
    expect(await ask('edit')).toBe(true);
    expect(bench.item('other').title).toBe('Typed & "by hand" – ü');
    expect(bench.item('other').lockedFields.includes('title')).toBe(locked.length > 0);
  });

  it('uploads no picture that the other item has not: one whose cover has changed is not asked about (A7)', async () => {
    const { bench, id, ask } = await synced();
    bench.stash.scenes.update(id, { screenshot: tinyJpeg('another cover') });
    expect(await ask('picture')).toBeUndefined();
    expect(bench.plex.log.count({ method: 'POST' })).toBe(0);
  });

  it('brings the background where that is the only picture (A7)', async () => {
    const { bench, ask } = await synced({}, { sync_poster: false, sync_background: true });
    expect(await ask('picture')).toBe(true);
    expect(bench.plex.log.where({ method: 'POST' }).map(({ path }) => path.split('/').at(-1))).toEqual([
      'arts',
    ]);
  });

  it.each(['image', 'picture'] as const)(
    'knows nothing about %s of a scene without a cover (A7)',
    async (operation) => {
      const bench = await startBench();
      await bench.sync(bench.scanned('bare', { title: 'Bare' }));
      expect(await askOn(bench, operation, FAILING)).toBeUndefined();
    },
  );

  it.each(['read', 'edit', 'picture', 'internal'] as const)(
    "touches no item that has taken the other one's key, by %s: another server, or one restored (W-05, A7)",
    async (operation) => {
      const { bench, ask } = await synced();
      const { ratingKey } = bench.item('other');
      bench.plex.library.removeItem(ratingKey);
      bench.plex.library.addItem(bench.sectionKey, {
        title: 'theirs',
        file: '/media/films/theirs.mkv',
        ratingKey,
      });
      expect(await ask(operation)).toBeUndefined();
      expect(bench.plex.log.entries.filter(({ method }) => method !== 'GET')).toEqual([]);
    },
  );

  it('knows nothing by an item that is gone (A7)', async () => {
    const { bench, ask } = await synced();
    bench.plex.library.removeItem(bench.item('other').ratingKey);
    expect(await ask('read')).toBeUndefined();
    expect(await ask('edit')).toBeUndefined();
  });
});
