import { MINUTE_MS, type ThroughputSpan } from '../queue/activityLog.ts';

/** How fast the queue gets shorter. */
export interface DrainPace {
  /** Scenes a minute over the last minutes in which any was synced; null while nothing was. */
  ratePerMinute: number | null;
  /** How long the open scenes take at this rate; null without one. */
  secsToEmpty: number | null;
  /** A mean of Plex's latest answers to edits; null while there were none. */
  plexLatencyMs: number | null;
}

export interface PaceFigures {
  /** Each the newest first; see `readActivity`. */
  minutes: readonly ThroughputSpan[];
  hours: readonly ThroughputSpan[];
  /** Scenes that are due or in work. */
  open: number;
  nowMs: number;
}

/** What is older says nothing about now. */
const LATEST_MS = 10 * MINUTE_MS;
/** So many minutes with syncs in them make a rate, so many edits a mean. */
const RATE_MINUTES = 5;
const ENOUGH_EDITS = 20;
/** The minute that has just begun. */
const SHORTEST_MS = 1_000;

/** Works the figures out, from what happened lately. Pure. */
export function drainPace({ minutes, hours, open, nowMs }: PaceFigures): DrainPace {
  const rate = rateOf(minutes, nowMs);
  return {
    ratePerMinute: rate === null ? null : Math.round(rate * 10) / 10,
    secsToEmpty: rate === null ? null : Math.ceil((open / rate) * 60),
    plexLatencyMs: meanOf(minutes) ?? meanOf(hours),
  };
}

function rateOf(minutes: readonly ThroughputSpan[], nowMs: number): number | null {
  const busy = minutes
    .filter(({ synced, beginsAtMs }) => synced > 0 && beginsAtMs > nowMs - LATEST_MS && beginsAtMs <= nowMs)
    .slice(0, RATE_MINUTES);
  if (busy.length === 0) return null;
  const synced = busy.reduce((sum, minute) => sum + minute.synced, 0);
  const tookMs = busy.reduce((sum, { beginsAtMs }) => {
    return sum + Math.min(Math.max(nowMs - beginsAtMs, SHORTEST_MS), MINUTE_MS);
  }, 0);
  return (synced / tookMs) * MINUTE_MS;
}

function meanOf(spans: readonly ThroughputSpan[]): number | null {
  let edits = 0;
  let tookMs = 0;
  for (const span of spans) {
    if (edits >= ENOUGH_EDITS) break;
    edits += span.edits;
    tookMs += span.editsTookMs;
  }
  return edits === 0 ? null : Math.round(tookMs / edits);
}
