import type { DashboardReport } from '../../src/tasks/pageReports.ts';
import type { StandIn } from '../../tests/support/uiHost/startUi.ts';

const HOUR_MS = 3_600_000;
/** Scenes of each hour, and how many failed: an evening, a night, a morning. */
const SYNCED = [42, 61, 88, 130, 97, 70, 34, 12, 4, 0, 0, 0, 2, 9, 26, 48, 74, 66, 0, 0, 118, 92, 57, 31];
const FAILED = [0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 4, 0, 0, 1];

/** The plugin's own figures, with a day behind them that these doubles have not lived through. */
export const WITH_PAST_DAY: Readonly<Record<string, StandIn>> = {
  dashboard: async (args, world) =>
    aged((await world.host.runOperation(args)).result.output as DashboardReport),
};

function aged(report: DashboardReport): DashboardReport {
  const { atMs } = report;
  const thisHour = Math.floor(atMs / HOUR_MS) * HOUR_MS;
  const outage = (hoursAgo: number, hours: number, scenesWaited: number) => {
    const startedAtMs = atMs - hoursAgo * HOUR_MS;
    return { startedAtMs, endedAtMs: startedAtMs + hours * HOUR_MS, scenesWaited };
  };
  return {
    ...report,
    ratePerMinute: 34,
    secsToEmpty: 7,
    plexLatencyMs: 38,
    outages: [outage(5.6, 1.8, 118), outage(49, 0.4, 9), outage(121, 6, 340), outage(170, 0.2, 2)],
    reconciliation: {
      lastRunAtMs: atMs - 3 * HOUR_MS,
      scope: 'all',
      scenesChecked: 38_412,
      gapsFound: 17,
      queued: 17,
      lastError: null,
    },
    throughput: SYNCED.map((synced, index) => ({
      hourAtMs: thisHour - (SYNCED.length - 1 - index) * HOUR_MS,
      synced,
      failed: FAILED[index] ?? 0,
    })),
  };
}
