import { reconcileEnvironment } from '../config/environment.ts';
import type { DrainSession } from '../drain/DrainSession.ts';
import type { RunnerContext } from '../reconcile/runReconciliation.ts';
import { limitHeap } from './limitHeap.ts';
import type { ProcessBasis } from './processBasis.ts';

/**
 * What a reconciliation in this process works with: the servers of its drain session, the same data file.
 *
 * @throws SettingsError, StashError
 */
export async function openRunner(
  { db, env, scheduler, pathIndex, log: processLog }: ProcessBasis,
  session: DrainSession,
): Promise<RunnerContext> {
  limitHeap();
  const work = await session.work();
  const log = processLog.for('Reconcile').showingDebug(work.settings.debug_logging);
  const { warning, ...limits } = reconcileEnvironment(env);
  if (warning !== undefined) log.warn(warning);
  return {
    ...work,
    log,
    db,
    scheduler,
    limits,
    index: pathIndex,
    map: work.matching.map,
  };
}
