import { isRecord } from '../config/pluginInput.ts';
import type { Logger } from '../log/logger.ts';
import { openMemoryState, openStateFile, type StateFormat } from '../storage/StateFile.ts';
import { stored } from '../storage/storedValues.ts';
import type { Clock } from '../time/clock.ts';
import type { CircuitBreaker, CircuitState } from './CircuitBreaker.ts';

/** What is known about probes and recoveries. Times are epoch seconds, 0 for never. */
export interface RecoveryState {
  /** Last probe, by any process. */
  lastCheckTime: number;
  consecutiveSuccesses: number;
  consecutiveFailures: number;
  /** When the circuit last closed. */
  lastRecoveryTime: number;
  /** How often it closed. */
  recoveryCount: number;
  /** Start of the running recovery period, see `RecoveryRateLimiter`. */
  recoveryStartedAt: number;
}

/** Decides when to probe, hands probe results to the circuit breaker, and remembers recoveries. Nothing here throws. */
export interface RecoveryScheduler {
  /** What is stored; a probe or a start of the period that lies in the future never was (W25). */
  loadState(): Promise<RecoveryState>;
  saveState(state: RecoveryState): Promise<void>;
  /**
   * Whether a probe is due: 5 s after the last one, of any process. A closed circuit needs none, and no look at the file.
   *
   * @param nowSecs epoch seconds; the clock's when left out.
   */
  shouldCheckRecovery(circuitState: CircuitState, nowSecs?: number): Promise<boolean>;
  /**
   * Records a probe. Probes count for the circuit only while it is half-open, where they are its trial; an open circuit whose
   * time-out is over becomes half-open here.
   */
  recordHealthCheck(success: boolean, latencyMs: number, breaker: CircuitBreaker): Promise<void>;
  /** The circuit has closed: for whoever closed it, a job's trial or a probe, and the one place that counts it (W36). */
  recordRecovery(): Promise<void>;
  /** The recovery period is over. */
  clearRecoveryPeriod(): Promise<void>;
}

export interface RecoverySchedulerOptions {
  /** `recovery_state.json`; without it the state is this process's own. */
  path?: string;
  clock: Clock;
  log: Logger;
}

const CHECK_INTERVAL_SECS = 5;
/** Clocks of processes on one machine may differ by rounding, not by more. */
const FUTURE_TOLERANCE_SECS = 1;

/** Opens the recovery state that all processes share; no file is touched before it is needed. */
export function createRecoveryScheduler({ path, clock, log }: RecoverySchedulerOptions): RecoveryScheduler {
  const store =
    path === undefined
      ? openMemoryState(NEVER)
      : openStateFile<RecoveryState>({ path, format: recoveryFormat, log });
  const clockSecs = () => clock.now() / 1000;

  const recordRecovery = async () => {
    const now = clockSecs();
    const { after } = await store.update((state) => ({
      ...state,
      recoveryCount: state.recoveryCount + 1,
      lastRecoveryTime: now,
      recoveryStartedAt: now,
      consecutiveSuccesses: 0,
    }));
    log.info(`Recovery detected: Plex is back online (recovery #${after.recoveryCount})`);
  };
  const onPassed = async (circuit: CircuitState, latencyMs: number, breaker: CircuitBreaker) => {
    if (circuit === 'open') {
      log.debug('Health check passed but circuit still OPEN (awaiting recovery_timeout)');
      return;
    }
    log.debug(`Health check passed in ${latencyMs.toFixed(0)} ms`);
    if (circuit === 'half_open' && (await breaker.recordSuccess())) await recordRecovery();
  };
  const onFailed = async (circuit: CircuitState, failures: number, breaker: CircuitBreaker) => {
    if (circuit === 'half_open') await breaker.recordFailure();
    const now = await breaker.state();
    log.debug(`Health check failed (${failures} in a row), circuit ${now.toUpperCase()}`);
  };

  return {
    async loadState() {
      const state = await store.read();
      const now = clockSecs();
      return {
        ...state,
        lastCheckTime: plausible(state.lastCheckTime, now),
        recoveryStartedAt: plausible(state.recoveryStartedAt, now),
      };
    },
    async saveState(state) {
      await store.update(() => state);
    },
    async shouldCheckRecovery(circuitState, nowSecs = clockSecs()) {
      if (circuitState === 'closed') return false;
      const last = plausible((await store.read()).lastCheckTime, nowSecs);
      return nowSecs - last >= CHECK_INTERVAL_SECS;
    },
    async recordHealthCheck(success, latencyMs, breaker) {
      const circuit = await breaker.refresh();
      const now = clockSecs();
      const { after } = await store.update((state) => ({
        ...state,
        lastCheckTime: now,
        consecutiveSuccesses: success ? state.consecutiveSuccesses + 1 : 0,
        consecutiveFailures: success ? 0 : state.consecutiveFailures + 1,
      }));
      if (success) await onPassed(circuit, latencyMs, breaker);
      else await onFailed(circuit, after.consecutiveFailures, breaker);
    },
    recordRecovery,
    async clearRecoveryPeriod() {
      await store.update((state) => ({ ...state, recoveryStartedAt: 0 }));
    },
  };
}

/** A time that is yet to come was written before the clock was set back; waiting for it could take for ever (W25). */
function plausible(timeSecs: number, nowSecs: number): number {
  return timeSecs > nowSecs + FUTURE_TOLERANCE_SECS ? 0 : timeSecs;
}

const NEVER: RecoveryState = {
  lastCheckTime: 0,
  consecutiveSuccesses: 0,
  consecutiveFailures: 0,
  lastRecoveryTime: 0,
  recoveryCount: 0,
  recoveryStartedAt: 0,
};

/** Whatever is no such number counts as 0, one by one (W27). */
const recoveryFormat: StateFormat<RecoveryState> = {
  initial: NEVER,
  decode(json) {
    if (!isRecord(json)) return undefined;
    return {
      lastCheckTime: stored.secs(json['last_check_time']) ?? 0,
      consecutiveSuccesses: stored.count(json['consecutive_successes']) ?? 0,
      consecutiveFailures: stored.count(json['consecutive_failures']) ?? 0,
      lastRecoveryTime: stored.secs(json['last_recovery_time']) ?? 0,
      recoveryCount: stored.count(json['recovery_count']) ?? 0,
      recoveryStartedAt: stored.secs(json['recovery_started_at']) ?? 0,
    };
  },
  encode: (state, before) => ({
    ...(typeof before === 'object' ? before : {}),
    last_check_time: state.lastCheckTime,
    consecutive_successes: state.consecutiveSuccesses,
    consecutive_failures: state.consecutiveFailures,
    last_recovery_time: state.lastRecoveryTime,
    recovery_count: state.recoveryCount,
    recovery_started_at: state.recoveryStartedAt,
  }),
};
