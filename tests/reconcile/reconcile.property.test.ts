import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReconcileBench, startReconcileBench } from '../support/startReconcileBench.ts';
import type { NewScene } from '../support/stashDouble/startStashDouble.ts';

/** Ways in which a scene and its item may drift apart, and whether a sync is needed afterwards. */
const DRIFTS = {
  none: false,
  touched: false,
  titled: true,
  summarised: true,
  tagged: true,
  performed: true,
  dated: true,
  studio: true,
  emptiedInPlex: true,
  retitledInPlex: true,
  untaggedInPlex: true,
  reissued: true,
  gone: false,
  neverSynced: true,
  unknown: true,
  doubled: false,
} as const;

type Drift = keyof typeof DRIFTS;

const text = fc.constantFrom('One', 'Two, with a comma', 'drei', 'Ω');
const sceneArbitrary = fc.record({
  details: text,
  tags: fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
  performers: fc.uniqueArray(text, { maxLength: 4 }),
  studio: fc.option(text),
  date: fc.option(fc.constantFrom('2020-01-02', '1999-12-31')),
});
const caseArbitrary = fc.record({
  scene: sceneArbitrary,
  drift: fc.constantFrom(...(Object.keys(DRIFTS) as Drift[])),
});

/** Lets one scene and its item drift apart. */
async function drift(
  bench: ReconcileBench,
  how: Drift,
  id: number,
  name: string,
  scene: NewScene,
): Promise<void> {
  const { stash, plex, sectionKey, clock } = bench;
  const { ratingKey } = bench.item(name);
  const edit = (field: string, value: string) =>
    bench.context.plex.edit(sectionKey, ratingKey, [[field, value]]);
  const change = (changes: NewScene) => {
    clock.advance(1_000);
    stash.scenes.update(id, changes);
  };
  const acts: Record<Drift, () => unknown> = {
    none: () => {},
    touched: () => change({ organized: true, play_count: 3 }),
    titled: () => change({ title: 'Another title' }),
    summarised: () => change({ details: 'Another summary.' }),
    tagged: () => change({ tags: [...(scene.tags ?? []), 'Added'] }),
    performed: () => change({ performers: [...(scene.performers ?? []), 'Added'] }),
    dated: () => change({ date: '2001-02-03' }),
    studio: () => change({ studio: 'Another studio' }),
    emptiedInPlex: async () => {
      await edit('summary.value', '');
      for (const tag of scene.tags ?? []) await edit('genre[].tag.tag-', encodeURIComponent(tag));
    },
    retitledInPlex: () => edit('title.value', 'By hand'),
    untaggedInPlex: () => edit('genre[].tag.tag-', encodeURIComponent(scene.tags?.[0] ?? '')),
    reissued: () => plex.library.reissue(ratingKey),
    gone: () => plex.library.removeItem(ratingKey),
    neverSynced: () => bench.db.prepare('DELETE FROM scene_syncs WHERE scene_id = ?').run(id),
    unknown: () => {
      bench.db.prepare('DELETE FROM scene_syncs WHERE scene_id = ?').run(id);
      plex.library.removeItem(ratingKey);
    },
    doubled: () => {
      bench.db.prepare('DELETE FROM scene_syncs WHERE scene_id = ?').run(id);
      plex.library.addItem(sectionKey, { title: 'Double', file: `/media/films/${name}.mkv` });
    },
  };
  await acts[how]();
}

describe('reconcile', () => {
  it('finds exactly the scenes that have drifted, whatever was verified before (W-53, W-54, W-55, W-56, W-57)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(caseArbitrary, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 2, max: 7 }),
        async (cases, isVerifiedBefore, pageSize) => {
          const bench = await startReconcileBench({ settings: { reconcile_batch_size: 10 } });
          bench.plex.switches.maxPageSize = pageSize;
          // Otherwise an edit of a list shows in a listing only within its first names.
          bench.plex.switches.tagEditsBumpUpdatedAt = true;
          const made = cases.map(({ scene: given, drift: how }, n) => {
            const scene = { title: `Title ${n}`, ...given } as NewScene;
            const name = `film-${n}`;
            const id = bench.synced(name, scene, given.studio ? { collection: given.studio } : {});
            return { id, name, scene, how };
          });
          if (isVerifiedBefore) {
            expect(await bench.reconcile()).toMatchObject({ right: cases.length, enqueued: 0 });
          }
          for (const { how, id, name, scene } of made) await drift(bench, how, id, name, scene);
          const { errors, checked, right } = await bench.reconcile();
          const expected = made.filter(({ how }) => DRIFTS[how]).map(({ id }) => id);
          expect(bench.queued()).toEqual(expected);
          expect(errors).toEqual([]);
          expect(checked).toBe(cases.length);
          expect(right).toBe(made.filter(({ how }) => how === 'none' || how === 'touched').length);
          expect(bench.plex.violations).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});
