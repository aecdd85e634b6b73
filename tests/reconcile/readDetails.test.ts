import { describe, expect, it } from 'vitest';
import { readDetails } from '../../src/reconcile/readDetails.ts';
import { startBench } from '../support/startBench.ts';

describe('readDetails', () => {
  async function library(count: number) {
    const bench = await startBench();
    const keys = Array.from({ length: count }, (_, n) => {
      bench.scanned(`f${n}`);
      return bench.item(`f${n}`).ratingKey;
    });
    return { bench, keys, client: bench.context.plex };
  }

  it('reads all in one request and leaves out what is gone', async () => {
    const { bench, keys, client } = await library(3);
    bench.plex.library.removeItem(keys[1] ?? '');
    expect([...(await readDetails(keys, client)).keys()]).toEqual([keys[0], keys[2]]);
    expect(bench.plexRequests()).toHaveLength(1);
  });

  it('gets around an item at which Plex fails', async () => {
    const { bench, keys, client } = await library(16);
    const bad = keys[5] ?? '';
    bench.plex.faults.add({
      match: ({ path }) => path.split('/').at(-1)?.split(',').includes(bad) ?? false,
      action: { kind: 'status', status: 500 },
    });
    expect([...(await readDetails(keys, client)).keys()]).toEqual(keys.filter((key) => key !== bad));
    expect(bench.plexRequests().length).toBeLessThanOrEqual(9);
  });

  it('fails when Plex fails at every item, or does not answer (W-56)', async () => {
    const { bench, keys, client } = await library(4);
    const fault = bench.plex.faults.add({ match: /metadata/, action: { kind: 'status', status: 500 } });
    await expect(readDetails(keys, client)).rejects.toMatchObject({ kind: 'serverError' });
    fault.remove();
    await bench.plex.stop();
    await expect(readDetails(keys, client)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
