import { describe, expect, it } from 'vitest';
import { explainGates } from '../../../src/scene/gates/explainGates.ts';
import { StashError } from '../../../src/stash/StashError.ts';
import { startBench } from '../../support/startBench.ts';
import type { NewScene } from '../../support/stashDouble/startStashDouble.ts';

/** A Stash with a hierarchy, and scenes read as these settings need it. */
async function world(settings: Record<string, unknown>) {
  const bench = await startBench({ settings });
  const { tags, studios } = bench.stash.scenes;
  tags.nest('Noir', 'Crime');
  tags.nest('Neo-Noir', 'Noir', 'Modern');
  tags.named('Comedy');
  studios.nest('Child', 'Parent');
  studios.nest('Grandchild', 'Child');
  const read = async (scene: NewScene) => {
    const id = bench.stash.scenes.add({ files: ['/data/films/x.mkv'], ...scene });
    const found = (await bench.context.stash.scenes([id])).get(id);
    if (!found || found instanceof StashError) throw new Error('not read');
    return found;
  };
  const heldBy = async (scene: NewScene) => (await bench.context.gates()).hold(await read(scene))?.gate;
  const warnings = () =>
    bench.lines.filter(({ level }) => level === 'warn').map(({ text }) => text.replace('[Stash2Plex] ', ''));
  return { bench, read, heldBy, warnings };
}

describe('gates by settings', () => {
  it('name tags with all their sub-tags, whatever the case of letters', async () => {
    const { heldBy } = await world({ gate_exclude_tags: ' crime ; Nothing else' });
    expect(await heldBy({ tags: ['Neo-Noir'] })).toBe('exclude_tags');
    expect(await heldBy({ tags: ['Crime'] })).toBe('exclude_tags');
    expect(await heldBy({ tags: ['Modern', 'Comedy'] })).toBeUndefined();
  });

  it('name studios with all that are below them, by id as well', async () => {
    const { bench, heldBy } = await world({ gate_include_studios: '2' });
    expect(bench.stash.scenes.studios.idOf('Parent')).toBe('2');
    expect(await heldBy({ studio: 'Grandchild' })).toBeUndefined();
    expect(await heldBy({ studio: 'Elsewhere' })).toBe('include_studios');
    expect(await heldBy({})).toBe('include_studios');
  });

  it('take a number for a name where there is no such id', async () => {
    const { bench, heldBy, warnings } = await world({ gate_include_tags: 1984 });
    bench.stash.scenes.tags.named('1984');
    expect(await heldBy({ tags: ['1984'] })).toBeUndefined();
    expect(await heldBy({ tags: ['Comedy'] })).toBe('include_tags');
    expect(warnings()).toEqual([]);
  });

  it('say once which names Stash does not know, and hold everything back where nothing to include is known', async () => {
    const { bench, heldBy, warnings } = await world({
      gate_include_tags: 'Comdy',
      gate_exclude_studios: 'Parnt; Child',
    });
    expect(await heldBy({ tags: ['Comedy'] })).toBe('include_tags');
    bench.context = { ...bench.context, gates: bench.context.gates.renewed() };
    expect(await heldBy({ tags: ['Comedy'], studio: 'Child' })).toBe('exclude_studios');
    expect(warnings()).toEqual([
      'Setting gate_exclude_studios: Stash has no studio "Parnt"; write it as Stash shows it, or enter its id.',
      'Setting gate_include_tags: Stash has no tag "Comdy"; write it as Stash shows it, or enter its id. Nothing of the setting is known, so every scene is held back.',
    ]);
  });

  it('are looked up once, and anew when they are renewed', async () => {
    const { bench, heldBy } = await world({ gate_exclude_tags: 'Crime' });
    expect(await heldBy({ tags: ['Comedy'] })).toBeUndefined();
    bench.stash.scenes.tags.nest('Comedy', 'Crime');
    expect(await heldBy({ tags: ['Comedy'] })).toBeUndefined();
    // Its name, then a request for each generation.
    expect(bench.stash.log.count({ operation: 'Stash2PlexNamed' })).toBe(1);
    expect(bench.stash.log.count({ operation: 'Stash2PlexBelow' })).toBe(3);
    bench.context = { ...bench.context, gates: bench.context.gates.renewed() };
    expect(await heldBy({ tags: ['Comedy'] })).toBe('exclude_tags');
  });

  it('take what could not be asked neither for unknown nor for known', async () => {
    const { bench, heldBy, warnings } = await world({ gate_include_tags: 'Comedy' });
    const fault = bench.stash.faults.add({
      match: { operation: 'Stash2PlexNamed' },
      action: { resolverError: 'database is locked' },
    });
    await expect(bench.context.gates()).rejects.toBeInstanceOf(StashError);
    fault.remove();
    expect(await heldBy({ tags: ['Comedy'] })).toBeUndefined();
    expect(warnings()).toEqual([]);
  });

  it('ask nothing for what needs no names, and read no more of scenes than they need', async () => {
    const { bench, heldBy } = await world({ gate_min_rating: 50, gate_exclude_paths: '/data/clips' });
    expect(await heldBy({ rating100: 49 })).toBe('min_rating');
    expect(await heldBy({ rating100: 50, files: ['/data/clips/one.mkv'] })).toBe('exclude_paths');
    const queries = bench.stash.log.where({ path: '/graphql' }).map(({ query }) => query ?? '');
    expect(queries).toHaveLength(2);
    expect(queries.filter((query) => /organized|stash_ids|tags \{ id|studio \{ id/.test(query))).toEqual([]);
  });

  it('survive cycles among tags', async () => {
    const { bench, heldBy } = await world({ gate_exclude_tags: 'Crime' });
    bench.stash.scenes.tags.nest('Crime', 'Neo-Noir');
    expect(await heldBy({ tags: ['Noir'] })).toBe('exclude_tags');
  });
});

describe('an explanation', () => {
  it('says of every gate why it holds the scene back, or that none does', async () => {
    const { bench, read } = await world({ gate_organized: true, gate_min_rating: 50 });
    const explain = async (scene: NewScene) => explainGates(await read(scene), bench.context);
    expect(await explain({})).toEqual({
      gate: 'organized',
      sentences: [
        'A gate holds it back: it is not marked as organized (setting gate_organized).',
        'A gate holds it back: it is not rated, and the setting gate_min_rating asks for 50.',
      ],
    });
    expect(await explain({ organized: true, rating100: 50 })).toEqual({
      gate: null,
      sentences: ['It passes every gate that is set (gate_min_rating, gate_organized).'],
    });
    bench.restart({ gate_organized: false, gate_min_rating: 0 });
    expect(await explain({})).toEqual({ gate: null, sentences: ['No gate is set: every scene is synced.'] });
  });
});
