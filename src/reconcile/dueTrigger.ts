import type { Settings } from '../config/settings.ts';
import type { ReconciliationState, Trigger } from './ReconciliationState.ts';

/** The setting `reconcile_interval`. */
export type Interval = Settings['reconcile_interval'];

const INTERVAL_SECS: Record<Exclude<Interval, 'never'>, number> = {
  hourly: 3_600,
  daily: 86_400,
  weekly: 604_800,
};
const STARTUP_SECS = 3_600;
/** A claimed run without an end after so long: its process has died. */
const CLAIM_SECS = 3_600;
const RETRY = { baseSecs: 300, capSecs: 3_600 };
/** Clocks of processes on one machine may differ by rounding, not by more. */
const FUTURE_TOLERANCE_SECS = 1;

/** Whether the configured scope is due: as long ago as the interval, on its own clock, or never run (W-52). */
export function isIntervalDue(
  { lastIntervalTime }: ReconciliationState,
  interval: Interval,
  nowSecs: number,
): boolean {
  return interval !== 'never' && elapsedSecs(lastIntervalTime, nowSecs) >= INTERVAL_SECS[interval];
}

/** Whether a look at what is new is due at the start of a process: no run of any kind within the last hour. */
export function isStartupDue(
  { lastRunTime, lastStartupTime }: ReconciliationState,
  nowSecs: number,
): boolean {
  const sinceSecs = Math.min(elapsedSecs(lastRunTime, nowSecs), elapsedSecs(lastStartupTime, nowSecs));
  return sinceSecs >= STARTUP_SECS;
}

/**
 * The run that is due now. The interval's comes first: it may be the larger one, and the other can wait. Nothing while a run is under way
 * (a claim), nor right after a failure: a Plex that fails is asked again after minutes that double up to an hour, sooner than the
 * interval (W-63). A claim of a dead process lapses after an hour.
 */
export function dueTrigger(
  state: ReconciliationState,
  interval: Interval,
  nowSecs: number,
): Trigger | undefined {
  if (interval === 'never') return undefined;
  if (elapsedSecs(state.claimTime, nowSecs) < CLAIM_SECS) return undefined;
  const pauseSecs = retryPauseSecs(state.failuresInRow);
  if (pauseSecs > 0 && elapsedSecs(state.lastFailureTime, nowSecs) < pauseSecs) return undefined;
  if (isIntervalDue(state, interval, nowSecs)) return 'interval';
  return isStartupDue(state, nowSecs) ? 'startup' : undefined;
}

function retryPauseSecs(failuresInRow: number): number {
  if (failuresInRow === 0) return 0;
  return Math.min(RETRY.baseSecs * 2 ** (failuresInRow - 1), RETRY.capSecs);
}

/** A time that is yet to come was written before the clock was set back; waiting for it could take for ever (W25). */
function elapsedSecs(sinceSecs: number, nowSecs: number): number {
  if (sinceSecs === 0 || sinceSecs > nowSecs + FUTURE_TOLERANCE_SECS) return Number.POSITIVE_INFINITY;
  return nowSecs - sinceSecs;
}
