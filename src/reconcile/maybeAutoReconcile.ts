import type { Settings } from '../config/settings.ts';
import type { Logger } from '../log/logger.ts';
import type { CircuitBreaker } from '../resilience/CircuitBreaker.ts';
import { NO_GAPS } from './Gap.ts';
import type { ReconciliationScheduler } from './ReconciliationScheduler.ts';
import type { RunRequest } from './runReconciliation.ts';
import { SCOPES, scopeOf } from './scopes.ts';

/** What the look for a due run needs. */
export interface AutoReconciliation {
  scheduler: Pick<ReconciliationScheduler, 'isDue' | 'claim' | 'recordRun'>;
  breaker: Pick<CircuitBreaker, 'state'>;
  log: Logger;
  /** The settings as they are now, or were a moment ago. */
  settings: () => Promise<Settings>;
}

/**
 * After the recovery check of a task or drainer: does the run that is due, if there is one and no other process does it. Costs one look
 * at the state file when none is due, and nothing when the interval is `never`. While Plex is known to be away nothing is
 * claimed. Never throws.
 *
 * @param run does the run and records it.
 */
export async function maybeAutoReconcile(
  check: AutoReconciliation,
  run: (request: Pick<RunRequest, 'scope' | 'trigger'>) => Promise<unknown>,
): Promise<void> {
  const settings = await dueSettings(check).catch(() => undefined);
  const trigger = settings && (await check.scheduler.claim(settings.reconcile_interval));
  if (!trigger) return;
  const scope = trigger === 'startup' ? 'recent' : scopeOf(settings);
  try {
    await run({ trigger, scope });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    check.log.warn(`The automatic reconciliation failed: ${reason}`);
    // Otherwise the claim would stand in the way of the next try.
    const nothing = { gaps: NO_GAPS, enqueued: 0, checked: 0 };
    await check.scheduler.recordRun({ trigger, scope: SCOPES[scope].label, ...nothing, error: reason });
  }
}

/** Whether {@link maybeAutoReconcile} would do a run now, for a process that leaves it to another one. Never throws. */
export async function isAutoReconcileDue(check: AutoReconciliation): Promise<boolean> {
  return (await dueSettings(check).catch(() => undefined)) !== undefined;
}

/** @returns the settings when a run is due and may be done. */
async function dueSettings({
  scheduler,
  breaker,
  log,
  settings,
}: AutoReconciliation): Promise<Settings | undefined> {
  let current: Settings;
  try {
    current = await settings();
  } catch (error) {
    // Whoever needs them more tells the user.
    log.debug(`No automatic reconciliation: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  if (!current.enabled || !current.sync_master) return undefined;
  if (!(await scheduler.isDue(current.reconcile_interval))) return undefined;
  return (await breaker.state()) === 'closed' ? current : undefined;
}
