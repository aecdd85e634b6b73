import { isRecord } from '../config/pluginInput.ts';
import type { StateFormat } from '../storage/StateFile.ts';
import { stored } from '../storage/storedValues.ts';
import { GAP_TYPES, type GapCounts, NO_GAPS } from './Gap.ts';

/** Which clock an automatic run belongs to. */
export type Trigger = 'interval' | 'startup';

/** What is known about runs. Times are epoch seconds, 0 for never. */
export interface ReconciliationState {
  /** Last run of any kind: when it ended, or when it was claimed while it is under way. */
  lastRunTime: number;
  /** Label of its scope, for the user. */
  lastRunScope: string;
  lastGapsFound: number;
  lastGapsByType: GapCounts;
  lastEnqueued: number;
  lastScenesChecked: number;
  isStartupRun: boolean;
  /** Runs that came to their end. */
  runCount: number;
  /** End of the last run that came to its end, of any kind. */
  lastSuccessTime: number;
  /** Claims of the last runs of each clock that came to their end: a run of one never counts for the other (W-52). */
  lastIntervalTime: number;
  lastStartupTime: number;
  /** An automatic run that is under way, or whose process has died: when it was claimed, and for which clock. */
  claimTime: number;
  claimTrigger: Trigger | '';
  /** Automatic runs in a row that failed, when and why the last of them did (W-63). */
  failuresInRow: number;
  lastFailureTime: number;
  lastError: string;
}

/** Before the first run. */
export const NEVER_RUN: ReconciliationState = {
  lastRunTime: 0,
  lastRunScope: '',
  lastGapsFound: 0,
  lastGapsByType: NO_GAPS,
  lastEnqueued: 0,
  lastScenesChecked: 0,
  isStartupRun: false,
  runCount: 0,
  lastSuccessTime: 0,
  lastIntervalTime: 0,
  lastStartupTime: 0,
  claimTime: 0,
  claimTrigger: '',
  failuresInRow: 0,
  lastFailureTime: 0,
  lastError: '',
};

/** Whatever is no such value becomes its default, one by one (W-64). */
function gapsIn(value: unknown): GapCounts {
  if (!isRecord(value)) return NO_GAPS;
  const { empty_metadata, stale_sync, missing } = value;
  return {
    empty_metadata: stored.count(empty_metadata) ?? 0,
    stale_sync: stored.count(stale_sync) ?? 0,
    missing: stored.count(missing) ?? 0,
  };
}

const TRIGGERS: readonly ReconciliationState['claimTrigger'][] = ['interval', 'startup'];

/**
 * `reconciliation_state.json`: the keys of the original (specification 13.6), and our own beside them. A file of the original has one
 * clock only; it stands for all of ours.
 */
export const reconciliationFormat: StateFormat<ReconciliationState> = {
  initial: NEVER_RUN,
  decode(json) {
    if (!isRecord(json)) return undefined;
    const lastRunTime = stored.secs(json['last_run_time']) ?? 0;
    return {
      lastRunTime,
      lastRunScope: stored.text(json['last_run_scope']) ?? '',
      lastGapsFound: stored.count(json['last_gaps_found']) ?? 0,
      lastGapsByType: gapsIn(json['last_gaps_by_type']),
      lastEnqueued: stored.count(json['last_enqueued']) ?? 0,
      lastScenesChecked: stored.count(json['last_scenes_checked']) ?? 0,
      isStartupRun: json['is_startup_run'] === true,
      runCount: stored.count(json['run_count']) ?? 0,
      lastSuccessTime: stored.secs(json['last_success_time']) ?? lastRunTime,
      lastIntervalTime: stored.secs(json['last_interval_time']) ?? lastRunTime,
      lastStartupTime: stored.secs(json['last_startup_time']) ?? lastRunTime,
      claimTime: stored.secs(json['claim_time']) ?? 0,
      claimTrigger: TRIGGERS.find((word) => word === json['claim_trigger']) ?? '',
      failuresInRow: stored.count(json['failures_in_row']) ?? 0,
      lastFailureTime: stored.secs(json['last_failure_time']) ?? 0,
      lastError: stored.text(json['last_error']) ?? '',
    };
  },
  encode: (state, before) => ({
    ...(typeof before === 'object' ? before : {}),
    last_run_time: state.lastRunTime,
    last_run_scope: state.lastRunScope,
    last_gaps_found: state.lastGapsFound,
    last_gaps_by_type: Object.fromEntries(GAP_TYPES.map((type) => [type, state.lastGapsByType[type]])),
    last_enqueued: state.lastEnqueued,
    last_scenes_checked: state.lastScenesChecked,
    is_startup_run: state.isStartupRun,
    run_count: state.runCount,
    last_success_time: state.lastSuccessTime,
    last_interval_time: state.lastIntervalTime,
    last_startup_time: state.lastStartupTime,
    claim_time: state.claimTime,
    claim_trigger: state.claimTrigger,
    failures_in_row: state.failuresInRow,
    last_failure_time: state.lastFailureTime,
    last_error: state.lastError,
  }),
};
