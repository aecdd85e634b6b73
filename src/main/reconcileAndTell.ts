import type { DrainSession } from '../drain/DrainSession.ts';
import { type RunEnd, type RunRequest, runReconciliation } from '../reconcile/runReconciliation.ts';
import { openRunner } from './openRunner.ts';
import type { ProcessBasis } from './processBasis.ts';

/** A reconciliation in this process, of whose findings the user is told. @throws SettingsError, StashError before it begins */
export async function reconcileAndTell(
  request: RunRequest,
  basis: ProcessBasis,
  session: DrainSession,
): Promise<RunEnd> {
  const end = await runReconciliation(request, await openRunner(basis, session));
  basis.notifier.reconciled(end.result);
  return end;
}
