import type { DashboardReport } from '../../tasks/pageReports.ts';

type Outage = DashboardReport['outages'][number];

/** An outage on the time line. */
export interface OutageMark {
  outage: Outage;
  x: number;
  width: number;
}

/** The line, and the time at its left end. */
export interface OutageLine {
  fromMs: number;
  marks: OutageMark[];
}

/** A short outage is seen on a line of months. */
const LEAST_WIDTH = 3;
/** The line is a day at least. */
const LEAST_MS = 86_400_000;

/** Outages on a line from a little before the first of them until now, oldest first. */
export function outageMarks(outages: readonly Outage[], nowMs: number, width: number): OutageLine {
  const first = Math.min(nowMs, ...outages.map(({ startedAtMs }) => startedAtMs));
  const lengthMs = Math.max(LEAST_MS, (nowMs - first) * 1.03);
  const fromMs = nowMs - lengthMs;
  const at = (ms: number) => ((Math.min(ms, nowMs) - fromMs) / lengthMs) * width;
  const marks = outages
    .map((outage) => {
      const x = at(outage.startedAtMs);
      const markWidth = Math.max(LEAST_WIDTH, at(outage.endedAtMs ?? nowMs) - x);
      return { outage, x: Math.min(x, width - markWidth), width: markWidth };
    })
    .sort((one, other) => one.x - other.x);
  return { fromMs, marks };
}
