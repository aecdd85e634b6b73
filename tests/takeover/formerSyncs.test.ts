import { describe, expect, it } from 'vitest';
import { createSceneSyncs, noteFormerSync } from '../../src/queue/sceneSyncs.ts';
import type { Bench } from '../support/startBench.ts';
import { startReconcileBench } from '../support/startReconcileBench.ts';

/** As a take-over notes it. */
function syncedByPython(bench: Bench, ...sceneIds: number[]): void {
  for (const sceneId of sceneIds) noteFormerSync(createSceneSyncs(bench.db), sceneId, bench.clock.now() - 1);
}

const NO_GAPS = { empty_metadata: 0, stale_sync: 0, missing: 0 };

describe('scenes that the Python plugin has synced', () => {
  it('are kept up: one that was emptied in Stash since is emptied in Plex, unlike one that was never synced', async () => {
    const bench = await startReconcileBench();
    const former = bench.scanned('a', { title: '', details: '' }, { summary: 'Former.' });
    const never = bench.scanned('b', { title: '', details: '' }, { summary: "Somebody's." });
    syncedByPython(bench, former);
    expect(await bench.sync(former, never)).toMatchObject({ synced: 1, skipped: 1 });
    expect(bench.item('a').summary ?? '').toBe('');
    expect(bench.item('b').summary).toBe("Somebody's.");
  });

  it('are synced once with no more requests than new ones, and are like any other from then on', async () => {
    const bench = await startReconcileBench();
    const ids = Array.from({ length: 30 }, (_, index) => bench.scanned(`film ${index}`, { details: 'D' }));
    syncedByPython(bench, ...ids.slice(0, 15));
    bench.plexRequests();
    expect(await bench.sync(...ids)).toMatchObject({ synced: 30 });
    const reads = bench.plexRequests().filter((request) => request.startsWith('GET /library/metadata'));
    expect(reads).toHaveLength(1);
    expect(await bench.sync(...ids)).toMatchObject({ synced: 30, unchanged: 30 });
    expect(await bench.reconcile()).toMatchObject({ right: 30, gaps: NO_GAPS });
  });

  it('count as out of date in a reconciliation, even where scenes that were never synced do not count', async () => {
    const bench = await startReconcileBench({ settings: { reconcile_missing: false } });
    const former = bench.scanned('a', { details: 'D' }, { summary: 'D' });
    bench.scanned('b', { details: 'D' }, { summary: 'D' });
    syncedByPython(bench, former);
    expect(await bench.reconcile()).toMatchObject({ gaps: { ...NO_GAPS, stale_sync: 1 }, enqueued: 1 });
    expect(bench.queued()).toEqual([former]);
  });

  it('are no gap while Plex does not have their file, and are forgotten with their scene', async () => {
    const bench = await startReconcileBench();
    const id = bench.stash.scenes.add({ files: ['/data/films/gone.mkv'], details: 'D' });
    syncedByPython(bench, id, 99_999);
    expect(await bench.reconcile()).toMatchObject({ gaps: NO_GAPS, enqueued: 0 });
    const rows = bench.db.prepare('SELECT scene_id FROM scene_syncs').pluck().all();
    expect(rows).toEqual([id]);
  });
});
