import type { DashboardEvent } from '../api/reports.ts';
import { ago } from '../format/moments.ts';
import { Dot, type Tone } from '../shared/Dot.tsx';
import { SceneLink } from '../shared/SceneLink.tsx';

const OUTCOMES: Readonly<Record<DashboardEvent['outcome'], [tone: Tone, words: string]>> = {
  written: ['good', 'written'],
  unchanged: ['idle', 'right already'],
  retry: ['warn', 'tried again later'],
  failed: ['bad', 'given up'],
  shared: ['info', "another scene's item"],
  held_back: ['info', 'held back'],
  skipped: ['idle', 'nothing to sync'],
};

/** What became of the last scenes. */
export function EventList({ events, nowMs }: { events: DashboardEvent[]; nowMs: number }) {
  if (events.length === 0) return <p className="s2p-quiet">Nothing has happened yet.</p>;
  return (
    <ul className="s2p-list">
      {events.map(({ atMs, sceneId, outcome, text }) => {
        const [tone, words] = OUTCOMES[outcome] ?? ['idle', outcome];
        return (
          <li key={`${atMs}-${sceneId}-${outcome}`}>
            <span className="s2p-when">{ago(atMs, nowMs)}</span>
            <span className="s2p-what">
              <Dot tone={tone} />
              <SceneLink id={sceneId} /> {words}
              {text !== '' && <span className="s2p-message">{text}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
