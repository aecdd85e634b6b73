import { describe, expect, it } from 'vitest';
import type { FaultAction } from '../support/plexDouble/startPlexDouble.ts';
import { type Bench, startBench } from '../support/startBench.ts';

const texts = ({ lines }: Bench, level?: string) =>
  lines.filter((line) => level === undefined || line.level === level).map(({ text }) => text);

function messages({ db }: Bench): string[] {
  const rows = db
    .prepare(
      `SELECT error_message AS text FROM dead_letters
       UNION ALL SELECT last_error_message FROM jobs WHERE last_error_message IS NOT NULL`,
    )
    .all() as { text: string }[];
  return rows.map(({ text }) => text);
}

function addItem({ plex, sectionKey }: Bench, file: string, title = file): string {
  return plex.library.addItem(sectionKey, { title, file }).ratingKey;
}

function addScene({ stash }: Bench, ...files: (string | { path: string; size?: number })[]): number {
  return stash.scenes.add({ files, title: 'From Stash', details: 'D' });
}

describe('a file of which nothing but the name agrees', () => {
  async function named(settings: Record<string, unknown>, size?: number) {
    const bench = await startBench({ settings });
    addItem(bench, '/media/films/a/video.mkv');
    // A size of 0 is one that Stash does not know.
    const file = { path: '/elsewhere/b/video.mkv', ...(size === undefined ? {} : { size }) };
    const id = addScene(bench, file);
    return { bench, id, result: await bench.sync(id) };
  }

  it('is the scene when the size agrees (W-01)', async () => {
    const { result, bench } = await named({});
    expect(result).toMatchObject({ synced: 1 });
    expect(await bench.reliability.stats.load()).toMatchObject({ highConfidenceMatches: 1 });
  });

  it('is another file when the size does not (W-01)', async () => {
    const { bench, result } = await named({}, 5);
    expect(result).toMatchObject({ synced: 0, retried: 1 });
    expect(messages(bench)).toEqual([expect.stringContaining('of another size')]);
  });

  it('is left alone by strict matching when nothing is known of its size, for good and without harm (W-01, W-11)', async () => {
    const { bench, id, result } = await named({}, 0);
    expect(result).toMatchObject({ synced: 0, buried: 1, retried: 0 });
    expect(bench.givenUp()).toEqual([{ sceneId: id, type: 'AmbiguousMatch', attempts: 1 }]);
    expect(messages(bench)).toEqual([
      expect.stringMatching(/"\/media\/films\/a\/video\.mkv".*"\/elsewhere\/b\/video\.mkv".*path_map/),
    ]);
    expect(await bench.reliability.breaker.snapshot()).toMatchObject({ state: 'closed' });
  });

  it('is used with a warning without strict matching, and counted as of low confidence (W-01, 18.7)', async () => {
    const { bench, result } = await named({ strict_matching: false }, 0);
    expect(result).toMatchObject({ synced: 1 });
    expect(texts(bench, 'warn')).toEqual([expect.stringContaining('strict_matching is off')]);
    expect(await bench.reliability.stats.load()).toMatchObject({ lowConfidenceMatches: 1 });
  });

  it('never gets the metadata of a scene whose own file is in Plex as well (W-01)', async () => {
    const bench = await startBench();
    addItem(bench, '/media/films/a/video.mkv', 'a');
    addItem(bench, '/media/films/b/video.mkv', 'b');
    await bench.sync(addScene(bench, '/data/films/b/video.mkv'));
    expect([...bench.plex.library.items()].map(({ title }) => title)).toEqual(['a', 'From Stash']);
  });
});

describe('ambiguous scenes', () => {
  it('do not touch the circuit, however many, and are not tried again (W-11)', async () => {
    const bench = await startBench();
    for (const folder of ['a', 'b']) addItem(bench, `/media/films/${folder}/video.mkv`);
    const ids = Array.from({ length: 8 }, () => addScene(bench, '/data/video.mkv'));
    bench.record(...ids);
    expect(await bench.drainAll()).toEqual([
      { synced: 0, unchanged: 0, skipped: 0, shared: 0, retried: 0, buried: 8 },
    ]);
    expect(await bench.reliability.breaker.snapshot()).toMatchObject({ state: 'closed' });
    expect(bench.givenUp().every(({ type }) => type === 'AmbiguousMatch')).toBe(true);
    expect(bench.plex.log.count({ method: 'PUT' })).toBe(0);
  });
});

describe('a scene that is not in Plex', () => {
  it('is told of with the names of its files (18.7)', async () => {
    const bench = await startBench();
    await bench.sync(addScene(bench, '/data/films/one.mkv', '/data/films/two.mkv'));
    expect(messages(bench)).toEqual([
      'Plex has no item for "/data/films/one.mkv", "/data/films/two.mkv" of scene 1 (yet).',
    ]);
  });
});

describe('path_map', () => {
  it('lets whole paths decide, for scenes of one name in one folder name (W-59)', async () => {
    const bench = await startBench({ settings: { plex_unmatched_path_map: '/media/films=>/data' } });
    addItem(bench, '/media/films/a/x/video.mkv', 'a');
    addItem(bench, '/media/films/b/x/video.mkv', 'b');
    const ids = [addScene(bench, '/data/b/x/video.mkv'), addScene(bench, '/data/c/x/video.mkv')];
    expect(await bench.sync(...ids)).toMatchObject({ synced: 1 });
    expect(bench.plex.library.itemByFile('/media/films/b/x/video.mkv')?.title).toBe('From Stash');
    expect(bench.plex.library.itemByFile('/media/films/a/x/video.mkv')?.title).toBe('a');
  });

  it('is suggested once, when three scenes call for the same entry (W-59)', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 6 }, (_, index) => bench.scanned(`film ${index}`));
    await bench.sync(...ids);
    expect(texts(bench).filter((text) => text.includes('path_map'))).toEqual([
      expect.stringContaining('enter "/media=>/data" in path_map'),
    ]);
    bench.restart({ path_map: '/media=>/data' });
    bench.lines.length = 0;
    bench.db.exec('DELETE FROM scene_syncs');
    await bench.sync(...ids);
    expect(texts(bench).filter((text) => text.includes('path_map'))).toEqual([]);
  });
});

describe('trigger_plex_scan', () => {
  const SCAN = { trigger_plex_scan: true };

  it('asks once for the folder of scenes that are not in Plex, which then are (W-66)', async () => {
    const bench = await startBench({ settings: SCAN });
    const ids = [1, 2, 3].map((index) => addScene(bench, `/data/films/new/${index}.mkv`));
    for (const index of [1, 2, 3]) {
      const file = `/media/films/new/${index}.mkv`;
      bench.plex.library.prepareItem(bench.sectionKey, { title: 'bare', file }, {});
    }
    const first = await bench.sync(...ids);
    expect(bench.plex.library.scans).toMatchObject([
      { sectionKey: bench.sectionKey, path: '/media/films/new' },
    ]);
    bench.plex.advance(1_000);
    // The scan takes real time: its end may come before the last scene's turn.
    const synced = [first, ...(await bench.drainAll())].reduce((sum, pass) => sum + pass.synced, 0);
    expect(synced).toBe(3);
    expect(bench.plex.library.scans).toHaveLength(1);
    expect(bench.plex.violations).toEqual([]);
  });

  it('asks for the folder as Plex sees it, by path_map (W-66, W-59)', async () => {
    const bench = await startBench({ settings: { ...SCAN, path_map: '/media/films=>/stash/library' } });
    await bench.sync(addScene(bench, '/stash/library/new/a.mkv'));
    expect(bench.plex.library.scans).toMatchObject([{ path: '/media/films/new' }]);
  });

  it('asks for nothing when it is off, or when the item is there (W-66)', async () => {
    const off = await startBench();
    await off.sync(addScene(off, '/data/films/new/a.mkv'));
    const found = await startBench({ settings: SCAN });
    await found.sync(found.scanned('there'));
    expect([...off.plex.library.scans, ...found.plex.library.scans]).toEqual([]);
  });

  it.each<FaultAction>([
    { kind: 'status', status: 400 },
    { kind: 'status', status: 403 },
    { kind: 'status', status: 500 },
    { kind: 'maintenance' },
    { kind: 'resetBefore' },
  ])('changes nothing for the scene when Plex answers %j (W-66)', async (action) => {
    const bench = await startBench({ settings: SCAN });
    const id = addScene(bench, '/data/films/new/a.mkv');
    bench.plex.faults.add({ match: /refresh/, action });
    expect(await bench.sync(id)).toEqual({
      synced: 0,
      unchanged: 0,
      skipped: 0,
      shared: 0,
      retried: 1,
      buried: 0,
    });
    expect(bench.job(id)).toMatchObject({ attempts: 1, error: 'PlexNotFound', dueInMs: 30_000 });
    expect(await bench.reliability.breaker.snapshot()).toMatchObject({ state: 'closed', failureCount: 0 });
  });
});

describe('obfuscate_paths', () => {
  it('hides every path and title, in the log and in what is kept of errors (W-68)', async () => {
    const bench = await startBench({
      settings: { obfuscate_paths: true, trigger_plex_scan: true, debug_logging: true },
    });
    for (const folder of ['secreta', 'secretb']) {
      addItem(bench, `/media/films/${folder}/secretvideo.mkv`, `Secret ${folder}`);
    }
    const ids = [
      addScene(bench, '/data/secretvideo.mkv'),
      addScene(bench, '/data/films/secretfolder/secretmissing.mkv'),
      addScene(bench, { path: '/data/films/secreta/secretvideo.mkv', size: 3 }),
      ...[1, 2, 3].map((index) => bench.scanned(`secret ${index}`)),
    ];
    await bench.sync(...ids);
    bench.restart({ strict_matching: false });
    await bench.sync(...ids);
    const told = [...texts(bench), ...messages(bench)];
    expect(told.filter((text) => /secret|films|media|data\//i.test(text))).toEqual([]);
    expect(told.some((text) => text.includes('several Plex items'))).toBe(true);
    expect(told.some((text) => text.includes('Asked Plex to scan'))).toBe(true);
    expect(told.some((text) => text.includes('path_map'))).toBe(true);
    expect(messages(bench).some((text) => text.includes('has no item'))).toBe(true);
    // The same word for the same name, so that lines can be put together.
    const shown = told
      .filter((text) => text.includes('several Plex items'))
      .map((text) => /file "([^"]*)"/.exec(text)?.[1]);
    expect(shown[0]).toMatch(/^\/[a-z0-9]+\/[a-z0-9]+\.mkv$/);
  });
});
