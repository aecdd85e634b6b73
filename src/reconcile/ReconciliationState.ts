import * as z from 'zod/mini';
import type { StateFormat } from '../storage/StateFile.ts';
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
const seconds = z.catch(z.number().check(z.gte(0)), 0);
const count = z.catch(z.int().check(z.gte(0)), 0);
const text = z.catch(z.string(), '');

const gapsSchema = z.catch(z.object({ empty_metadata: count, stale_sync: count, missing: count }), NO_GAPS);

const stateSchema = z.object({
  last_run_time: seconds,
  last_run_scope: text,
  last_gaps_found: count,
  last_gaps_by_type: gapsSchema,
  last_enqueued: count,
  last_scenes_checked: count,
  is_startup_run: z.catch(z.boolean(), false),
  run_count: count,
  last_success_time: z.catch(z.optional(z.number().check(z.gte(0))), undefined),
  last_interval_time: z.catch(z.optional(z.number().check(z.gte(0))), undefined),
  last_startup_time: z.catch(z.optional(z.number().check(z.gte(0))), undefined),
  claim_time: seconds,
  claim_trigger: z.catch(z.enum(['interval', 'startup', '']), ''),
  failures_in_row: count,
  last_failure_time: seconds,
  last_error: text,
});

/**
 * `reconciliation_state.json`: the keys of the original (specification 13.6), and our own beside them. A file of the original has one
 * clock only; it stands for all of ours.
 */
export const reconciliationFormat: StateFormat<ReconciliationState> = {
  initial: NEVER_RUN,
  decode(json) {
    const { data } = stateSchema.safeParse(json);
    return (
      data && {
        lastRunTime: data.last_run_time,
        lastRunScope: data.last_run_scope,
        lastGapsFound: data.last_gaps_found,
        lastGapsByType: data.last_gaps_by_type,
        lastEnqueued: data.last_enqueued,
        lastScenesChecked: data.last_scenes_checked,
        isStartupRun: data.is_startup_run,
        runCount: data.run_count,
        lastSuccessTime: data.last_success_time ?? data.last_run_time,
        lastIntervalTime: data.last_interval_time ?? data.last_run_time,
        lastStartupTime: data.last_startup_time ?? data.last_run_time,
        claimTime: data.claim_time,
        claimTrigger: data.claim_trigger,
        failuresInRow: data.failures_in_row,
        lastFailureTime: data.last_failure_time,
        lastError: data.last_error,
      }
    );
  },
  encode: (state, stored) => ({
    ...(typeof stored === 'object' ? stored : {}),
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
