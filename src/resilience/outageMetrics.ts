import type { Outage } from './OutageHistory.ts';

/** What the recorded outages say about the Plex server. */
export interface OutageMetrics {
  /** Sum of the known durations. */
  totalDowntimeSecs: number;
  /** Mean time to recovery: mean of the known durations. */
  mttrSecs: number;
  /** Mean time between failures: from the end of one outage to the start of the next; 0 below two outages. */
  mtbfSecs: number;
  /** 0 to 100. */
  availabilityPercent: number;
  /** Outages that are over. */
  outageCount: number;
}

/**
 * The figures of the outage report, over the outages that are over. One whose end is not really known (no duration) counts,
 * and distorts nothing: neither its duration nor the time from its end to the next outage is used.
 *
 * @param outages oldest first.
 */
export function outageMetrics(outages: readonly Outage[]): OutageMetrics {
  const completed = outages.filter(isCompleted);
  const durations = completed.flatMap(({ durationSecs }) => durationSecs ?? []);
  if (durations.length === 0) {
    return { totalDowntimeSecs: 0, mttrSecs: 0, mtbfSecs: 0, availabilityPercent: 100, outageCount: 0 };
  }
  const totalDowntimeSecs = sum(durations);
  const mttrSecs = totalDowntimeSecs / durations.length;
  const gaps = completed.slice(1).flatMap(({ startedAtSecs }, index) => {
    const previous = completed[index];
    if (!previous || previous.durationSecs === null) return [];
    // Below zero only after the clock was set back.
    return Math.max(startedAtSecs - previous.endedAtSecs, 0);
  });
  const mtbfSecs = gaps.length > 0 ? sum(gaps) / gaps.length : 0;
  return {
    totalDowntimeSecs,
    mttrSecs,
    mtbfSecs,
    availabilityPercent: mtbfSecs > 0 ? (100 * mtbfSecs) / (mtbfSecs + mttrSecs) : 100,
    outageCount: completed.length,
  };
}

function isCompleted(outage: Outage): outage is Outage & { endedAtSecs: number } {
  return outage.endedAtSecs !== null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
