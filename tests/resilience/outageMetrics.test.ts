import { describe, expect, it } from 'vitest';
import type { Outage } from '../../src/resilience/OutageHistory.ts';
import { outageMetrics } from '../../src/resilience/outageMetrics.ts';

const over = (startedAtSecs: number, endedAtSecs: number): Outage => ({
  startedAtSecs,
  endedAtSecs,
  durationSecs: endedAtSecs - startedAtSecs,
  jobsAffected: 0,
});
const ongoing = (startedAtSecs: number): Outage => ({
  startedAtSecs,
  endedAtSecs: null,
  durationSecs: null,
  jobsAffected: 0,
});
/** Over, but nobody knows since when. */
const lost = (startedAtSecs: number, endedAtSecs: number): Outage => ({
  ...over(startedAtSecs, endedAtSecs),
  durationSecs: null,
});
const NOTHING = {
  totalDowntimeSecs: 0,
  mttrSecs: 0,
  mtbfSecs: 0,
  availabilityPercent: 100,
  outageCount: 0,
};

describe('outageMetrics', () => {
  it('has nothing to say without an outage that is over (OH-6)', () => {
    expect(outageMetrics([])).toEqual(NOTHING);
    expect(outageMetrics([ongoing(1000)])).toEqual(NOTHING);
    expect(outageMetrics([lost(1000, 2000)])).toEqual(NOTHING);
  });

  it('knows the time to recovery of a single one, and nothing between outages (OH-6)', () => {
    expect(outageMetrics([over(1000, 1060)])).toEqual({
      totalDowntimeSecs: 60,
      mttrSecs: 60,
      mtbfSecs: 0,
      availabilityPercent: 100,
      outageCount: 1,
    });
  });

  it('averages over two (OH-6)', () => {
    const metrics = outageMetrics([over(1000, 1060), over(2000, 2120)]);
    expect(metrics).toMatchObject({ totalDowntimeSecs: 180, mttrSecs: 90, mtbfSecs: 940, outageCount: 2 });
    expect(metrics.availabilityPercent).toBeCloseTo((100 * 940) / 1030, 10);
  });

  it('averages over three (OH-6)', () => {
    expect(outageMetrics([over(1000, 1030), over(2000, 2050), over(3000, 3040)])).toEqual({
      totalDowntimeSecs: 120,
      mttrSecs: 40,
      mtbfSecs: 960,
      availabilityPercent: 96,
      outageCount: 3,
    });
  });

  it('leaves out one that goes on (OH-6)', () => {
    expect(outageMetrics([over(1000, 1060), ongoing(1500), over(3000, 3120)])).toMatchObject({
      totalDowntimeSecs: 180,
      mttrSecs: 90,
      mtbfSecs: 1940,
      outageCount: 2,
    });
  });

  it('is not distorted by outages whose end is not known (W29)', () => {
    // The second one ends where the third one starts, because nobody knows better.
    const metrics = outageMetrics([over(1000, 1060), lost(2000, 3000), over(3000, 3120)]);
    expect(metrics).toMatchObject({ totalDowntimeSecs: 180, mttrSecs: 90, mtbfSecs: 940, outageCount: 3 });
  });

  it('counts no time between outages that overlap because the clock was set back', () => {
    expect(outageMetrics([over(1000, 2000), over(1500, 1600)])).toMatchObject({
      mtbfSecs: 0,
      availabilityPercent: 100,
    });
  });
});
