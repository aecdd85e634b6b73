import { describe, expect, it } from 'vitest';
import { StashError } from '../../src/stash/StashError.ts';
import { startBench } from '../support/startBench.ts';

async function world() {
  const bench = await startBench();
  const add = (...files: string[]) => bench.stash.scenes.add({ files });
  const ids = async (...names: string[]) =>
    (await bench.stashClient.scenesByFileName(names)).map(({ id }) => id).sort((left, right) => left - right);
  return { bench, add, ids };
}

describe('scenes by the names of their files', () => {
  it('are those with a file of any of the names, in any folder, with all of their files', async () => {
    const { bench, add, ids } = await world();
    const both = add('/data/a/one.mkv', '/data/b/two.mkv');
    const other = add('/elsewhere/ONE.mkv');
    add('/data/a/three.mkv');
    expect(await ids('one.mkv', 'two.mkv')).toEqual([both, other]);
    expect((await bench.stashClient.scenesByFileName(['two.mkv']))[0]?.files.map(({ path }) => path)).toEqual(
      ['/data/a/one.mkv', '/data/b/two.mkv'],
    );
    expect(await ids('none.mkv')).toEqual([]);
  });

  it.each([
    "it's 100% [x] (1)_.mkv",
    'a "quoted", name.mkv',
    'Amélie.mkv',
    'Ame\u0301lie.mkv',
    '映画.mkv',
    'back\\slash.mkv',
  ])('are found by the name %s', async (name) => {
    const { add, ids } = await world();
    const id = add(`/data/${name.normalize('NFD')}`);
    expect(await ids(name.normalize('NFC'))).toEqual([id]);
  });

  it('cost one request for 50 names, and none for no name', async () => {
    const { bench, add, ids } = await world();
    const added = Array.from({ length: 120 }, (_, index) => add(`/data/film-${index}.mkv`));
    bench.stash.log.clear();
    expect(await ids(...added.map((_, index) => `film-${index}.mkv`))).toEqual(added);
    expect(bench.stash.log.count()).toBe(3);
    expect(await ids()).toEqual([]);
    expect(bench.stash.log.count()).toBe(3);
  });

  it('are all told where there are more than one page of them', async () => {
    const { bench, add, ids } = await world();
    const added = Array.from({ length: 1_001 }, (_, index) => add(`/data/${index}/video.mkv`));
    bench.stash.log.clear();
    expect(await ids('video.mkv')).toEqual(added);
    expect(bench.stash.log.count()).toBe(2);
  });

  it.each([
    [{ status: 503 }, 'unavailable'],
    [{ graphqlError: 'database is locked' }, 'unavailable'],
    [{ json: { data: { findScenes: {} } } }, 'rejected'],
  ])('are an error when Stash answers %j', async (action, kind) => {
    const { bench, ids } = await world();
    bench.stash.faults.add({ action });
    const error = await ids('a.mkv').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StashError);
    expect(error).toMatchObject({ kind });
  });
});
