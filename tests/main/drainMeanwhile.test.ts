import { describe, expect, it } from 'vitest';
import { drainMeanwhile } from '../../src/main/drainMeanwhile.ts';
import { type Bench, startBench } from '../support/startBench.ts';

function meanwhile(bench: Bench) {
  return drainMeanwhile({ clock: bench.clock, random: () => 1, jobs: bench.jobs, drain: bench.drain });
}

describe('a pass in between', () => {
  it('is done when something is due, and costs nothing else', async () => {
    const bench = await startBench();
    const between = meanwhile(bench);
    await between();
    expect(bench.plexRequests()).toEqual([]);
    bench.record(bench.scanned('a'));
    await between();
    expect(bench.job(1)).toBeUndefined();
  });

  it('that something stopped is not the last one: an event does not wait for the end of the longer work', async () => {
    const bench = await startBench();
    const between = meanwhile(bench);
    bench.record(bench.scanned('a'));
    bench.plex.faults.add({ match: { method: 'PUT' }, times: 1, action: { kind: 'status', status: 503 } });
    await between();
    expect(bench.job(1)).toMatchObject({ state: 'pending', attempts: 0 });
    bench.plexRequests();
    bench.clock.advance(1_000);
    await between();
    expect(bench.plexRequests()).toEqual([]);
    bench.clock.advance(5_000);
    await between();
    expect(bench.job(1)).toBeUndefined();
  });

  it('is tried ever more rarely while something stands in the way, up to a minute', async () => {
    const bench = await startBench();
    let passes = 0;
    const drain = async () => {
      passes += 1;
      return { obstacle: { kind: 'setup' as const, message: 'It is off.' } };
    };
    const between = drainMeanwhile({ clock: bench.clock, random: () => 1, jobs: bench.jobs, drain });
    bench.record(bench.scanned('a'));
    for (let second = 0; second < 600; second += 1) {
      await between();
      bench.clock.advance(1_000);
    }
    expect(passes).toBeGreaterThan(9);
    expect(passes).toBeLessThan(16);
  });
});
