import { describe, expect, it } from 'vitest';
import { SAMPLE_SIZE } from '../../src/setup/checkSetup.ts';
import { MOST_QUESTIONS } from '../../src/setup/lookUpScenes.ts';
import { trySample } from '../../src/setup/trySettings.ts';
import { type SetupBench, startSetupBench } from '../support/startSetupBench.ts';

/** What a sample comes to with the settings as they are stored, and some above them. */
async function sampled(bench: SetupBench, settings: Record<string, unknown> = {}) {
  const tried = await trySample(settings, bench.setup, () => {});
  if ('trouble' in tried) throw new Error(tried.trouble.message);
  return tried.sample;
}

/** Requests that look for files: with the filter, and those for whole listings or items. */
function lookUps({ plex }: SetupBench) {
  const { entries } = plex.log;
  return {
    filtered: entries.filter(({ url }) => url.includes('file=')).length,
    listed: entries.filter(({ url }) => url.includes('sort=')).length,
    read: entries.filter(({ path }) => path.startsWith('/library/metadata/')).length,
    all: entries.length,
  };
}

/** Of their sizes Stash knows nothing. */
function addMany(bench: SetupBench, count: number, stashFolder: string, plexFolder: string): void {
  for (let index = 0; index < count; index += 1) {
    const name = `film ${index}.mkv`;
    bench.plex.library.addItem(bench.sectionKey, { title: name, file: `${plexFolder}/${name}` });
    bench.stash.scenes.add({ files: [{ path: `${stashFolder}/${name}`, size: 0 }] });
  }
}

describe('a sample of scenes', () => {
  it('is so many, at random, and costs one request for each and a few more', async () => {
    const bench = await startSetupBench();
    addMany(bench, 120, '/data/films', '/media/films');
    bench.plex.log.clear();
    const { scenesTried, matched } = await sampled(bench);
    expect({ scenesTried, matched }).toMatchObject({
      scenesTried: SAMPLE_SIZE,
      matched: { path: SAMPLE_SIZE },
    });
    expect(lookUps(bench)).toMatchObject({ filtered: SAMPLE_SIZE, listed: 0, read: 0 });
    expect(lookUps(bench).all).toBeLessThan(SAMPLE_SIZE + 10);
    expect(bench.plex.violations).toEqual([]);
    const first = bench.stash.log.all().find(({ operationName }) => operationName === 'Stash2PlexSample');
    expect(first?.variables).toMatchObject({ page: { sort: 'random_50000000', per_page: SAMPLE_SIZE } });
  });

  it('is read in one request where the path index knows it, and changes nothing of it', async () => {
    const bench = await startSetupBench();
    addMany(bench, 40, '/data/films', '/media/films');
    await bench.context.matching.finder.refresh(await bench.context.library());
    bench.plex.log.clear();
    expect(await sampled(bench)).toMatchObject({ matched: { path: 43, none: 0 } });
    expect(lookUps(bench)).toMatchObject({ filtered: 0, listed: 0, read: 1 });
  });

  it('asks Plex about an item that the index has and Plex no more', async () => {
    const bench = await startSetupBench();
    await bench.context.matching.finder.refresh(await bench.context.library());
    bench.plex.library.removeItem(bench.plex.library.itemByFile('/media/films/two.mkv')?.ratingKey ?? '');
    expect(await sampled(bench)).toMatchObject({
      matched: { path: 2, none: 1 },
      misses: [{ reason: 'Plex has no item of its name yet: let Plex scan the library "Films".' }],
    });
  });

  it('finds the item that the user has chosen where several may be meant', async () => {
    const bench = await startSetupBench();
    const { library } = bench.plex;
    const places = ['a', 'b'].map((folder) =>
      library.addItem(bench.sectionKey, { title: folder, file: `/media/${folder}/twice.mkv` }),
    );
    const id = bench.stash.scenes.add({ files: ['/data/c/twice.mkv'] });
    expect(await sampled(bench)).toMatchObject({ matched: { path: 3, name: 0, ambiguous: 1 } });
    const { serverId } = await bench.context.library();
    const ratingKey = places[1]?.ratingKey ?? '';
    bench.jobs.chosen.choose(id, { serverId, ratingKey }, Date.now());
    expect(await sampled(bench)).toMatchObject({ matched: { path: 3, name: 1, ambiguous: 0 }, misses: [] });
  });

  it('lists a library once where Plex takes no notice of its filter', async () => {
    const bench = await startSetupBench();
    bench.plex.switches.ignoreFileFilter = true;
    addMany(bench, 300, '/data/films', '/media/films');
    bench.plex.log.clear();
    expect(await sampled(bench)).toMatchObject({ scenesTried: SAMPLE_SIZE, matched: { path: SAMPLE_SIZE } });
    expect(lookUps(bench).all).toBeLessThan(15);
  });

  it('never asks more than so many questions, and leaves the other scenes out', async () => {
    const bench = await startSetupBench();
    for (let index = 0; index < 7; index += 1) {
      bench.plex.library.addSection({ title: `Library ${index}`, locations: [`/media/${index}`] });
    }
    for (let index = 0; index < SAMPLE_SIZE; index += 1)
      bench.stash.scenes.add({ files: [`/data/lost ${index}.mkv`] });
    bench.plex.log.clear();
    const { scenesTried, leftOut, matched } = await sampled(bench);
    expect(lookUps(bench).filtered).toBe(MOST_QUESTIONS);
    expect(leftOut).toBeGreaterThan(0);
    expect(scenesTried + leftOut).toBe(SAMPLE_SIZE);
    expect(matched.path + matched.none).toBe(scenesTried);
  });

  it('gives the reason of every miss', async () => {
    const bench = await startSetupBench();
    const { plex, stash, sectionKey } = bench;
    const other = plex.library.addSection({ title: 'Other', locations: ['/media/other'] }).key;
    const item = (key: string, file: string) => plex.library.addItem(key, { title: file, file });
    item(other, '/media/other/elsewhere.mkv');
    item(sectionKey, '/media/films/a/double.mkv');
    item(sectionKey, '/media/films/b/double.mkv');
    item(sectionKey, '/media/films/resized.mkv');
    item(sectionKey, '/srv/alone.mkv');
    const scene = (path: string, size?: number) =>
      stash.scenes.add({ files: [size === undefined ? path : { path, size }] });
    const expected = new Map([
      [scene('/data/other/elsewhere.mkv'), /in the library "Other", which is not synced/],
      [scene('/data/films/c/double.mkv'), /^2 items may hold its file/],
      [scene('/data/films/resized/resized.mkv', 9), /another size or in another folder/],
      [scene('/data/films/new.mkv'), /no item of its name yet: let Plex scan the library "Films"/],
      [scene('/nowhere/lost.mkv'), /no item of its name, and no folder of a synced library/],
      [scene('/nowhere/alone.mkv', 0), /Nothing but its name/],
    ]);
    const { misses, matched } = await sampled(bench, { plex_library: 'Films' });
    expect(matched).toEqual({ path: 3, name: 0, ambiguous: 2, none: 4 });
    expect(new Map(misses.map(({ sceneId, reason }) => [sceneId, reason]))).toEqual(
      new Map([...expected].map(([id, reason]) => [id, expect.stringMatching(reason)])),
    );
  });

  it('proposes the map that finds the misses, with what becomes of some of them', async () => {
    const bench = await startSetupBench();
    addMany(bench, 10, '/daten/neu', '/srv/new');
    const sample = await sampled(bench, { path_map: '/media=>/data; /srv=>/wrong' });
    expect(sample).toMatchObject({
      matched: { path: 3, name: 0, none: 10 },
      proposal: '/media=>/data; /srv=>/wrong; /srv/new=>/daten/neu',
      fixed: 10,
      pairs: [{ plex: '/srv/new', stash: '/daten/neu', scenes: 10 }],
    });
    const [example] = sample.examples;
    expect(example).toMatchObject({
      expectedNow: example?.stashPath,
      expectedThen: example?.plexPath,
      plexPath: expect.stringMatching(/^\/srv\/new\/film \d\.mkv$/),
    });
    const after = await sampled(bench, { path_map: sample.proposal });
    expect(after).toMatchObject({ matched: { path: 13 }, proposal: '', misses: [] });
  });
});
