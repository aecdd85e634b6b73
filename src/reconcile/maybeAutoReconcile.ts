import type { Settings } from '../config/settings.ts';
import type { Logger } from '../log/logger.ts';
import type { CircuitBreaker } from '../resilience/CircuitBreaker.ts';
import type { ReconciliationScheduler } from './ReconciliationScheduler.ts';
import type { RunRequest } from './runReconciliation.ts';
import { scopeOf } from './scopes.ts';

/** What the look for a due run needs. */
export interface AutoReconciliation {
  scheduler: Pick<ReconciliationScheduler, 'isDue' | 'claim'>;
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
  try {
    const settings = await dueSettings(check);
    if (!settings) return;
    const trigger = await check.scheduler.claim(settings.reconcile_interval);
    if (trigger) await run({ trigger, scope: trigger === 'startup' ? 'recent' : scopeOf(settings) });
  } catch (error) {
    check.log.warn(
      `The automatic reconciliation failed: ${error instanceof Error ? error.message : String(error)}`,
    );
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
