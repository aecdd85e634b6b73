import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../src/reconcile/scopes.ts';
import { startReconcileBench } from '../support/startReconcileBench.ts';

const HOUR_MS = 3_600_000;

/** Scenes of which every one has an empty item, so that whatever is looked at is queued. */
async function datedBench(utcOffsetMinutes = 0) {
  const bench = await startReconcileBench({ stash: { utcOffsetMinutes } });
  const add = (name: string, agoHours: number, changedAgoHours = agoHours) => {
    const created_at = bench.stash.scenes.stamp(-agoHours * HOUR_MS);
    return bench.scanned(name, {
      created_at,
      updated_at: bench.stash.scenes.stamp(-changedAgoHours * HOUR_MS),
    });
  };
  return { bench, add };
}

describe('scopes', () => {
  it.each([
    ['all', 'all'],
    ['24h', 'recent'],
    ['7days', 'recent_7days'],
  ] as const)('takes the setting %s for %s (18.23)', (reconcile_scope, scope) => {
    expect(scopeOf({ reconcile_scope })).toBe(scope);
  });

  it('looks at scenes that were added within the time, wherever Stash runs (18.22, W-65)', async () => {
    for (const offset of [-11 * 60, 0, 13 * 60]) {
      const { bench, add } = await datedBench(offset);
      const [young, week, old] = [add('a', 23), add('b', 6 * 24), add('c', 8 * 24)];
      expect(await bench.reconcile('recent')).toMatchObject({ checked: 1, enqueued: 1 });
      expect(bench.queued()).toEqual([young]);
      expect(await bench.reconcile('recent_7days')).toMatchObject({
        checked: 2,
        enqueued: 1,
        alreadyQueued: 1,
      });
      expect(bench.queued()).toEqual([young, week]);
      await bench.reconcile('all');
      expect(bench.queued()).toEqual([young, week, old]);
    }
  });

  it('looks at old scenes that were changed within the time as well, each once', async () => {
    const { bench, add } = await datedBench();
    const [changed, , both] = [add('a', 500, 2), add('b', 500), add('c', 3, 1)];
    expect(await bench.reconcile('recent')).toMatchObject({ checked: 2, enqueued: 2 });
    expect(bench.queued()).toEqual([changed, both]);
  });

  it('puts no time into the question when everything is meant (18.22)', async () => {
    const { bench, add } = await datedBench();
    add('a', 1);
    await bench.reconcile('all');
    const [asked] = bench.stash.log.where({ operation: 'Stash2PlexScenePage' });
    expect(asked?.variables?.['scenes']).toEqual({ id: { value: 0, modifier: 'GREATER_THAN' } });
  });

  describe('missing_metadata', () => {
    it('looks only at scenes whose item is empty, and reads no other (W-57)', async () => {
      const bench = await startReconcileBench();
      const empty = bench.scanned('empty');
      bench.scanned('filled', {}, { summary: 'From an agent.' });
      bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
      bench.synced('right');
      bench.plexRequests();
      const result = await bench.reconcile('missing_metadata');
      expect(result).toMatchObject({
        checked: 1,
        gaps: { empty_metadata: 1, stale_sync: 0, missing: 0 },
        enqueued: 1,
      });
      expect(bench.queued()).toEqual([empty]);
      expect(bench.plexRequests().filter((request) => request.includes('/all'))).toHaveLength(1);
    });

    it('counts an empty item of an empty scene and does not queue it (W-57)', async () => {
      const bench = await startReconcileBench();
      bench.scanned('a', { details: '' });
      expect(await bench.reconcile('missing_metadata')).toMatchObject({
        checked: 1,
        noMetadata: 1,
        enqueued: 0,
      });
    });
  });

  describe('STASH2PLEX_RECONCILE_MAX_SCENES', () => {
    it('takes the newest scenes', async () => {
      const bench = await startReconcileBench({ limits: { usesPlexUnmatched: true, maxScenes: 2 } });
      const ids = ['a', 'b', 'c', 'd'].map((name) => bench.scanned(name));
      expect(await bench.reconcile()).toMatchObject({ checked: 2, enqueued: 2, forgotten: 0 });
      expect(bench.queued()).toEqual(ids.slice(2));
    });

    it.each([
      [true, 2],
      [false, 1],
    ])(
      'counts only empty items when STASH2PLEX_RECONCILE_USE_PLEX_UNMATCHED is %s',
      async (usesPlexUnmatched, queued) => {
        const bench = await startReconcileBench({ limits: { usesPlexUnmatched, maxScenes: 2 } });
        for (const name of ['a', 'b']) bench.scanned(name);
        bench.synced('c');
        bench.scanned('d');
        expect(await bench.reconcile('missing_metadata')).toMatchObject({ checked: 2, enqueued: queued });
      },
    );

    it('is no cap when it is larger than the library', async () => {
      const bench = await startReconcileBench({ limits: { usesPlexUnmatched: true, maxScenes: 1_000 } });
      for (let n = 0; n < 120; n += 1) bench.scanned(`f${n}`);
      expect(await bench.reconcile()).toMatchObject({ checked: 120, enqueued: 120 });
    });
  });

  it('reads as many scenes in a request as reconcile_batch_size says (W-61)', async () => {
    const bench = await startReconcileBench({ settings: { reconcile_batch_size: 10 } });
    for (let n = 0; n < 25; n += 1) bench.synced(`f${n}`);
    await bench.reconcile();
    const pages = bench.stash.log.where({ operation: 'Stash2PlexScenePage' });
    expect(pages).toHaveLength(3);
  });
});
