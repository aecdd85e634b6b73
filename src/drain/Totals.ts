import { isRecord } from '../config/pluginInput.ts';
import type { StateFormat } from '../storage/StateFile.ts';
import { stored } from '../storage/storedValues.ts';

/** What counting syncs has come to. A job counts once, when it ends; an attempt counts each time (W37). */
export interface Totals {
  /** Jobs that ended, whether well or not. */
  jobsProcessed: number;
  jobsSucceeded: number;
  /** Jobs that ended without success: given up or dropped. */
  jobsFailed: number;
  jobsToDlq: number;
  attempts: number;
  attemptsFailed: number;
  /** Seconds that the last attempts of all ended jobs took. */
  totalProcessingSecs: number;
  /** When counting began, in epoch seconds. */
  sessionStart: number;
  /** Failed attempts by their error type. */
  errorsByType: Readonly<Record<string, number>>;
  /** Successes by quality of the match. */
  highConfidenceMatches: number;
  lowConfidenceMatches: number;
}

/** Nothing counted, from `sessionStart` (epoch seconds) on. */
export function noTotals(sessionStart: number): Totals {
  return {
    jobsProcessed: 0,
    jobsSucceeded: 0,
    jobsFailed: 0,
    jobsToDlq: 0,
    attempts: 0,
    attemptsFailed: 0,
    totalProcessingSecs: 0,
    sessionStart,
    errorsByType: {},
    highConfidenceMatches: 0,
    lowConfidenceMatches: 0,
  };
}

/** `totals` with `more` added; counting began when that of `totals` did. */
export function addTotals(totals: Totals, more: Partial<Totals>): Totals {
  const errors = new Map(Object.entries(totals.errorsByType));
  for (const [type, number] of Object.entries(more.errorsByType ?? {})) {
    errors.set(type, (errors.get(type) ?? 0) + number);
  }
  return {
    jobsProcessed: totals.jobsProcessed + (more.jobsProcessed ?? 0),
    jobsSucceeded: totals.jobsSucceeded + (more.jobsSucceeded ?? 0),
    jobsFailed: totals.jobsFailed + (more.jobsFailed ?? 0),
    jobsToDlq: totals.jobsToDlq + (more.jobsToDlq ?? 0),
    attempts: totals.attempts + (more.attempts ?? 0),
    attemptsFailed: totals.attemptsFailed + (more.attemptsFailed ?? 0),
    totalProcessingSecs: totals.totalProcessingSecs + (more.totalProcessingSecs ?? 0),
    sessionStart: totals.sessionStart,
    errorsByType: Object.fromEntries(errors),
    highConfidenceMatches: totals.highConfidenceMatches + (more.highConfidenceMatches ?? 0),
    lowConfidenceMatches: totals.lowConfidenceMatches + (more.lowConfidenceMatches ?? 0),
  };
}

/** No honest counter gets there; a defect of an earlier version blew them up to 10³². */
const LARGEST_COUNT = 10_000_000;
/** Figures make sense only together, so one that cannot be right spoils the file (ST-6). */
const FIGURES = {
  jobsProcessed: 'jobs_processed',
  jobsSucceeded: 'jobs_succeeded',
  jobsFailed: 'jobs_failed',
  jobsToDlq: 'jobs_to_dlq',
  attempts: 'attempts',
  attemptsFailed: 'attempts_failed',
  totalProcessingSecs: 'total_processing_time',
  highConfidenceMatches: 'high_confidence_matches',
  lowConfidenceMatches: 'low_confidence_matches',
} as const;

type Figure = keyof typeof FIGURES;

function figureIn(value: unknown, figure: Figure): number | undefined {
  if (value === undefined) return 0;
  return figure === 'totalProcessingSecs' ? stored.secs(value) : counterIn(value);
}

function counterIn(value: unknown): number | undefined {
  const count = stored.count(value);
  return count !== undefined && count <= LARGEST_COUNT ? count : undefined;
}

/**
 * `stats.json`. A missing figure is 0, a senseless one makes the file count as damaged, unknown keys stay (W27).
 *
 * @param initial the totals without a file.
 */
export function totalsFormat(initial: Totals): StateFormat<Totals> {
  return {
    initial,
    decode(json) {
      if (!isRecord(json)) return undefined;
      const totals: Totals = {
        ...noTotals(stored.secs(json['session_start']) ?? initial.sessionStart),
        errorsByType: countsIn(json['errors_by_type']),
      };
      for (const [figure, key] of Object.entries(FIGURES) as [Figure, string][]) {
        const number = figureIn(json[key], figure);
        if (number === undefined) return undefined;
        totals[figure] = number;
      }
      return totals;
    },
    encode: (totals, before) => ({
      ...(typeof before === 'object' ? before : {}),
      jobs_processed: totals.jobsProcessed,
      jobs_succeeded: totals.jobsSucceeded,
      jobs_failed: totals.jobsFailed,
      jobs_to_dlq: totals.jobsToDlq,
      attempts: totals.attempts,
      attempts_failed: totals.attemptsFailed,
      total_processing_time: totals.totalProcessingSecs,
      session_start: totals.sessionStart,
      errors_by_type: totals.errorsByType,
      high_confidence_matches: totals.highConfidenceMatches,
      low_confidence_matches: totals.lowConfidenceMatches,
    }),
  };
}

/** The entries that are counts (W27). */
function countsIn(value: unknown): Record<string, number> {
  const entries = Object.entries(isRecord(value) ? value : {}).flatMap(
    ([type, number]): [string, number][] => {
      const count = counterIn(number);
      return count === undefined ? [] : [[type, count]];
    },
  );
  return Object.fromEntries(entries);
}
