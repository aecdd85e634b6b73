import { type Backoff, calculateDelay } from './calculateDelay.ts';

/** Seconds between two probes as long as none has failed. */
const PROBE_INTERVAL_SECS = 5;
const PROBE_BACKOFF: Backoff = { baseSecs: 5, capSecs: 60 };

/**
 * Seconds from the end of one probe to the next, while the circuit is open: 5 s at first and after a success, then growing
 * to at most 60 s. Never less than half of its upper bound, so that a dead server is not asked again at once (W42).
 *
 * @param failures probes that failed in a row.
 * @param random 0 (inclusive) to 1 (exclusive).
 */
export function probeDelaySecs(failures: number, random: () => number): number {
  return failures === 0 ? PROBE_INTERVAL_SECS : calculateDelay(failures, PROBE_BACKOFF, random);
}
