import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatchUp, LOOK_INTERVAL_MS } from '../../src/drain/catchUp.ts';
import { sceneEvent } from '../../src/hooks/sceneEvent.ts';
import { createChangeLog } from '../../src/queue/changeLog.ts';
import type { Gate } from '../../src/scene/gates/Gate.ts';
import { previewScenes } from '../../src/scene/previewScenes.ts';
import { type Bench, startBench } from '../support/startBench.ts';
import { type ReconcileBench, startReconcileBench } from '../support/startReconcileBench.ts';
import type { NewScene, SceneChanges } from '../support/stashDouble/startStashDouble.ts';

/** One gate: a scene that it holds back, and the edit that brings it through. */
interface GateCase {
  gate: Gate;
  settings: Record<string, unknown>;
  held: SceneChanges;
  passing: SceneChanges;
  /** The field by which a hook tells of that edit; no hook tells of moved files. */
  field?: string;
}

const LINK = { endpoint: 'https://stashdb.org/graphql', stash_id: '0001' };
const at = (folder: string) => ({ files: [`/data/${folder}/one.mkv`] });

const CASES: readonly GateCase[] = [
  {
    gate: 'organized',
    settings: { gate_organized: true },
    held: { organized: false },
    passing: { organized: true },
    field: 'organized',
  },
  {
    gate: 'stash_id',
    settings: { gate_stash_id: 'https://stashdb.org/graphql' },
    held: { stash_ids: [{ endpoint: 'https://other.example/graphql', stash_id: '0002' }] },
    passing: { stash_ids: [LINK] },
    field: 'stash_ids',
  },
  {
    gate: 'include_tags',
    settings: { gate_include_tags: 'Crime' },
    held: { tags: ['Comedy'] },
    passing: { tags: ['Noir'] },
    field: 'tag_ids',
  },
  {
    gate: 'exclude_tags',
    settings: { gate_exclude_tags: 'Crime', gate_include_tags: 'Noir; Comedy' },
    held: { tags: ['Noir', 'Comedy'] },
    passing: { tags: ['Comedy'] },
    field: 'tag_ids',
  },
  {
    gate: 'include_studios',
    settings: { gate_include_studios: 'Parent' },
    held: { studio: 'Other' },
    passing: { studio: 'Child' },
    field: 'studio_id',
  },
  {
    gate: 'exclude_studios',
    settings: { gate_exclude_studios: 'Parent' },
    held: { studio: 'Child' },
    passing: { studio: 'Other' },
    field: 'studio_id',
  },
  {
    gate: 'include_paths',
    settings: { gate_include_paths: '/data/films/*' },
    held: at('films/new'),
    passing: at('films'),
  },
  {
    gate: 'exclude_paths',
    settings: { gate_exclude_paths: '**/new/**' },
    held: at('films/new'),
    passing: at('films'),
  },
  {
    gate: 'min_rating',
    settings: { gate_min_rating: 60 },
    held: { rating100: 59 },
    passing: { rating100: 60 },
    field: 'rating100',
  },
];

function sortTagsAndStudios({ stash: { scenes } }: Bench): void {
  scenes.tags.nest('Noir', 'Crime');
  for (const name of ['Crime', 'Comedy']) scenes.tags.named(name);
  scenes.studios.nest('Child', 'Parent');
}

/** One scene whose item is at both of its places, and that a gate holds back. */
async function startHeld({ settings, held }: GateCase): Promise<{ bench: ReconcileBench; id: number }> {
  const bench = await startReconcileBench({ settings });
  sortTagsAndStudios(bench);
  bench.plex.library.addItem(bench.sectionKey, {
    title: 'one',
    files: ['/media/films/one.mkv', '/media/films/new/one.mkv'],
  });
  const id = bench.stash.scenes.add({ title: 'One', details: 'D', ...at('films'), ...held });
  return { bench, id };
}

const writes = (bench: Bench) => bench.plexRequests().filter((each) => !each.startsWith('GET'));
const item = ({ plex }: Bench) => plex.library.itemByFile('/media/films/one.mkv');

describe.each(CASES)('the gate $gate', (each) => {
  const { gate, passing } = each;

  it('holds a scene back from a sync: no error, no attempt, nothing asked of Plex about it', async () => {
    const { bench, id } = await startHeld(each);
    expect(await bench.sync(id)).toEqual({
      synced: 0,
      unchanged: 0,
      skipped: 0,
      shared: 0,
      retried: 0,
      buried: 0,
      heldBack: { [gate]: 1 },
    });
    expect(bench.plexRequests().filter((request) => request.includes('/library/metadata'))).toEqual([]);
    expect(bench.job(id)).toBeUndefined();
    expect(bench.givenUp()).toEqual([]);
    expect(bench.reliability.stats.summary().attempts).toBe(0);
    expect(bench.jobs.held.gateOf(id)?.gate).toBe(gate);
  });

  it('leaves what a former sync wrote, and lets the scene through when it passes', async () => {
    const { bench, id } = await startHeld(each);
    bench.stash.scenes.update(id, passing);
    expect(await bench.sync(id)).toMatchObject({ synced: 1 });
    const before = bench.jobs.sceneSyncs(id);
    bench.stash.scenes.update(id, { ...each.held, title: 'Two' });
    writes(bench);
    expect(await bench.sync(id)).toMatchObject({ synced: 0, heldBack: { [gate]: 1 } });
    expect([item(bench)?.title, writes(bench), bench.jobs.sceneSyncs(id)]).toEqual(['One', [], before]);
    bench.stash.scenes.update(id, passing);
    expect(await bench.sync(id)).toMatchObject({ synced: 1, unchanged: 0 });
    expect([item(bench)?.title, bench.jobs.held.gateOf(id)]).toEqual(['Two', undefined]);
  });

  it('is told of by a preview', async () => {
    const { bench, id } = await startHeld(each);
    const look = async () => {
      const request = { scope: 'scene', sceneId: id } as const;
      return (
        await previewScenes(
          request,
          bench.context,
          () => ({ ids: [], total: 0 }),
          () => {},
        )
      ).previews;
    };
    expect(await look()).toEqual([
      { sceneId: id, outcome: 'held_back', gate, reason: expect.stringContaining(`gate_${gate}`) },
    ]);
    expect(bench.jobs.held.gateOf(id)).toBeUndefined();
    bench.stash.scenes.update(id, passing);
    expect(await look()).toMatchObject([{ outcome: 'found' }]);
  });

  it('makes no gap for a reconciliation, which counts it, until the scene passes', async () => {
    const { bench, id } = await startHeld(each);
    const found = await bench.reconcile();
    expect(found).toMatchObject({ checked: 1, enqueued: 0, heldBack: { [gate]: 1 } });
    expect(found.gaps).toEqual({ empty_metadata: 0, stale_sync: 0, missing: 0 });
    expect([bench.queued(), bench.jobs.held.gateOf(id)?.gate]).toEqual([[], gate]);
    bench.stash.scenes.update(id, passing);
    const later = await bench.reconcile();
    expect([later.enqueued, 'heldBack' in later]).toEqual([1, false]);
    expect([bench.queued(), bench.jobs.held.gateOf(id)]).toEqual([[id], undefined]);
  });

  it('is minded by the look for changes without a hook', async () => {
    const { bench, id } = await startHeld(each);
    const catchUp = createCatchUp({
      clock: bench.clock,
      log: bench.context.log,
      changes: createChangeLog(bench.db),
      utcOffsetMinutes: () => 0,
    });
    const change = async (changes: SceneChanges) => {
      bench.clock.advance(2 * LOOK_INTERVAL_MS);
      bench.stash.scenes.update(id, changes);
      await catchUp(bench.context);
      return bench.queued();
    };
    await catchUp(bench.context);
    expect(await change({ details: 'Changed.' })).toEqual([]);
    expect(bench.jobs.held.gateOf(id)?.gate).toBe(gate);
    expect(await change(passing)).toEqual([id]);
  });
});

describe.each(CASES.filter(({ field }) => field !== undefined))(
  'the hook and the gate $gate',
  ({ field = '' }) => {
    it('agree that the edit that brings a scene through matters, also of many scenes at once', () => {
      const hook = { id: 1, type: 'Scene.Update.Post', input: { id: '1' }, inputFields: ['id', field] };
      expect(sceneEvent(hook)).toEqual({ action: 'sync', sceneIds: [1] });
      const bulk = { ids: ['1', '2'] };
      const bulkHook = { id: 2, type: 'Scene.Update.Post', input: bulk, inputFields: ['ids', field] };
      expect(sceneEvent(bulkHook)).toMatchObject({ action: 'sync', bulk: { sceneIds: [1, 2], position: 1 } });
    });
  },
);

describe('a scene that a gate holds back', () => {
  it('takes no item from another scene that has a file in it (A2)', async () => {
    const bench = await startBench({ settings: { gate_organized: true } });
    const files = ['/media/films/a.mkv', '/media/films/b.mkv'];
    bench.plex.library.addItem(bench.sectionKey, { title: 'both', files });
    const held = bench.stash.scenes.add({ title: 'Held', details: 'D', files: ['/data/films/a.mkv'] });
    const passing = bench.stash.scenes.add({
      title: 'Passing',
      details: 'D',
      files: ['/data/films/b.mkv'],
      organized: true,
    });
    expect(await bench.sync(held, passing)).toMatchObject({ synced: 1, heldBack: { organized: 1 } });
    expect(bench.plex.library.itemByFile('/media/films/a.mkv')?.title).toBe('Passing');
  });

  it('is forgotten by a reconciliation when Stash has it no more', async () => {
    const bench = await startReconcileBench({ settings: { gate_organized: true } });
    const gone = bench.scanned('gone');
    bench.scanned('other');
    await bench.sync(gone);
    bench.stash.scenes.destroy(gone);
    bench.clock.advance(1_000);
    expect((await bench.reconcile()).forgotten).toBe(1);
    expect(bench.jobs.held.gateOf(gone)).toBeUndefined();
  });

  it('is not held where a gate cannot be looked up: the pass waits for Stash', async () => {
    const bench = await startBench({ settings: { gate_include_tags: 'Crime' } });
    const id = bench.scanned('one', { tags: ['Crime'] });
    bench.stash.faults.add({ match: { operation: 'Stash2PlexNamed' }, nth: 1, action: { status: 503 } });
    expect(await bench.sync(id)).toMatchObject({ synced: 0, obstacle: { kind: 'stashDown' } });
    expect(bench.job(id)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await bench.drain()).toMatchObject({ synced: 1 });
  });
});

/** Scenes with everything that a gate may go by. */
const sceneOf: fc.Arbitrary<NewScene> = fc.record({
  title: fc.constantFrom('One', 'Two'),
  organized: fc.boolean(),
  rating100: fc.constantFrom(20, 80, null),
  studio: fc.constantFrom('Parent', 'Child', 'Other', null),
  tags: fc.subarray(['Crime', 'Noir', 'Comedy']),
  stash_ids: fc.subarray([LINK]),
});
const scenesOf = fc.array(sceneOf, { minLength: 1, maxLength: 6 });

/** Syncs, reconciles and catches up with the scenes; what was asked of both servers, and what came of it. */
async function wholeStory(scenes: readonly NewScene[], settings: Record<string, unknown>) {
  const bench = await startReconcileBench({ settings });
  sortTagsAndStudios(bench);
  const ids = scenes.map((scene, index) => bench.scanned(`film ${index}`, scene));
  bench.stash.log.clear();
  const drained = await bench.sync(...ids);
  const reconciled = await bench.reconcile();
  return {
    stash: bench.stash.log.where({}).map(({ path, query, variables }) => ({ path, query, variables })),
    plex: bench.plex.log.entries.map(({ method, url }) => `${method} ${url}`),
    items: ids.map((_, index) => bench.item(`film ${index}`)),
    drained,
    reconciled,
    rows: bench.db.prepare('SELECT count(*) FROM held_back').pluck().get(),
    bench,
    ids,
  };
}

describe('gates', () => {
  it('change nothing while all are open: not a request, not a field, not a byte in Plex', async () => {
    const open = {
      gate_organized: false,
      gate_stash_id: ' ; ',
      gate_include_tags: '',
      gate_exclude_tags: ';',
      gate_include_studios: '',
      gate_exclude_studios: '',
      gate_include_paths: '',
      gate_exclude_paths: '  ',
      gate_min_rating: 0,
    };
    const portable = (told: Awaited<ReturnType<typeof wholeStory>>) => {
      const { bench, ids, ...rest } = told;
      const text = JSON.stringify(rest);
      return text
        .replaceAll(String(bench.plex.port), 'PLEX')
        .replaceAll(String(bench.stash.port), 'STASH')
        .replaceAll(bench.plex.library.machineIdentifier, 'SERVER')
        .replace(/\b1\d{9}\b/g, 'SECONDS');
    };
    await fc.assert(
      fc.asyncProperty(scenesOf, async (scenes) => {
        const without = await wholeStory(scenes, {});
        expect(portable(await wholeStory(scenes, open))).toBe(portable(without));
        expect(without.rows).toBe(0);
        const asked = without.stash.map(({ query }) => query ?? '').join('\n');
        expect(asked).toContain('...SceneFields');
        expect(asked).not.toMatch(/organized|stash_ids|findTags|findStudios|tags \{ id|studio \{ id/);
      }),
      { numRuns: 3 },
    );
  });

  it('let exactly those scenes through that pass all of them', async () => {
    const settingsOf = fc.record({
      gate_organized: fc.boolean(),
      gate_stash_id: fc.constantFrom('', 'any'),
      gate_include_tags: fc.constantFrom('', 'Crime; Comedy'),
      gate_exclude_tags: fc.constantFrom('', 'Noir'),
      gate_exclude_studios: fc.constantFrom('', 'Parent'),
      gate_min_rating: fc.constantFrom(0, 50),
    });
    await fc.assert(
      fc.asyncProperty(scenesOf, settingsOf, async (scenes, settings) => {
        const passes = (scene: NewScene) =>
          (!settings.gate_organized || scene.organized) &&
          (settings.gate_stash_id === '' || scene.stash_ids?.length === 1) &&
          // Noir is below Crime, Child below Parent.
          (settings.gate_include_tags === '' || scene.tags?.length !== 0) &&
          (settings.gate_exclude_tags === '' || !scene.tags?.includes('Noir')) &&
          (settings.gate_exclude_studios === '' || !['Parent', 'Child'].includes(scene.studio ?? '')) &&
          (settings.gate_min_rating === 0 || scene.rating100 === 80);
        const { drained, reconciled, bench, ids } = await wholeStory(scenes, settings);
        const synced = ids.filter((id) => bench.jobs.sceneSyncs(id).length > 0);
        expect(synced).toEqual(ids.filter((_, index) => passes(scenes[index] ?? {})));
        const held = ids.filter((id) => bench.jobs.held.gateOf(id) !== undefined);
        expect(held).toEqual(ids.filter((id) => !synced.includes(id)));
        expect(drained.synced).toBe(synced.length);
        expect(reconciled.heldBack).toEqual(drained.heldBack);
        expect(reconciled.enqueued).toBe(0);
      }),
      { numRuns: 5 },
    );
  });
});
