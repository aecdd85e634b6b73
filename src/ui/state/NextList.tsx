import type { DashboardReport } from '../api/reports.ts';
import { due } from '../format/moments.ts';
import { SceneLink } from '../shared/SceneLink.tsx';

/** The scenes that come next. */
export function NextList({ report }: { report: DashboardReport }) {
  const { next } = report.queue;
  if (next.length === 0) return <p className="s2p-quiet">No scene waits.</p>;
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
