import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../log/logger.ts';
import {
  openMemoryState,
  openStateFile,
  type StateChange,
  type StateFileCondition,
  type StateStore,
} from '../storage/StateFile.ts';
import type { Clock } from '../time/clock.ts';
import {
  type Circuit,
  type CircuitRules,
  type CircuitState,
  CLOSED_CIRCUIT,
  circuitFormat,
  DEFAULT_RULES,
  onFailure,
  onSuccess,
  onTime,
  openSinceSecs,
  reset,
} from './circuit.ts';
import type { OutageHistory } from './OutageHistory.ts';

export type { CircuitState } from './circuit.ts';

/** Keeps everybody from asking Plex while it fails; shared by all processes through its state file. Nothing here throws. */
export interface CircuitBreaker {
  /** The state as it is stored; looking changes nothing (W55). */
  state(): Promise<CircuitState>;
  /** All that is stored of the circuit; looking changes nothing (W55). */
  snapshot(): Promise<Circuit>;
  /** Seconds until an open circuit may be tried again; 0 when it is not open. */
  secsUntilTrial(): Promise<number>;
  /** Moves an open circuit whose recovery time-out is over to half-open. The one step that time causes. */
  refresh(): Promise<CircuitState>;
  /**
   * Whether the next job may ask Plex, after {@link refresh}. In half-open it grants one trial at a time: the next one
   * after {@link recordSuccess}, {@link recordFailure} or {@link releaseTrial} (W35). That is per object; across processes
   * only the holder of the drain lock works on jobs.
   */
  canExecute(): Promise<boolean>;
  /** Whether nothing has failed lately: closed, and no run of failures. Changes nothing. */
  isFlowing(): Promise<boolean>;
  /**
   * Plex answered properly. A circuit that opened because of one operation is closed by that operation only.
   *
   * @param worked the operations that worked; none: Plex answers at all.
   * @returns true when this closed the circuit: Plex has recovered.
   */
  recordSuccess(worked?: ReadonlySet<string>): Promise<boolean>;
  /**
   * Plex did not answer, or failed.
   *
   * @param operation what failed while Plex answers otherwise.
   * @returns true when the circuit is open now.
   */
  recordFailure(operation?: string): Promise<boolean>;
  /** The trial ended without telling anything about Plex. */
  releaseTrial(): void;
  /** Closes the circuit by hand. */
  reset(): Promise<void>;
  /** What the state file was like when it was first looked at. */
  condition(): Promise<StateFileCondition>;
}

export interface CircuitBreakerOptions {
  clock: Clock;
  log: Logger;
  /** `circuit_breaker.json`; without it the state is this object's own. */
  path?: string;
  rules?: Partial<CircuitRules>;
  /** Told when an outage starts and ends. */
  outageHistory?: OutageHistory;
  /** How many jobs the outage that ends now has kept waiting. */
  affectedJobs?: () => number;
}

/** The circuit breaker on its state file. Every change starts from what is stored at that moment (W28). */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock, log, outageHistory } = options;
  const rules: CircuitRules = { ...DEFAULT_RULES, ...options.rules };
  const store = openStore(options);
  const nowSecs = () => clock.now() / 1000;
  let isTrialOut = false;

  const affectedJobs = (): number => {
    try {
      return options.affectedJobs?.() ?? 0;
    } catch (error) {
      log.debug(`The jobs of this outage could not be counted: ${String(error)}`);
      return 0;
    }
  };
  const outageEnded = async (atSecs: number): Promise<void> => outageHistory?.ended(atSecs, affectedJobs());

  const afterFailure = async ({ before, after }: StateChange<Circuit>): Promise<void> => {
    if (before.state === 'open' || after.state !== 'open') return;
    if (before.state === 'half_open') {
      // Still the same outage (W29).
      log.info('Circuit breaker OPENED again: the trial failed');
      return;
    }
    log.info(`Circuit breaker OPENED after ${rules.failureThreshold} consecutive failures`);
    await outageHistory?.started(after.firstFailureAtSecs ?? after.openedAtSecs ?? nowSecs());
  };

  const refresh = async (): Promise<CircuitState> => {
    const seen = await store.read();
    const atSecs = nowSecs();
    const due = onTime(seen, rules, atSecs);
    if (due === seen) return seen.state;
    // Decided for what was seen: a circuit that another process opened anew meanwhile has its own time to wait.
    const { before, after } = await store.update((circuit) =>
      isDeepStrictEqual(circuit, seen) ? due : circuit,
    );
    if (before.state !== 'open' || after.state !== 'half_open') return after.state;
    if (openSinceSecs(before, atSecs) === undefined) {
      log.warn('Circuit breaker was OPEN without a plausible time of opening; it is HALF_OPEN now');
    } else {
      log.info(
        `Circuit breaker entering HALF_OPEN state after ${asFloat(rules.recoveryTimeoutSecs)}s timeout`,
      );
    }
    return after.state;
  };

  return {
    state: async () => (await store.read()).state,
    snapshot: () => store.read(),
    async secsUntilTrial() {
      const circuit = await store.read();
      const sinceSecs = openSinceSecs(circuit, nowSecs());
      if (circuit.state !== 'open' || sinceSecs === undefined) return 0;
      return Math.max(sinceSecs + rules.recoveryTimeoutSecs - nowSecs(), 0);
    },
    refresh,
    async canExecute() {
      const state = await refresh();
      if (state !== 'half_open') return state === 'closed';
      if (isTrialOut) return false;
      isTrialOut = true;
      return true;
    },
    async isFlowing() {
      const { state, failureCount } = await store.read();
      return state === 'closed' && failureCount === 0;
    },
    async recordSuccess(worked) {
      const atSecs = nowSecs();
      const { before, after } = await store.update((circuit) => onSuccess(circuit, rules, worked));
      isTrialOut = false;
      if (before.state === 'closed' || after.state !== 'closed') return false;
      log.info('Circuit breaker CLOSED after successful recovery');
      await outageEnded(atSecs);
      return true;
    },
    async recordFailure(operation) {
      const atSecs = nowSecs();
      const change = await store.update((circuit) => onFailure(circuit, rules, atSecs, operation));
      isTrialOut = false;
      await afterFailure(change);
      return change.after.state === 'open';
    },
    releaseTrial() {
      isTrialOut = false;
    },
    async reset() {
      const atSecs = nowSecs();
      const { before, after } = await store.update(reset);
      isTrialOut = false;
      if (isDeepStrictEqual(before, after)) return;
      log.info('Circuit breaker manually reset to CLOSED');
      if (before.state !== 'closed') await outageEnded(atSecs);
    },
    condition: () => store.condition(),
  };
}

function openStore({ path, log }: CircuitBreakerOptions): StateStore<Circuit> {
  if (path === undefined) return openMemoryState(CLOSED_CIRCUIT);
  return openStateFile({
    path,
    format: circuitFormat,
    log,
    onLoaded: ({ state }) => log.debug(`Circuit breaker state loaded: ${state.toUpperCase()}`),
    onDamage: (reason) => log.warn(`Circuit breaker state corrupted, using defaults: ${reason}`),
    onUnsaved: ({ kind, message }) => {
      // Nothing is lost by it: the change counts here, and is stored with the next one (W28).
      if (kind === 'busy') log.trace(`Circuit breaker state save skipped (locked): ${message}`);
      else log.debug(`Failed to save circuit breaker state: ${message}`);
    },
  });
}

/** Whole seconds with one decimal, as the log line has always had them. */
function asFloat(secs: number): string {
  return Number.isInteger(secs) ? secs.toFixed(1) : String(secs);
}
