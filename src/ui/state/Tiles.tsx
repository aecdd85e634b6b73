import type { ReactNode } from 'react';
import { Link } from '../api/react.ts';
import type { DashboardReport } from '../api/reports.ts';
import { counted, grouped } from '../format/counted.ts';
import { formatSpan } from '../format/formatSpan.ts';
import { viewPath } from '../views.ts';
import { paceWords } from './paceWords.ts';

/** The figures that are looked at first. */
export function Tiles({ report }: { report: DashboardReport }) {
  const { queue, circuit, plexLatencyMs, ratePerMinute } = report;
  const words = { closed: 'answers', open: 'away', half_open: 'on trial' } as const;
  const rest = [
    queue.running > 0 && `${grouped(queue.running)} in hand`,
    queue.due > 0 && `${grouped(queue.due)} due`,
    queue.waiting > 0 && `${grouped(queue.waiting)} later`,
  ].filter(Boolean);
  return (
    <dl className="s2p-tiles">
      <Tile
        name="Plex"
        // Nobody has asked it since the plugin's database is there.
        figure={circuit.state === 'closed' && plexLatencyMs === null ? '–' : words[circuit.state]}
      >
        {circuit.openedAtMs !== null && circuit.state !== 'closed'
          ? `for ${formatSpan(report.atMs - circuit.openedAtMs)}`
          : plexLatencyMs === null
            ? 'not written to yet'
            : `${grouped(Math.round(plexLatencyMs))} ms an answer`}
      </Tile>
      <Tile name="Waiting" figure={grouped(queue.due + queue.waiting + queue.running)}>
        {rest.length > 0 ? rest.join(', ') : 'nothing to do'}
      </Tile>
      <Tile name="Pace" figure={ratePerMinute === null ? '–' : `${grouped(Math.round(ratePerMinute))}/min`}>
        {paceWords(report)}
      </Tile>
      <Tile name="Given up" figure={grouped(queue.deadLetters)}>
        {queue.deadLetters > 0 ? <Link to={viewPath('failures')}>see why</Link> : 'none'}
      </Tile>
      <Tile name="Left alone" figure={grouped(queue.shared + queue.heldBack)}>
        {`${counted(queue.shared, 'shared', 'shared')}, ${counted(queue.heldBack, 'held back', 'held back')}`}
      </Tile>
    </dl>
  );
}

function Tile({ name, figure, children }: { name: string; figure: string; children: ReactNode }) {
  return (
    <div className="card s2p-tile">
      <dt>{name}</dt>
      <dd className="s2p-figure-text">{figure}</dd>
      <dd className="s2p-note">{children}</dd>
    </div>
  );
}
