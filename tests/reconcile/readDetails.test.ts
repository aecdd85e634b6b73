import { describe, expect, it } from 'vitest';
import { readDetails } from '../../src/reconcile/readDetails.ts';
import { type BenchOptions, startBench } from '../support/startBench.ts';

describe('readDetails', () => {
  async function library(count: number, options: BenchOptions = {}) {
    const bench = await startBench(options);
    const keys = Array.from({ length: count }, (_, n) => {
      bench.scanned(`f${n}`);
      return bench.item(`f${n}`).ratingKey;
    });
    return { bench, keys, context: bench.context };
  }

  it('reads all in one request and leaves out what is gone', async () => {
    const { bench, keys, context } = await library(3);
    bench.plex.library.removeItem(keys[1] ?? '');
    expect([...(await readDetails(keys, context)).keys()]).toEqual([keys[0], keys[2]]);
    expect(bench.plexRequests()).toHaveLength(1);
  });

  it('gets around an item at which Plex fails', async () => {
    const { bench, keys, context } = await library(16);
    const bad = keys[5] ?? '';
    bench.plex.faults.add({
      match: ({ path }) => path.split('/').at(-1)?.split(',').includes(bad) ?? false,
      action: { kind: 'status', status: 500 },
    });
    expect([...(await readDetails(keys, context)).keys()]).toEqual(keys.filter((key) => key !== bad));
    expect(bench.plexRequests().length).toBeLessThanOrEqual(9);
  });

  it('finds the one item about which Plex never answers, and gives up soon when there are many', async () => {
    const { bench, keys, context } = await library(100, { readTimeoutMs: 150 });
    const [bad = '', other = ''] = [keys[37], keys[81]];
    const silent = (...silentKeys: string[]) =>
      bench.plex.faults.add({
        match: ({ path }) =>
          path.includes('/metadata/') &&
          silentKeys.some((key) => path.split('/').at(-1)?.split(',').includes(key)),
        action: { kind: 'delay', ms: 3_600_000 },
      });
    const one = silent(bad);
    expect([...(await readDetails(keys, context)).keys()]).toEqual(keys.filter((key) => key !== bad));
    one.remove();
    silent(bad, other);
    await expect(readDetails(keys, context)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('fails when Plex fails at every item, or does not answer (W-56)', async () => {
    const { bench, keys, context } = await library(4);
    const fault = bench.plex.faults.add({ match: /metadata/, action: { kind: 'status', status: 500 } });
    await expect(readDetails(keys, context)).rejects.toMatchObject({ kind: 'serverError' });
    fault.remove();
    await bench.plex.stop();
    await expect(readDetails(keys, context)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
