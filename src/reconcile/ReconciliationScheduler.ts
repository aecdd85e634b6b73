import type { Logger } from '../log/logger.ts';
import { openMemoryState, openStateFile, type StateStore } from '../storage/StateFile.ts';
import type { Clock } from '../time/clock.ts';
import { dueTrigger, type Interval } from './dueTrigger.ts';
import type { GapCounts } from './Gap.ts';
import { totalOf } from './Gap.ts';
import {
  NEVER_RUN,
  type ReconciliationState,
  reconciliationFormat,
  type Trigger,
} from './ReconciliationState.ts';

/** A run that has ended; `manual`: a task of the user's. */
export interface RunRecord {
  trigger: Trigger | 'manual';
  /** Label of the scope. */
  scope: string;
  gaps: GapCounts;
  enqueued: number;
  checked: number;
  /** Why the run could not be finished, as a sentence; its figures then count for nothing. */
  error?: string;
}

/** Decides when an automatic run is due, gives it to one process, and remembers how runs ended. Nothing here throws. */
export interface ReconciliationScheduler {
  load(): Promise<ReconciliationState>;
  /** Whether {@link claim} would be worth it; one look at the file, none when the interval is `never`. */
  isDue(interval: Interval): Promise<boolean>;
  /**
   * Takes the run that is due. Of several processes at the same moment exactly one gets it, and the claim is on disk by then.
   *
   * @returns undefined when none is due, another process was faster, or the claim could not be stored.
   */
  claim(interval: Interval): Promise<Trigger | undefined>;
  /**
   * Records how a run ended. Its clock goes on only when it came to its end (W-63), counted from the claim; a task of the user's moves
   * no clock of automatic runs.
   */
  recordRun(run: RunRecord): Promise<void>;
}

export interface ReconciliationSchedulerOptions {
  /** `reconciliation_state.json`; without it the state is this process's own. */
  path?: string;
  clock: Clock;
  log: Logger;
}

/** Opens the state that all processes share; no file is touched before it is needed. */
export function createReconciliationScheduler({
  path,
  clock,
  log,
}: ReconciliationSchedulerOptions): ReconciliationScheduler {
  let isUnsaved = false;
  const store: StateStore<ReconciliationState> =
    path === undefined
      ? openMemoryState(NEVER_RUN)
      : openStateFile({
          path,
          format: reconciliationFormat,
          log,
          onUnsaved: (error) => {
            isUnsaved = true;
            log.debug(`Reconciliation state not saved: ${error.message}`);
          },
        });
  const nowSecs = () => clock.now() / 1000;

  return {
    load: () => store.read(),
    async isDue(interval) {
      if (interval === 'never') return false;
      return dueTrigger(await store.read(), interval, nowSecs()) !== undefined;
    },
    async claim(interval) {
      if (interval === 'never') return undefined;
      const now = nowSecs();
      let isWithdrawn = false;
      isUnsaved = false;
      const { before } = await store.update((state) => {
        const trigger = isWithdrawn ? undefined : dueTrigger(state, interval, now);
        return trigger ? { ...state, lastRunTime: now, claimTime: now, claimTrigger: trigger } : state;
      });
      if (!isUnsaved) return dueTrigger(before, interval, now);
      // Nobody else knows of this claim, so it is none; nor may it be stored later.
      isWithdrawn = true;
      return undefined;
    },
    async recordRun(run) {
      const now = nowSecs();
      await store.update((state) =>
        run.error === undefined ? finished(state, run, now) : failed(state, run, now),
      );
    },
  };
}

function finished(state: ReconciliationState, run: RunRecord, nowSecs: number): ReconciliationState {
  const { trigger } = run;
  const claimedAt = state.claimTime > 0 ? state.claimTime : nowSecs;
  return {
    ...state,
    ...(trigger === 'manual' ? {} : { ...UNCLAIMED, failuresInRow: 0 }),
    lastError: '',
    lastRunTime: nowSecs,
    lastSuccessTime: nowSecs,
    lastRunScope: trigger === 'startup' ? `${run.scope} (startup)` : run.scope,
    lastGapsFound: totalOf(run.gaps),
    lastGapsByType: { ...run.gaps },
    lastEnqueued: run.enqueued,
    lastScenesChecked: run.checked,
    isStartupRun: trigger === 'startup',
    runCount: state.runCount + 1,
    ...(trigger === 'interval' ? { lastIntervalTime: claimedAt } : {}),
    ...(trigger === 'startup' ? { lastStartupTime: claimedAt } : {}),
  };
}

function failed(
  state: ReconciliationState,
  { trigger, error = '' }: RunRecord,
  nowSecs: number,
): ReconciliationState {
  if (trigger === 'manual') return { ...state, lastError: error };
  return {
    ...state,
    ...UNCLAIMED,
    lastRunTime: state.lastSuccessTime,
    failuresInRow: state.failuresInRow + 1,
    lastFailureTime: nowSecs,
    lastError: error,
  };
}

const UNCLAIMED = { claimTime: 0, claimTrigger: '' } as const;
