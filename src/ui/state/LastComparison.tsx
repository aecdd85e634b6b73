import type { DashboardReport } from '../api/reports.ts';
import { counted } from '../format/counted.ts';
import { ago, moment } from '../format/moments.ts';
import { Problem } from '../shared/Notice.tsx';

/** What the last reconciliation found. */
export function LastComparison({ report }: { report: DashboardReport }) {
  const { lastRunAtMs, scope, scenesChecked, gapsFound, queued, lastError } = report.reconciliation;
  if (lastRunAtMs === null) {
    return <p className="s2p-quiet">Plex was not compared with Stash as a whole yet.</p>;
  }
  return (
    <>
      <p className="mb-1">
        <span title={moment(lastRunAtMs)}>{ago(lastRunAtMs, report.atMs)}</span>
        {scope !== null && `, scope ${scope}`}
      </p>
      <p className="s2p-note">
        {counted(scenesChecked, 'scene')} compared, {counted(gapsFound, 'gap')} found,{' '}
        {counted(queued, 'scene')} queued.
      </p>
      <Problem text={lastError} />
    </>
  );
}
