import { describe, expect, it } from 'vitest';
import { type Bench, startBench } from '../support/startBench.ts';

/** Requests to Plex since the last call, by kind and number. */
function counts(bench: Bench): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const request of bench.plex.log.entries) {
    const { method, path } = request;
    let kind = `${method} ${path.replace(/\d[\d,]*/, '…')}`;
    if (method === 'GET' && path.endsWith('/all')) {
      kind = request.parameter('file') === undefined ? 'listing' : 'question by file';
    }
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  bench.plex.log.clear();
  return kinds;
}

const READ = 'GET /library/metadata/…';
const WRITE = 'PUT /library/sections/…/all';
const LOOK = { 'GET /identity': 1, 'GET /library/sections': 1 };

function scannedMany(bench: Bench, count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `film ${first + index}`;
    return bench.scanned(name, { title: `T${first + index}` });
  });
}

describe('what a drain asks of Plex (W-06, W-22, W-24)', () => {
  it('for 1000 scenes of a library that it has never seen: 5 pages, 10 reads, the PUTs', async () => {
    const bench = await startBench();
    const ids = scannedMany(bench, 1_000);
    expect(await bench.sync(...ids)).toMatchObject({ synced: 1_000 });
    expect(counts(bench)).toEqual({ ...LOOK, listing: 5, [READ]: 10, [WRITE]: 1_000 });
    expect(bench.plex.violations).toEqual([]);

    // In another process: unchanged, then changed.
    bench.restart();
    expect(await bench.sync(...ids)).toMatchObject({ synced: 1_000, unchanged: 1_000 });
    expect(counts(bench)).toEqual({ ...LOOK, [READ]: 10 });
    for (const id of ids.slice(0, 100)) bench.stash.scenes.update(id, { title: 'Changed' });
    expect(await bench.sync(...ids.slice(0, 100))).toMatchObject({ synced: 100, unchanged: 0 });
    expect(counts(bench)).toEqual({ [READ]: 1, [WRITE]: 100 });
  });

  it('for a few new scenes: a question for each, not the whole library', async () => {
    const bench = await startBench();
    scannedMany(bench, 300);
    const ids = scannedMany(bench, 9, 300);
    await bench.sync(...ids);
    expect(counts(bench)).toEqual({ ...LOOK, 'question by file': 9, [READ]: 9, [WRITE]: 9 });
  });

  it('for new scenes among known ones: a look for news, and one read for all of them', async () => {
    const bench = await startBench();
    const known = scannedMany(bench, 50);
    await bench.sync(...known);
    const added = scannedMany(bench, 50, 50);
    bench.clock.advance(60_000);
    counts(bench);
    await bench.sync(...known, ...added);
    expect(counts(bench)).toEqual({ listing: 1, [READ]: 1, [WRITE]: 50 });
  });

  it('for many scenes that are not in Plex: the same as for one', async () => {
    const bench = await startBench();
    scannedMany(bench, 300);
    const ids = Array.from({ length: 250 }, (_, index) =>
      bench.stash.scenes.add({ files: [`/data/films/gone ${index}.mkv`], details: 'D' }),
    );
    expect(await bench.sync(...ids)).toMatchObject({ retried: 250 });
    // Two pages once; then per batch the time of the last scan and the newest page.
    expect(counts(bench)).toEqual({ ...LOOK, 'GET /library/sections': 3, listing: 4 });
  });

  it('for scenes that are not to be synced: nothing at all (W-40)', async () => {
    const bench = await startBench();
    await bench.context.library();
    counts(bench);
    const ids = Array.from({ length: 30 }, (_, index) =>
      bench.stash.scenes.add({ files: [`/data/films/${index}.mkv`], title: `${index}.mkv`, details: '' }),
    );
    expect(await bench.sync(...ids, 4_711)).toMatchObject({ skipped: 31 });
    expect(counts(bench)).toEqual({});
  });
});

describe('a batch', () => {
  it('survives a listing that Plex fails at: each scene is asked for by its file (W14, W18)', async () => {
    const bench = await startBench();
    const ids = scannedMany(bench, 20);
    bench.plex.faults.add({
      match: (request) => request.parameter('sort') !== undefined,
      action: { kind: 'status', status: 500 },
    });
    expect(await bench.sync(...ids)).toMatchObject({ synced: 20 });
    expect(await bench.reliability.breaker.snapshot()).toMatchObject({ state: 'closed' });
  });

  it('reads an item again that it read more than a minute ago: somebody may have edited it (W-29)', async () => {
    const bench = await startBench({ settings: { preserve_plex_edits: true } });
    const ids = scannedMany(bench, 2);
    bench.context.jobDelayMs = 61_000;
    bench.clock.onSleep = (ms) => {
      if (ms !== 61_000 || bench.item('film 1').summary !== '') return;
      bench.plex.library.removeItem(bench.item('film 1').ratingKey);
      const item = { title: 'Mine', summary: 'Mine', file: '/media/films/film 1.mkv' };
      bench.plex.library.addItem(bench.sectionKey, { ...item, ratingKey: key });
    };
    const key = bench.item('film 1').ratingKey;
    await bench.context.matching.finder.refresh(await bench.context.library());
    await bench.sync(...ids);
    expect(bench.item('film 1')).toMatchObject({ title: 'Mine', summary: 'Mine' });
  });

  it('reads an item once for all of its new scenes, asks Stash once whose it is, and writes its owner (A2)', async () => {
    const bench = await startBench();
    const item = { title: 'both', file: '/media/films/one.mkv', files: ['/media/films/two.mkv'] };
    bench.plex.library.addItem(bench.sectionKey, item);
    const add = (name: string) =>
      bench.stash.scenes.add({ files: [`/data/films/${name}.mkv`], title: name, tags: [name] });
    await bench.context.matching.finder.refresh(await bench.context.library());
    const [two, one] = [add('two'), add('one')];
    counts(bench);
    bench.stash.log.clear();
    expect(await bench.sync(two, one)).toMatchObject({ synced: 1, shared: 1 });
    expect(bench.item('one')).toMatchObject({ title: 'one', genres: ['one'] });
    expect(counts(bench)).toEqual({ [READ]: 1, [WRITE]: 1 });
    // The scenes, and whose the files are.
    expect(bench.stash.log.count({ method: 'POST' })).toBe(2);
    expect(await bench.sync(two, one)).toMatchObject({ synced: 1, unchanged: 1, shared: 1 });
    expect(counts(bench)).toEqual({ [READ]: 1 });
    expect(bench.stash.log.count({ method: 'POST' })).toBe(3);
  });

  it("asks nothing about an item all of whose files are its one scene's (A2)", async () => {
    const bench = await startBench();
    const item = { title: 'both', file: '/media/films/one.mkv', files: ['/media/films/two.mkv'] };
    bench.plex.library.addItem(bench.sectionKey, item);
    const files = ['/data/films/one.mkv', '/data/films/two.mkv'];
    const id = bench.stash.scenes.add({ files, title: 'T', tags: ['G'] });
    bench.stash.log.clear();
    expect(await bench.sync(id)).toMatchObject({ synced: 1, shared: 0 });
    expect(bench.stash.log.count({ method: 'POST' })).toBe(1);
    expect(bench.context.owners.isAny()).toBe(false);
  });
});
