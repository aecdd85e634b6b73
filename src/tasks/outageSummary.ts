import { counted } from '../log/counted.ts';
import { formatDuration } from '../resilience/formatDuration.ts';
import type { Outage } from '../resilience/OutageHistory.ts';
import { outageMetrics } from '../resilience/outageMetrics.ts';
import { alignedLines, type ReportRow } from './alignedLines.ts';
import type { Task } from './Task.ts';

const LISTED = 10;

/** Task "Outage Summary Report": what is known of the last outages of Plex. Only looks. */
export const outageSummary: Task = async ({ log, clock, reliability }) => {
  const outages = await reliability.outages.history();
  if (outages.length === 0) {
    const summary = 'No outages of Plex have been recorded.';
    log.info(summary);
    return { summary, outages: [] };
  }
  const isClosed = (await reliability.breaker.state()) === 'closed';
  const metrics = outageMetrics(outages);
  const nowSecs = clock.now() / 1000;
  log.info('=== Outage Summary Report ===');
  const { outageCount, totalDowntimeSecs, mttrSecs, mtbfSecs, availabilityPercent } = metrics;
  const rows: ReportRow[] = [
    ['Outages tracked', `${outages.length} (${outageCount} completed)`],
    ['Total downtime', formatDuration(totalDowntimeSecs)],
  ];
  if (outageCount > 0) rows.push(['MTTR', formatDuration(mttrSecs)]);
  if (mtbfSecs > 0) {
    rows.push(['MTBF', formatDuration(mtbfSecs)], ['Availability', `${availabilityPercent.toFixed(2)}%`]);
  }
  for (const line of alignedLines(rows)) log.info(line);
  log.info('Recent outages:');
  for (const [index, outage] of outages.slice(-LISTED).reverse().entries()) {
    log.info(`  ${index + 1}. ${outageLine(outage, isClosed, nowSecs)}`);
  }
  log.info('=== End of Report ===');
  log.progress(1);
  const onRecord = counted(outages.length, 'outage', ['of Plex is', 'of Plex are']);
  const summary = `${onRecord} on record, ${formatDuration(totalDowntimeSecs)} in all.`;
  return { summary, ...metrics, outages };
};

/**
 * One outage as a line. An open record while the circuit is closed is not going on any more: its end was not recorded.
 *
 * @param isClosed whether the circuit is closed now.
 */
export function outageLine(outage: Outage, isClosed: boolean, nowSecs: number): string {
  const { startedAtSecs, endedAtSecs, durationSecs, jobsAffected } = outage;
  const start = new Date(startedAtSecs * 1000).toLocaleString('sv-SE');
  const ongoing = isClosed ? 'resolved' : `ongoing for ${formatDuration(nowSecs - startedAtSecs)}`;
  const length =
    endedAtSecs === null
      ? ongoing
      : durationSecs === null
        ? 'of unknown length'
        : formatDuration(durationSecs);
  return `${start}, ${length}${jobsAffected > 0 ? `, ${jobsAffected} jobs affected` : ''}`;
}
