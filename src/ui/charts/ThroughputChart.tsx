import type { DashboardReport } from '../api/reports.ts';
import { counted, grouped } from '../format/counted.ts';
import { throughputBars, topOf } from './throughputBars.ts';

const WIDTH = 480;
const HEIGHT = 96;
const AXIS = 18;
/** Above the bars, for what the scale ends at. */
const HEAD = 18;
const LABEL_EVERY = 6;

const hourOf = (ms: number) =>
  new Date(ms).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });

/** Scenes synced and failed in each of the last hours: a chart, and the same as a table. */
export function ThroughputChart({ hours }: { hours: DashboardReport['throughput'] }) {
  const sum = (key: 'synced' | 'failed') => hours.reduce((total, hour) => total + hour[key], 0);
  const words = `${counted(sum('synced'), 'scene')} synced and ${grouped(sum('failed'))} failed in the last ${hours.length} hours.`;
  if (sum('synced') + sum('failed') === 0) {
    return <p className="s2p-quiet">Nothing was synced in the last {hours.length || 24} hours.</p>;
  }
  const bars = throughputBars(hours, WIDTH, HEIGHT);
  return (
    <figure className="s2p-figure">
      <svg viewBox={`0 ${-HEAD} ${WIDTH} ${HEAD + HEIGHT + AXIS}`} role="img" aria-label={words}>
        <line className="s2p-grid" x1="0" x2={WIDTH} y1="0.5" y2="0.5" />
        <line className="s2p-grid" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <line className="s2p-axis" x1="0" x2={WIDTH} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} />
        {bars.map(({ hourAtMs, x, width, synced, failed }, index) => (
          <g key={hourAtMs}>
            <rect className="s2p-bar-good" x={x} width={width} {...synced} rx="1.5" />
            <rect className="s2p-bar-bad" x={x} width={width} {...failed} rx="1.5" />
            {(index % LABEL_EVERY === 0 || index === bars.length - 1) && (
              <text
                x={index === 0 ? 0 : index === bars.length - 1 ? WIDTH : x + width / 2}
                y={HEIGHT + AXIS - 3}
                textAnchor={index === 0 ? 'start' : index === bars.length - 1 ? 'end' : 'middle'}
              >
                {hourOf(hourAtMs)}
              </text>
            )}
          </g>
        ))}
        <text x="0" y="-5">
          {grouped(topOf(hours))} an hour
        </text>
      </svg>
      <figcaption>{words}</figcaption>
      <details>
        <summary>Hours as a table</summary>
        <HourTable hours={hours} />
      </details>
    </figure>
  );
}

function HourTable({ hours }: { hours: DashboardReport['throughput'] }) {
  return (
    <table className="table s2p-table">
      <thead>
        <tr>
          <th scope="col">Hour</th>
          <th scope="col">Synced</th>
          <th scope="col">Failed</th>
        </tr>
      </thead>
      <tbody>
        {hours.map(({ hourAtMs, synced, failed }) => (
          <tr key={hourAtMs}>
            <th scope="row">{hourOf(hourAtMs)}</th>
            <td>{grouped(synced)}</td>
            <td>{grouped(failed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
