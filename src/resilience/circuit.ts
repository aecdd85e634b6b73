import { isRecord } from '../config/pluginInput.ts';
import type { StateFormat } from '../storage/StateFile.ts';

/** `closed`: work goes on. `open`: Plex is left in peace. `half_open`: one trial decides. */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** Everything that is known of the circuit. Times are seconds since the epoch. */
export interface Circuit {
  state: CircuitState;
  /** Failures in a row while closed. */
  failureCount: number;
  /** Successful trials while half-open. */
  successCount: number;
  /** When it opened first in this outage; trials that failed since do not move it (W29). */
  openedAtSecs: number | null;
  /** The first failure of the run of failures, also of the one that opened it: the outage's start (W30). */
  firstFailureAtSecs: number | null;
  /** When it opened last: the recovery time-out counts from here (W29). */
  lastOpenedAtSecs: number | null;
  /** What fails; null: everything, Plex does not answer. Only what failed can show that it works again. */
  operation: string | null;
}

/** When the circuit changes its state. */
export interface CircuitRules {
  /** Failures in a row that open it. */
  failureThreshold: number;
  /** How long it stays open before a trial. */
  recoveryTimeoutSecs: number;
  /** Successful trials that close it. */
  successThreshold: number;
}

/** The rules in force. */
export const DEFAULT_RULES: CircuitRules = {
  failureThreshold: 5,
  recoveryTimeoutSecs: 60,
  successThreshold: 1,
};

/** Nothing is wrong. */
export const CLOSED_CIRCUIT: Circuit = {
  state: 'closed',
  failureCount: 0,
  successCount: 0,
  openedAtSecs: null,
  firstFailureAtSecs: null,
  lastOpenedAtSecs: null,
  operation: null,
};

/** Clocks of two processes may differ by this much before a time counts as one from the future. */
const CLOCK_TOLERANCE_SECS = 1;

/**
 * Plex did not answer, or failed. While open it changes nothing: that belongs to jobs that were already running.
 *
 * @param failed the operation, while Plex answers others; null when it answers nothing.
 */
export function onFailure(
  before: Circuit,
  rules: CircuitRules,
  nowSecs: number,
  failed: string | null = null,
): Circuit {
  // While nothing is answered, nobody knows whether what failed before works again.
  const circuit = { ...before, operation: failed ?? before.operation };
  switch (circuit.state) {
    case 'open':
      return before;
    case 'half_open':
      return opened(circuit, nowSecs);
    case 'closed': {
      const failureCount = circuit.failureCount + 1;
      // A start later than now was noted before the clock was set back.
      const firstFailureAtSecs = Math.min(circuit.firstFailureAtSecs ?? nowSecs, nowSecs);
      const counted = { ...circuit, failureCount, firstFailureAtSecs };
      if (failureCount < rules.failureThreshold) return counted;
      return opened({ ...counted, openedAtSecs: null }, nowSecs);
    }
  }
}

/**
 * Plex answered properly, whatever the answer was (W34). While open it changes nothing, nor where other operations fail than those
 * that worked.
 */
export function onSuccess(
  circuit: Circuit,
  rules: CircuitRules,
  worked: ReadonlySet<string> = NOTHING,
): Circuit {
  if (circuit.operation !== null && !worked.has(circuit.operation)) return circuit;
  switch (circuit.state) {
    case 'open':
      return circuit;
    case 'half_open': {
      const successCount = circuit.successCount + 1;
      return successCount < rules.successThreshold ? { ...circuit, successCount } : CLOSED_CIRCUIT;
    }
    case 'closed':
      // The same value, so that a success costs no write (W46).
      return circuit.failureCount === 0 && circuit.firstFailureAtSecs === null ? circuit : CLOSED_CIRCUIT;
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Time has passed: an open circuit becomes half-open when its recovery time-out is over, and at once when it is not
 * known how long it has been open, because nothing would ever end that (W20, W25).
 */
export function onTime(circuit: Circuit, rules: CircuitRules, nowSecs: number): Circuit {
  if (circuit.state !== 'open') return circuit;
  const sinceSecs = openSinceSecs(circuit, nowSecs);
  if (sinceSecs !== undefined && nowSecs - sinceSecs < rules.recoveryTimeoutSecs) return circuit;
  return { ...circuit, state: 'half_open', successCount: 0 };
}

/** The user closes it by hand. */
export function reset(): Circuit {
  return CLOSED_CIRCUIT;
}

/** Since when an open circuit waits, or undefined without a plausible time: none at all, or one in the future (W20, W25). */
export function openSinceSecs(circuit: Circuit, nowSecs: number): number | undefined {
  // Files of the original know only when it opened.
  const sinceSecs = circuit.lastOpenedAtSecs ?? circuit.openedAtSecs;
  if (sinceSecs === null || !Number.isFinite(sinceSecs)) return undefined;
  return sinceSecs <= nowSecs + CLOCK_TOLERANCE_SECS ? sinceSecs : undefined;
}

function opened(circuit: Circuit, nowSecs: number): Circuit {
  return {
    ...circuit,
    state: 'open',
    failureCount: 0,
    successCount: 0,
    openedAtSecs: Math.min(circuit.openedAtSecs ?? nowSecs, nowSecs),
    lastOpenedAtSecs: nowSecs,
  };
}

const STATES: readonly CircuitState[] = ['closed', 'open', 'half_open'];
/** The keys that every version has written. */
const REQUIRED_KEYS = ['state', 'failure_count', 'success_count', 'opened_at'];

/**
 * `circuit_breaker.json`: `{"state", "failure_count", "success_count", "opened_at", "first_failure_at", "last_opened_at",
 * "failed_operation"}`, the last three unknown to the original. Without one of its four keys, or with another state word, the file is damaged;
 * a single value of the wrong type is replaced by its default (W27).
 */
export const circuitFormat: StateFormat<Circuit> = {
  initial: CLOSED_CIRCUIT,
  decode(json) {
    if (!isRecord(json) || !REQUIRED_KEYS.every((key) => Object.hasOwn(json, key))) return undefined;
    const state = STATES.find((word) => word === json['state']);
    return (
      state && {
        state,
        failureCount: countIn(json['failure_count']),
        successCount: countIn(json['success_count']),
        openedAtSecs: timeIn(json['opened_at']),
        firstFailureAtSecs: timeIn(json['first_failure_at']),
        lastOpenedAtSecs: timeIn(json['last_opened_at']),
        operation: typeof json['failed_operation'] === 'string' ? json['failed_operation'] : null,
      }
    );
  },
  encode: (circuit, stored) => ({
    ...(isRecord(stored) ? stored : {}),
    state: circuit.state,
    failure_count: circuit.failureCount,
    success_count: circuit.successCount,
    opened_at: circuit.openedAtSecs,
    first_failure_at: circuit.firstFailureAtSecs,
    last_opened_at: circuit.lastOpenedAtSecs,
    failed_operation: circuit.operation,
  }),
};

function countIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function timeIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
