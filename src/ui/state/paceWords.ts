import type { DashboardReport } from '../api/reports.ts';
import { formatSpan } from '../format/formatSpan.ts';

/** What the measured rate means for the queue; while something is in the way a time to its end would be a promise nobody keeps. */
export function paceWords(report: DashboardReport): string {
  const { queue, circuit, obstacle, ratePerMinute, secsToEmpty } = report;
  const open = queue.due + queue.running;
  if (open > 0 && (obstacle !== null || circuit.state === 'open')) return 'at a stand';
  if (ratePerMinute === null) return 'nothing to measure';
  if (open > 0 && secsToEmpty !== null) return `empty in ${formatSpan(secsToEmpty * 1000)}`;
  return queue.waiting > 0 ? 'the rest comes later' : 'nothing waits';
}
