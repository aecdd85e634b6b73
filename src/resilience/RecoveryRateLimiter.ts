import type { Logger } from '../log/logger.ts';

/**
 * Drains gently after an outage: a token bucket whose rate climbs from the initial to the target rate, and is halved while many
 * jobs fail. Every time is given in seconds of a monotonic clock (W25), so nothing here ever jumps.
 */
export interface RecoveryRateLimiter {
  /** A recovery period begins now; one that was running, and all results, are forgotten. */
  start(now: number): void;
  /** Takes part in a period that began `elapsedSecs` ago, perhaps in another process. */
  resume(elapsedSecs: number, now: number): void;
  /** The period is over; does nothing without one. */
  end(): void;
  isInPeriod(now: number): boolean;
  /** Jobs per second; the target rate outside of a period. */
  rate(now: number): number;
  /**
   * Seconds until the next job may run; 0 takes the token, so ask only for a job that is really due (W36). Always 0 outside of a
   * period.
   */
  wait(now: number): number;
  recordResult(success: boolean, now: number): void;
  /** Share of failures among the results in the window, 0 to 1; 0 without results. */
  errorShare(now: number): number;
}

/** Deviations from the usual numbers. */
export interface RecoveryRateLimiterOptions {
  /** Jobs per second at the start of the period. */
  initialRate?: number;
  /** Jobs per second at its end. */
  targetRate?: number;
  /** Length of the period. */
  rampSecs?: number;
  /** Share of failures above which the rate is halved. */
  errorThreshold?: number;
  /** How long a result counts. */
  errorWindowSecs?: number;
  /** Most tokens saved up: jobs that may follow each other at once. */
  capacity?: number;
  log?: Logger;
}

/** A lower share of failures than this ends the back-off. */
const CALM_SHARE = 0.1;
/** The rate stays halved for at least this long. */
const BACKOFF_SECS = 60;
/** Fewer results are chance, not a share (W36). */
const MIN_SAMPLES = 5;
/** Bounds the memory; far more than a share needs. */
const MAX_SAMPLES = 1_000;
/** What rounding may take from a token that was waited for. */
const TOKEN_ROUNDING = 1e-9;

/** @throws RangeError for a number that no limiter can work with. */
export function createRecoveryRateLimiter(options: RecoveryRateLimiterOptions = {}): RecoveryRateLimiter {
  const { initialRate = 5, targetRate = 20, rampSecs = 300, errorThreshold = 0.3, log } = options;
  const { errorWindowSecs = 60, capacity = 1 } = options;
  for (const [name, value] of Object.entries({ initialRate, targetRate, rampSecs, errorWindowSecs })) {
    if (!(value > 0)) throw new RangeError(`${name} must be above 0, not ${value}.`);
  }
  // With less there would never be a whole token.
  if (!(capacity >= 1)) throw new RangeError(`capacity must be at least 1, not ${capacity}.`);

  let startedAt: number | undefined;
  let tokens = capacity;
  let refilledAt = 0;
  let multiplier = 1;
  let halvedUntil = 0;
  /** In the order of time. */
  let results: Result[] = [];

  const reset = () => {
    startedAt = undefined;
    tokens = capacity;
    multiplier = 1;
    results = [];
  };
  const begin = (at: number, now: number) => {
    reset();
    startedAt = at;
    refilledAt = now;
  };
  /** Share of the period that is over, 0 to 1; undefined without a period. */
  const progress = (now: number): number | undefined => {
    if (startedAt === undefined || now - startedAt >= rampSecs) return undefined;
    return Math.max((now - startedAt) / rampSecs, 0);
  };
  const isInPeriod = (now: number) => progress(now) !== undefined;
  const rate = (now: number): number => {
    const share = progress(now);
    if (share === undefined) return targetRate;
    return (initialRate + (targetRate - initialRate) * share) * multiplier;
  };
  const recent = (now: number) => results.filter(({ at }) => now - at <= errorWindowSecs);
  const errorShare = (now: number): number => {
    const counted = recent(now);
    if (counted.length === 0) return 0;
    return counted.filter(({ success }) => !success).length / counted.length;
  };
  const adjust = (now: number) => {
    const share = errorShare(now);
    if (multiplier === 1 && share > errorThreshold && results.length >= MIN_SAMPLES) {
      multiplier = 0.5;
      halvedUntil = now + BACKOFF_SECS;
      log?.warn(
        `${(share * 100).toFixed(0)}% of the recent jobs failed: slowing down to ${perSecond(rate(now))}`,
      );
    } else if (multiplier < 1 && share < CALM_SHARE && now >= halvedUntil) {
      multiplier = 1;
      log?.info(`Jobs succeed again: back to ${perSecond(rate(now))}`);
    }
  };
  const announce = (text: string, now: number) =>
    log?.info(`${text}: ${perSecond(rate(now))}, rising to ${perSecond(targetRate)}`);

  return {
    start(now) {
      begin(now, now);
      announce(`Recovery period of ${rampSecs} s started`, now);
    },
    resume(elapsedSecs, now) {
      begin(now - elapsedSecs, now);
      if (isInPeriod(now)) announce(`Recovery period resumed after ${elapsedSecs.toFixed(0)} s`, now);
    },
    end() {
      if (startedAt === undefined) return;
      reset();
      log?.info('Recovery period is over: back to normal speed');
    },
    isInPeriod,
    rate,
    wait(now) {
      if (!isInPeriod(now)) return 0;
      const current = rate(now);
      tokens = Math.min(capacity, tokens + Math.max(now - refilledAt, 0) * current);
      refilledAt = now;
      if (tokens < 1 - TOKEN_ROUNDING) return (1 - tokens) / current;
      tokens = Math.max(tokens - 1, 0);
      return 0;
    },
    recordResult(success, now) {
      results.push({ success, at: now });
      const oldest = results.findIndex(({ at }) => now - at <= errorWindowSecs);
      results.splice(0, Math.max(oldest, results.length - MAX_SAMPLES));
      if (isInPeriod(now)) adjust(now);
    },
    errorShare,
  };
}

interface Result {
  success: boolean;
  /** Seconds. */
  at: number;
}

function perSecond(rate: number): string {
  return `${rate.toFixed(1)} jobs/s`;
}
