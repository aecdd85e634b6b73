import type { DashboardReport } from '../api/reports.ts';
import { counted } from '../format/counted.ts';
import { due } from '../format/moments.ts';
import { SceneLink } from '../shared/SceneLink.tsx';

/** The scenes that come next. */
export function NextList({ report }: { report: DashboardReport }) {
  const { next, due: isDue } = report.queue;
  if (next.length === 0) {
    // Changes that were only noted down are counted before they are in the queue.
    const words = isDue > 0 ? `${counted(isDue, 'change')} just recorded.` : 'No scene waits.';
    return <p className="s2p-quiet">{words}</p>;
  }
  return (
    <ul className="s2p-list">
      {next.map(({ sceneId, dueAtMs, attempts, lastError }) => (
        <li key={sceneId}>
          <span className="s2p-when">{due(dueAtMs, report.atMs)}</span>
          <span className="s2p-what">
            <SceneLink id={sceneId} />
            {attempts > 0 && <span className="s2p-note"> attempt {attempts + 1}</span>}
            {lastError !== null && <span className="s2p-message">{lastError}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
