import { counted } from '../log/counted.ts';
import { formatDuration, formatElapsed } from '../resilience/formatDuration.ts';
import { describeTakeover, warningsOf } from '../takeover/describeTakeover.ts';
import { alignedLines, type ReportRow } from './alignedLines.ts';
import { gateRows } from './gateRows.ts';
import { outageLine } from './outageSummary.ts';
import type { Task, TaskContext } from './Task.ts';

const LISTED_OUTAGES = 3;
/** All sections have their values in one column. */
const LABEL_WIDTH = 24;

/** Task "View Queue Status": only looks, takes no lock, starts nothing (W49). One section that fails does not hide the others. */
export const queueStatus: Task = async (context) => {
  const { log } = context;
  log.info('=== Queue Status ===');
  const figures = reportQueue(context);
  for (const section of [
    reportCircuit,
    reportRecovery,
    reportOutages,
    reportReconciliation,
    reportTakeovers,
  ]) {
    try {
      Object.assign(figures, await section(context));
    } catch (error) {
      log.debug(`A section of the status failed: ${String(error)}`);
    }
  }
  const { due, waiting, running, deadLetters } = figures;
  const open = counted(due + waiting + running, 'scene', ['waits', 'wait']);
  const summary = `${open} to be synced, ${deadLetters} given up.`;
  log.info(summary);
  log.progress(1);
  return { summary, ...figures };
};

function logRows({ log }: TaskContext, rows: readonly ReportRow[]): void {
  for (const line of alignedLines(rows, LABEL_WIDTH)) log.info(line);
}

function reportQueue(context: TaskContext) {
  const { jobs, deadLetters, clock } = context;
  const counts = jobs.counts();
  const nextDueAtMs = jobs.nextDueAtMs();
  const nextDueInSecs =
    nextDueAtMs === undefined ? null : Math.max(0, Math.round((nextDueAtMs - clock.now()) / 1000));
  const deadLettersByType = deadLetters.errorSummary();
  const heldBack = jobs.held.countByGate();
  const next = counts.waiting > 0 ? ` (next in ${formatDuration(nextDueInSecs ?? 0)})` : '';
  logRows(context, [
    ['Due now', counts.due],
    ['Waiting', `${counts.waiting}${next}`],
    ['In progress', counts.running],
    ['Dead letters', counts.deadLetters],
    ...Object.entries(deadLettersByType).map(([type, count]) => [`  ${type}`, count] as const),
    ...gateRows(heldBack),
  ]);
  const held = Object.keys(heldBack).length > 0 ? { heldBack } : {};
  return { ...counts, nextDueInSecs, deadLettersByType, ...held };
}

async function reportCircuit(context: TaskContext) {
  const { state, openedAtSecs } = await context.reliability.breaker.snapshot();
  const openFor = context.clock.now() / 1000 - (openedAtSecs ?? 0);
  logRows(context, [
    ['Circuit breaker', `${state.toUpperCase()}${state === 'half_open' ? ' (testing)' : ''}`],
    ...(state === 'open' && openedAtSecs !== null ? [['  open for', formatDuration(openFor)] as const] : []),
  ]);
  return { circuit: state };
}

async function reportRecovery(context: TaskContext) {
  const { recovery, breaker } = context.reliability;
  const { lastCheckTime, lastRecoveryTime, recoveryCount } = await recovery.loadState();
  const nowSecs = context.clock.now() / 1000;
  const isOpen = (await breaker.state()) === 'open';
  const trialInSecs = isOpen ? await breaker.secsUntilTrial() : 0;
  logRows(context, [
    ...(lastCheckTime > 0 ? [['Last check of Plex', formatElapsed(nowSecs - lastCheckTime)] as const] : []),
    ...(isOpen ? [['Next trial', `in ${formatDuration(trialInSecs)}`] as const] : []),
    ...(lastRecoveryTime > 0 ? [['Last recovery', formatElapsed(nowSecs - lastRecoveryTime)] as const] : []),
    ['Recoveries', recoveryCount],
  ]);
  return { recoveryCount };
}

async function reportOutages(context: TaskContext) {
  const { reliability, log, clock } = context;
  const outages = await reliability.outages.history();
  const isClosed = (await reliability.breaker.state()) === 'closed';
  const nowSecs = clock.now() / 1000;
  logRows(context, [['Outages on record', outages.length]]);
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

/** Nothing where there never was a Python plugin. */
async function reportTakeovers({ takeovers, log }: TaskContext) {
  const { records, obstacle } = takeovers();
  for (const record of records) {
    log.info(`${new Date(record.begunAtMs).toLocaleString('sv-SE')}: ${describeTakeover(record)}`);
    for (const warning of warningsOf(record)) log.info(`  ${warning}`);
  }
  if (obstacle !== undefined) log.info(obstacle);
  const takenOver = records.map(({ figures, source, backup }) => ({ source, backup, ...figures }));
  return {
    ...(takenOver.length > 0 ? { takenOver } : {}),
    ...(obstacle ? { takeoverObstacle: obstacle } : {}),
  };
}
