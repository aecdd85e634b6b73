import type { Outage } from '../resilience/OutageHistory.ts';

/** What there is to tell of the outages. */
export interface OutageNews {
  /** The one that goes on. */
  going?: Outage;
  /** Those that are over. */
  over: Outage[];
}

/** What is over sooner is not worth a word. */
const SHORTEST_SECS = 60;
/** A longer time ago it is no news. */
const NEWS_SECS = 86_400;

/**
 * Which outages may be told of.
 *
 * @param isAway whether the circuit is not closed; an open record says nothing while it is.
 * @param sinceMs when notifications were switched on: what ended before is nobody's concern.
 */
export function outageNews(
  outages: readonly Outage[],
  { isAway, sinceMs, nowMs }: { isAway: boolean; sinceMs: number; nowMs: number },
): OutageNews {
  const nowSecs = nowMs / 1000;
  const going = outages.findLast(({ endedAtSecs }) => endedAtSecs === null);
  const lasts = isAway && going !== undefined && nowSecs - going.startedAtSecs >= SHORTEST_SECS;
  const over = outages.filter(
    ({ startedAtSecs, endedAtSecs, durationSecs }) =>
      endedAtSecs !== null &&
      endedAtSecs >= sinceMs / 1000 &&
      nowSecs - endedAtSecs < NEWS_SECS &&
      (durationSecs ?? endedAtSecs - startedAtSecs) >= SHORTEST_SECS,
  );
  return { ...(lasts ? { going } : {}), over };
}
