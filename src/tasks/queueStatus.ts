import { formatDuration, formatElapsed } from '../resilience/formatDuration.ts';
import { outageLine } from './outageSummary.ts';
import type { Task, TaskContext } from './Task.ts';

const LISTED_OUTAGES = 3;

/** Task "View Queue Status": only looks, takes no lock, starts nothing (W49). One section that fails does not hide the others. */
export const queueStatus: Task = async (context) => {
  const { log } = context;
  log.info('=== Queue Status ===');
  const figures = reportQueue(context);
  for (const section of [reportCircuit, reportRecovery, reportOutages, reportReconciliation]) {
    try {
      Object.assign(figures, await section(context));
    } catch (error) {
      log.debug(`A section of the status failed: ${String(error)}`);
    }
  }
  const { due, waiting, running, deadLetters } = figures;
  return {
    summary: `${due + waiting + running} scenes wait to be synced, ${deadLetters} were given up.`,
    ...figures,
  };
};

function reportQueue({ jobs, deadLetters, log, clock }: TaskContext) {
  const counts = jobs.counts();
  const nextDueAtMs = jobs.nextDueAtMs();
  const nextDueInSecs =
    nextDueAtMs === undefined ? null : Math.max(0, Math.round((nextDueAtMs - clock.now()) / 1000));
  const deadLettersByType = deadLetters.errorSummary();
  log.info(`Due now:        ${counts.due}`);
  log.info(`Waiting:        ${counts.waiting}${counts.waiting > 0 ? ` (next in ${nextDueInSecs} s)` : ''}`);
  log.info(`In progress:    ${counts.running}`);
  log.info(`Dead letters:   ${counts.deadLetters}`);
  for (const [type, count] of Object.entries(deadLettersByType)) log.info(`  ${type}: ${count}`);
  return { ...counts, nextDueInSecs, deadLettersByType };
}

async function reportCircuit({ reliability, log, clock }: TaskContext) {
  const { state, openedAtSecs } = await reliability.breaker.snapshot();
  log.info(`Circuit breaker: ${state.toUpperCase()}${state === 'half_open' ? ' (testing)' : ''}`);
  if (state === 'open' && openedAtSecs !== null) {
    log.info(`  open for ${formatDuration(clock.now() / 1000 - openedAtSecs)}`);
  }
  return { circuit: state };
}

async function reportRecovery({ reliability, log, clock }: TaskContext) {
  const { recovery, breaker } = reliability;
  const { lastCheckTime, lastRecoveryTime, recoveryCount } = await recovery.loadState();
  const nowSecs = clock.now() / 1000;
  if (lastCheckTime > 0) log.info(`Last check of Plex: ${formatElapsed(nowSecs - lastCheckTime)}`);
  if ((await breaker.state()) === 'open') {
    log.info(`Next trial: in ${formatDuration(await breaker.secsUntilTrial())}`);
  }
  if (lastRecoveryTime > 0) log.info(`Last recovery: ${formatElapsed(nowSecs - lastRecoveryTime)}`);
  log.info(`Recoveries: ${recoveryCount}`);
  return { recoveryCount };
}

async function reportOutages({ reliability, log, clock }: TaskContext) {
  const outages = await reliability.outages.history();
  const isClosed = (await reliability.breaker.state()) === 'closed';
  const nowSecs = clock.now() / 1000;
  log.info(`Outages on record: ${outages.length}`);
  for (const outage of outages.slice(-LISTED_OUTAGES).reverse()) {
    log.info(`  ${outageLine(outage, isClosed, nowSecs)}`);
  }
  return { outages: outages.length };
}

async function reportReconciliation({ scheduler, log, clock }: TaskContext) {
  const state = await scheduler.load();
  const nowSecs = clock.now() / 1000;
  if (state.runCount === 0) log.info('Reconciliation: no runs yet');
  else {
    const { empty_metadata, stale_sync, missing } = state.lastGapsByType;
    log.info(`Last reconciliation: ${formatElapsed(nowSecs - state.lastSuccessTime)}, ${state.lastRunScope}`);
    log.info(
      `  checked ${state.lastScenesChecked}, gaps ${state.lastGapsFound}, queued ${state.lastEnqueued}`,
    );
    log.info(`  empty ${empty_metadata}, stale ${stale_sync}, missing ${missing}`);
  }
  if (state.lastError !== '') log.info(`  failed since then: ${state.lastError}`);
  return { reconciliations: state.runCount };
}
