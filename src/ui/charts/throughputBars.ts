import type { DashboardReport } from '../../tasks/pageReports.ts';

type Hours = DashboardReport['throughput'];

/** One hour as a bar: synced below, failed on top of it. Units are those of the chart's width and height. */
export interface ThroughputBar {
  hourAtMs: number;
  x: number;
  width: number;
  synced: { y: number; height: number };
  failed: { y: number; height: number };
}

/** A bar may take this much of its place. */
const FILLED = 0.72;
/** Something that happened is seen, however much else did. */
const LEAST_HEIGHT = 2;

/** Bars of equal width over the whole width; the highest hour, or `top`, takes the whole height. */
export function throughputBars(hours: Hours, width: number, height: number): ThroughputBar[] {
  const top = topOf(hours);
  const place = hours.length === 0 ? 0 : width / hours.length;
  const lengthOf = (count: number) => (count === 0 ? 0 : Math.max(LEAST_HEIGHT, (count / top) * height));
  return hours.map(({ hourAtMs, synced, failed }, index) => {
    const failedHeight = lengthOf(failed);
    const syncedHeight = Math.min(lengthOf(synced), height - failedHeight);
    const syncedY = height - syncedHeight;
    return {
      hourAtMs,
      x: place * index + (place * (1 - FILLED)) / 2,
      width: place * FILLED,
      synced: { y: syncedY, height: syncedHeight },
      failed: { y: syncedY - failedHeight, height: failedHeight },
    };
  });
}

/** The scale's upper end: the next of 1, 2, 5, 10, 20 … */
export function topOf(hours: Hours): number {
  const most = Math.max(1, ...hours.map(({ synced, failed }) => synced + failed));
  const decade = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * decade).find((candidate) => candidate >= most) ?? most;
}
