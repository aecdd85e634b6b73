import { describeRun } from '../reconcile/ReconciliationResult.ts';
import type { ReconcileScope } from '../reconcile/scopes.ts';
import type { Task } from './Task.ts';

/**
 * The tasks "Reconcile Library" and "Reconcile Missing Metadata Only": compare, queue what differs, and leave the work to a drainer, so
 * that Stash's own jobs do not wait for it.
 *
 * @throws what ended the run early; the scenes that were queued by then stay queued.
 */
export function reconcileLibrary(scope: ReconcileScope): Task {
  return async ({ clock, log, session, jobs, reconcile, wakeDrainer }) => {
    log.progress(0);
    if (!(await session.open()).sync_master) {
      const summary = 'Nothing is reconciled because the setting "sync_master" is off.';
      log.info(summary);
      return { summary };
    }
    // Also for what waits from before: an explicit wish of the user's.
    const isAnyDue = () => (jobs.nextDueAtMs() ?? Number.POSITIVE_INFINITY) <= clock.now();
    let isWoken = false;
    const { result, error } = await reconcile(scope, (share) => {
      // As soon as there is something: whoever stops this task leaves scenes behind that somebody must come for.
      if (!isWoken && isAnyDue()) isWoken = wakeDrainer();
      // The last step is the answer's.
      log.progress(Math.min(share, 0.99));
    });
    const isLeft = isAnyDue() && !wakeDrainer();
    if (error !== undefined) throw error;
    const summary = `${describeRun(result)}${isLeft ? ' Run the task "Process Queue" for the sync.' : ''}`;
    log.info(summary);
    log.progress(1);
    return { summary, ...result };
  };
}
