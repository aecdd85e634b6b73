import { describe, expect, it } from 'vitest';
import { describeRun } from '../../src/reconcile/ReconciliationResult.ts';
import { startReconcileBench } from '../support/startReconcileBench.ts';

describe('runReconciliation', () => {
  it('logs what was checked, found, queued and skipped, aligned (18.23)', async () => {
    const bench = await startReconcileBench();
    bench.synced('right');
    bench.scanned('empty');
    const id = bench.scanned('double');
    bench.plex.library.addItem(bench.sectionKey, { title: 'too', file: '/media/films/double.mkv' });
    bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
    await bench.reconcile();
    const info = bench.lines
      .filter(({ level }) => level === 'info')
      .map(({ text }) => text.replace(/^\S+ /, ''));
    expect(info).toEqual([
      '=== Reconciliation: all scenes ===',
      'Scenes checked:      4',
      'Right in Plex:       1',
      'Gaps:                2',
      '  empty metadata:    1',
      '  stale sync:        0',
      '  missing:           1',
      'Queued:              2',
      'Already queued:      0',
      'Lack of metadata:    0',
      `Several Plex items:  1 (scenes ${id})`,
    ]);
  });

  it('records the run with its scope and figures (18.23)', async () => {
    const bench = await startReconcileBench();
    bench.scanned('a');
    await bench.run('recent', { trigger: 'startup' });
    expect(await bench.scheduler.load()).toMatchObject({
      lastRunScope: 'last 24 hours (startup)',
      isStartupRun: true,
      runCount: 1,
      lastGapsFound: 1,
      lastGapsByType: { empty_metadata: 1, stale_sync: 0, missing: 0 },
      lastEnqueued: 1,
      lastScenesChecked: 1,
    });
  });

  it('shows progress that moves and never goes back', async () => {
    const bench = await startReconcileBench({ settings: { reconcile_batch_size: 10 } });
    bench.plex.switches.maxPageSize = 10;
    for (let n = 0; n < 50; n += 1) bench.synced(`f${n}`);
    const shares: number[] = [];
    await bench.run('recent', {
      onPage: async (share) => {
        shares.push(share);
        // Something goes while the library is listed: it is listed anew.
        if (shares.length === 3) bench.plex.library.removeItem(bench.item('f40').ratingKey);
      },
    });
    expect(shares).toEqual(shares.toSorted((left, right) => left - right));
    expect(new Set(shares).size).toBeGreaterThan(8);
    expect(shares.at(-1)).toBe(1);
  });

  it('tells the circuit breaker about a Plex that fails, and warns once (18.22)', async () => {
    const bench = await startReconcileBench();
    bench.plex.faults.add({ match: /all/, action: { kind: 'status', status: 503 } });
    for (let round = 0; round < 5; round += 1) await bench.run();
    expect(await bench.reliability.breaker.state()).toBe('open');
    expect(bench.lines.filter(({ text }) => text.includes('could not be finished'))).toHaveLength(5);
  });
});

describe('describeRun', () => {
  it('says in a sentence what came of it', async () => {
    const bench = await startReconcileBench();
    bench.synced('right');
    expect(describeRun(await bench.reconcile())).toBe('1 scene checked: no gaps found.');
    bench.scanned('empty');
    expect(describeRun(await bench.reconcile())).toBe('2 scenes checked: 1 gap found, 1 scene queued.');
    for (let round = 0; round < 3; round += 1) {
      bench.clearQueue();
      await bench.reconcile();
    }
    expect(describeRun(await bench.reconcile())).toBe(
      '2 scenes checked: 1 gap found, 0 scenes queued. 1 scene was queued before without success and left alone now.',
    );
  });
});
