import type { Logger } from '../log/logger.ts';
import { openMemoryState, openStateFile } from '../storage/StateFile.ts';
import type { Clock } from '../time/clock.ts';
import { addTotals, noTotals, type Totals, totalsFormat } from './Totals.ts';

/** Counts syncs. Call exactly one `record…` per attempt. */
export interface SyncStats {
  /** An attempt succeeded, which ends its job. */
  recordSuccess(elapsedSecs: number, confidence?: 'high' | 'low'): void;
  /** An attempt failed, and its job will be tried again. */
  recordFailedAttempt(errorType: string): void;
  /** An attempt failed, and with it its job. @param options.toDlq whether it went to the dead letters. */
  recordFailure(errorType: string, elapsedSecs: number, options?: { toDlq: boolean }): void;
  /** What this object has counted, saved or not. */
  summary(): Totals;
  /**
   * Adds what was counted since the last time to what is stored (W37), so that processes do not overwrite each other. What cannot
   * be stored now is added the next time. Never throws.
   */
  save(): Promise<void>;
  /** All that was ever counted, what is not saved yet included. Never throws. */
  load(): Promise<Totals>;
}

export interface SyncStatsOptions {
  /** `stats.json`; without it the counts are this process's own. */
  path?: string;
  clock: Clock;
  log: Logger;
}

/** Starts counting at zero; no file is touched before it is needed. */
export function createSyncStats({ path, clock, log }: SyncStatsOptions): SyncStats {
  const nothing = noTotals(clock.now() / 1000);
  const store =
    path === undefined
      ? openMemoryState(nothing)
      : openStateFile<Totals>({ path, format: totalsFormat(nothing), log });
  let counted = nothing;
  let unsaved = nothing;

  const count = (increments: Partial<Totals>) => {
    counted = addTotals(counted, increments);
    unsaved = addTotals(unsaved, increments);
  };
  return {
    recordSuccess(elapsedSecs, confidence = 'high') {
      count({
        jobsProcessed: 1,
        jobsSucceeded: 1,
        attempts: 1,
        totalProcessingSecs: elapsedSecs,
        ...(confidence === 'high' ? { highConfidenceMatches: 1 } : { lowConfidenceMatches: 1 }),
      });
    },
    recordFailedAttempt(errorType) {
      count({ attempts: 1, attemptsFailed: 1, errorsByType: { [errorType]: 1 } });
    },
    recordFailure(errorType, elapsedSecs, { toDlq } = { toDlq: false }) {
      count({
        jobsProcessed: 1,
        jobsFailed: 1,
        jobsToDlq: toDlq ? 1 : 0,
        attempts: 1,
        attemptsFailed: 1,
        totalProcessingSecs: elapsedSecs,
        errorsByType: { [errorType]: 1 },
      });
    },
    summary: () => counted,
    async save() {
      const increments = unsaved;
      unsaved = nothing;
      // Also without increments: the store may hold some that it could not write before.
      await store.update((stored) => addTotals(stored, increments));
    },
    load: async () => addTotals(await store.read(), unsaved),
  };
}

/** Share of ended jobs that succeeded, in per cent; 0 without any (ST-3). */
export function successRate({ jobsSucceeded, jobsProcessed }: Totals): number {
  return jobsProcessed === 0 ? 0 : (jobsSucceeded / jobsProcessed) * 100;
}

/** Mean time of an ended job in seconds; 0 without any (ST-3). */
export function averageSecs({ totalProcessingSecs, jobsProcessed }: Totals): number {
  return jobsProcessed === 0 ? 0 : totalProcessingSecs / jobsProcessed;
}

const ASSUMED_SECS = 2;
/** From so many jobs on, the measured average counts alone. */
const TRUSTED_JOBS = 5;
const TIMEOUT_MARGIN = 1.5;
const SHORTEST_TIMEOUT_SECS = 30;
const LONGEST_TIMEOUT_SECS = 600;

/** How long `items` jobs may take, in seconds: by the measured average, by a guess as far as too few were measured. */
export function estimatedTimeoutSecs(items: number, totals: Totals): number {
  const trust = Math.min(totals.jobsProcessed / TRUSTED_JOBS, 1);
  const perItemSecs = trust * averageSecs(totals) + (1 - trust) * ASSUMED_SECS;
  const secs = items * perItemSecs * TIMEOUT_MARGIN;
  return Math.min(Math.max(secs, SHORTEST_TIMEOUT_SECS), LONGEST_TIMEOUT_SECS);
}

/** Lines for the log that sum up a run. */
export interface SummaryLines {
  info: string;
  /** The same as one JSON object. */
  json: string;
  /** What is given up, by error type; undefined when nothing is. */
  deadLetters: string | undefined;
}

/** @param deadLettersByType how many dead letters there are of each error type. */
export function summaryLines(
  totals: Totals,
  deadLettersByType: Readonly<Record<string, number>>,
): SummaryLines {
  const { jobsProcessed, jobsSucceeded, highConfidenceMatches, lowConfidenceMatches } = totals;
  const rate = `${successRate(totals).toFixed(1)}%`;
  const averageMs = Math.round(averageSecs(totals) * 1000);
  const json = {
    processed: jobsProcessed,
    succeeded: jobsSucceeded,
    failed: totals.jobsFailed,
    to_dlq: totals.jobsToDlq,
    success_rate: rate,
    avg_time_ms: averageMs,
    high_confidence: highConfidenceMatches,
    low_confidence: lowConfidenceMatches,
    errors_by_type: totals.errorsByType,
  };
  const dead = Object.entries(deadLettersByType).filter(([, number]) => number > 0);
  const deadTotal = dead.reduce((total, [, number]) => total + number, 0);
  return {
    info:
      `Sync summary: ${jobsSucceeded}/${jobsProcessed} succeeded (${rate}), average ${averageMs} ms, ` +
      `matches: ${highConfidenceMatches} of high and ${lowConfidenceMatches} of low confidence`,
    json: JSON.stringify(json),
    deadLetters:
      deadTotal === 0
        ? undefined
        : `Dead letters: ${deadTotal} (${dead.map(([type, number]) => `${number} ${type}`).join(', ')})`,
  };
}
