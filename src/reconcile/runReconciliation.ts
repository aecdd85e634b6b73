import { notePlexCondition } from '../drain/plexCondition.ts';
import type { WorkContext } from '../drain/WorkContext.ts';
import type { ReconcileContext } from './ReconcileContext.ts';
import { type ReconciliationResult, reportLines } from './ReconciliationResult.ts';
import type { ReconciliationScheduler, RunRecord } from './ReconciliationScheduler.ts';
import { reconcile } from './reconcile.ts';
import { type ReconcileScope, SCOPES } from './scopes.ts';

/** A run that somebody asked for. */
export interface RunRequest {
  scope: ReconcileScope;
  trigger: RunRecord['trigger'];
  onPage?: (share: number) => Promise<void>;
}

/** Everything a run and its book-keeping need. */
export interface RunnerContext extends ReconcileContext, Pick<WorkContext, 'reliability'> {
  scheduler: ReconciliationScheduler;
}

/** How a run ended; `error`: it could not be finished, and the result holds what was done until then. */
export interface RunEnd {
  result: ReconciliationResult;
  error?: unknown;
}

/**
 * One reconciliation from its first line in the log to its record in the state file. Trouble with Plex is told to the circuit
 * breaker, as a sync would tell it. Never throws.
 */
export async function runReconciliation(
  { scope, trigger, onPage }: RunRequest,
  context: RunnerContext,
): Promise<RunEnd> {
  const { log, scheduler } = context;
  const label = SCOPES[scope].label;
  log.info(`=== Reconciliation: ${label}${trigger === 'manual' ? '' : ` (automatic, ${trigger})`} ===`);
  const end = await reconcile({ scope, ...(onPage ? { onPage } : {}) }, context);
  const { result, error } = end;
  for (const line of reportLines(result)) log.info(line);
  for (const sentence of result.errors) log.warn(`The reconciliation could not be finished: ${sentence}`);
  await scheduler.recordRun({
    trigger,
    scope: label,
    gaps: result.gaps,
    enqueued: result.enqueued,
    checked: result.checked,
    ...(result.errors[0] === undefined ? {} : { error: result.errors[0] }),
  });
  if (error !== undefined) await notePlexCondition(error, context);
  return end;
}
