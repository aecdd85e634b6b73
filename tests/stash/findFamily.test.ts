import { describe, expect, it } from 'vitest';
import { startBench } from '../support/startBench.ts';

async function world() {
  const bench = await startBench();
  const { tags } = bench.stash.scenes;
  const family = async (...entries: string[]) => {
    bench.stash.log.clear();
    const { ids, unknown } = await bench.stashClient.family('tag', entries);
    return { ids: [...ids].sort((left, right) => left - right), unknown };
  };
  const idOf = (name: string) => Number(tags.idOf(name));
  return { bench, tags, family, idOf };
}

describe('tags by their names', () => {
  it.each(['100% real_tag', 'a "quoted", name', 'Am\u00e9lie', 'Ame\u0301lie', '映画', 'back\\slash'])(
    'are found by %s, and no others',
    async (name) => {
      const { tags, family, idOf } = await world();
      tags.named(name.normalize('NFD'));
      tags.named('100 times realXtag');
      expect(await family(name)).toEqual({ ids: [idOf(name.normalize('NFD'))], unknown: [] });
    },
  );

  it('are as many as there are, in one request for 50 of them and one for each generation below', async () => {
    const { bench, tags, family, idOf } = await world();
    const names = Array.from({ length: 60 }, (_, index) => `Tag ${index}`);
    for (const name of names) tags.nest(`${name}, below`, name);
    tags.nest('deep', 'Tag 3, below');
    const found = await family(...names, 'None');
    expect(found.ids).toHaveLength(121);
    expect(found.ids).toContain(idOf('deep'));
    expect(found.unknown).toEqual(['None']);
    expect(bench.stash.log.count({ operation: 'Stash2PlexNamed' })).toBe(2);
    expect(bench.stash.log.count({ operation: 'Stash2PlexBelow' })).toBe(3);
  });

  it('may be numbers: an id first, a name else', async () => {
    const { tags, family, idOf } = await world();
    tags.named('One');
    tags.named('1');
    tags.named('007');
    expect(await family('1')).toEqual({ ids: [1], unknown: [] });
    expect(await family('007')).toEqual({ ids: [idOf('007')], unknown: [] });
    expect(await family('99')).toEqual({ ids: [], unknown: ['99'] });
  });

  it.each([
    [{ status: 503 }, 'unavailable'],
    [{ resolverError: 'database is locked' }, 'unavailable'],
    [{ json: { data: { n0_0: { tags: [{ id: 1 }] } } } }, 'rejected'],
  ] as const)('are not taken for unknown where Stash answers %j', async (action, kind) => {
    const { bench, family } = await world();
    bench.stash.faults.add({ match: { operation: 'Stash2PlexNamed' }, action });
    await expect(family('One')).rejects.toMatchObject({ kind });
  });
});
