import type { DashboardReport } from '../api/reports.ts';
import { counted, grouped } from '../format/counted.ts';
import { formatSpan } from '../format/formatSpan.ts';
import { moment } from '../format/moments.ts';
import { outageMarks } from './outageMarks.ts';

type Outages = DashboardReport['outages'];

const WIDTH = 480;
const HEIGHT = 26;
const AXIS = 18;

/** The last outages on a line of time, and as a table. */
export function OutageChart({ outages, nowMs }: { outages: Outages; nowMs: number }) {
  if (outages.length === 0) return <p className="s2p-quiet">Plex was never away so far.</p>;
  const { fromMs, marks } = outageMarks(outages, nowMs, WIDTH);
  const isOpen = outages.some(({ endedAtMs }) => endedAtMs === null);
  const words = `${counted(outages.length, 'outage')} since ${moment(fromMs)}${isOpen ? (outages.length === 1 ? ', going on' : ', the last one going on') : ''}.`;
  return (
    <figure className="s2p-figure">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + AXIS}`} role="img" aria-label={words}>
        <rect className="s2p-lane" x="0" y="0" width={WIDTH} height={HEIGHT} rx="4" />
        {marks.map(({ outage, x, width }) => (
          <rect
            key={outage.startedAtMs}
            className={outage.endedAtMs === null ? 's2p-mark s2p-mark-open' : 's2p-mark'}
            x={x}
            y="0"
            width={width}
            height={HEIGHT}
            rx="1.5"
          />
        ))}
        <text x="0" y={HEIGHT + AXIS - 3}>
          {moment(fromMs)}
        </text>
        <text x={WIDTH} y={HEIGHT + AXIS - 3} textAnchor="end">
          now
        </text>
      </svg>
      <figcaption>{words}</figcaption>
      <details>
        <summary>Outages as a table</summary>
        <OutageTable outages={outages} nowMs={nowMs} />
      </details>
    </figure>
  );
}

function OutageTable({ outages, nowMs }: { outages: Outages; nowMs: number }) {
  return (
    <table className="table s2p-table">
      <thead>
        <tr>
          <th scope="col">Since</th>
          <th scope="col">Length</th>
          <th scope="col">Scenes that waited</th>
        </tr>
      </thead>
      <tbody>
        {outages.map(({ startedAtMs, endedAtMs, scenesWaited }) => (
          <tr key={startedAtMs}>
            <th scope="row">{moment(startedAtMs)}</th>
            <td>
              {formatSpan((endedAtMs ?? nowMs) - startedAtMs)}
              {endedAtMs === null && ' so far'}
            </td>
            <td>{scenesWaited === null ? '–' : grouped(scenesWaited)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
