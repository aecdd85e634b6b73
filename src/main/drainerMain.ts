import { statSync } from 'node:fs';
import { drainerLogMaxBytes } from '../config/environment.ts';
import { PLUGIN_ID } from '../config/plugin.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { addDrains, type DrainResult, NOTHING_DONE } from '../drain/DrainResult.ts';
import { type DrainSession, openDrainSession } from '../drain/DrainSession.ts';
import { describeDrain } from '../drain/describeDrain.ts';
import { maybeCheckRecovery } from '../drain/maybeCheckRecovery.ts';
import { outlastOutage } from '../drain/outlastOutage.ts';
import { reportDeadLetters } from '../drain/reportDeadLetters.ts';
import { type DrainerEnd, type DrainerOptions, runDrainer } from '../drain/runDrainer.ts';
import { createFileSink } from '../log/fileSink.ts';
import { createLogger } from '../log/logger.ts';
import { createRedactor } from '../log/redactor.ts';
import { createTeeSink } from '../log/teeSink.ts';
import { keepMessage } from '../queue/backgroundMessages.ts';
import { lastDrainerStart, recordDrainerStart, recordObstacle } from '../queue/drainerRecord.ts';
import { maybeAutoReconcile } from '../reconcile/maybeAutoReconcile.ts';
import { closeSpool } from '../spool/openSpool.ts';
import { takeDrainLock } from '../spool/takeDrainLock.ts';
import type { ExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Database } from '../storage/openDatabase.ts';
import { StorageError } from '../storage/StorageError.ts';
import { QUIET_MS } from '../takeover/signsOfLife.ts';
import { systemClock } from '../time/clock.ts';
import { drainMeanwhile } from './drainMeanwhile.ts';
import { LOCK_WAIT_MS } from './enterDrainer.ts';
import { explain } from './explain.ts';
import type { Launch } from './launch.ts';
import { openLocalBasis } from './localBasis.ts';
import { pathsOf } from './pathsOf.ts';
import { openProcessBasis, type ProcessBasis } from './processBasis.ts';
import { reconcileAndTell } from './reconcileAndTell.ts';
import { startDrainer } from './startDrainer.ts';
import { takeOverPython } from './takeOverPython.ts';
import { telling } from './telling.ts';
import { watchInstallation } from './watchInstallation.ts';

const TROUBLE_PAUSE_MS = 10_000;

/**
 * Works off the queue as the one drainer, until nothing waits any more. Nobody reads this process's output: it
 * logs to a file and answers nothing.
 *
 * @param lock the drain lock, already held.
 */
export async function runDrainerProcess(
  launch: Launch,
  input: PluginInput,
  lock: ExclusiveLock,
): Promise<void> {
  const paths = pathsOf(launch);
  const file = createFileSink({
    path: paths.drainerLog,
    maxBytes: drainerLogMaxBytes(process.env),
    clock: systemClock,
  });
  let db: Database | undefined;
  // Stash shows it at the next task: nobody reads this process's own output (W48).
  const sink = createTeeSink(file, (level, text) => {
    if (db && (level === 'warn' || level === 'error')) keepMessage(db, { level, text }, systemClock.now());
  });
  try {
    const basis = openProcessBasis(openLocalBasis(launch, input, sink));
    db = basis.db;
    try {
      const end = await liveAsDrainer(launch, { ...basis, log: basis.log.for('Drainer') }, lock);
      if (end === 'outdated') startDrainer(launch.launcherPath, input);
    } finally {
      db = undefined;
      await basis.close();
    }
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'unusable') closeSpool(paths);
    createLogger({ sink, redactor: createRedactor(), component: 'Drainer' }).error(explain(error));
    process.exitCode = 1;
  }
}

async function liveAsDrainer(launch: Launch, basis: ProcessBasis, first: ExclusiveLock): Promise<RoundEnd> {
  const { log, jobs, db, paths } = basis;
  const session = telling(openDrainSession(basis), basis.notifier);
  let lock: ExclusiveLock | undefined = first;
  const takeLock = () => {
    lock = takeDrainLock(paths, LOCK_WAIT_MS);
    return lock !== undefined;
  };
  const giveLock = () => {
    lock?.release();
    lock = undefined;
  };
  const start = toleratedStart(basis);
  const isOutdated = watchInstallation(launch, basis.clock);
  log.info(`Started (process ${process.pid}, Node ${process.versions.node}).`);
  // Again now and then: the Python plugin may have been at work when this process started.
  let nextTakeoverAt = Number.NEGATIVE_INFINITY;
  const takeOverWhenDue = async () => {
    if (basis.clock.monotonic() < nextTakeoverAt) return;
    nextTakeoverAt = basis.clock.monotonic() + QUIET_MS;
    await takeOverPython(basis, {
      launch,
      isInBackground: true,
      settings: () => basis.stash.pluginSettings(PLUGIN_ID),
    });
  };
  await takeOverWhenDue();
  tolerated(basis, () => reportDeadLetters(basis.deadLetters, log));
  await alignOutages(basis);
  await maybeCheckRecovery({ ...basis, probe: session.probe });
  let figures = NOTHING_DONE;
  const done = (result: DrainResult) => {
    figures = addDrains(figures, result);
  };
  const drain = async () => {
    await takeOverWhenDue();
    const result = await session.drain();
    done(result);
    return result;
  };
  const reconcileWhenDue = () => autoReconcile(basis, session, drain);
  await reconcileWhenDue();
  const stamp = fileStamp(paths.database);
  const yieldLock = async (ms: number) => {
    giveLock();
    await basis.clock.sleep(ms);
    if (!takeLock()) return false;
    // A younger one, with a fresh session of Stash, may be waiting in the same way.
    if (hasYounger(basis, start)) giveLock();
    return lock !== undefined;
  };
  try {
    for (;;) {
      const life = { session, stamp, isOutdated, yieldLock, drain, reconcileWhenDue };
      const reason = await liveUntilEnd(basis, life);
      // First give the lock back, then look: an event recorded while it was held has started nobody (W13).
      giveLock();
      let isMine = reason === 'trouble' ? await yieldLock(TROUBLE_PAUSE_MS) : false;
      if (reason === 'idle') isMine = jobs.nextDueAtMs() !== undefined && takeLock();
      if (isMine) continue;
      log.info(farewell(reason));
      return reason;
    }
  } finally {
    giveLock();
    const text = describeDrain(figures);
    if (text) tolerated(basis, () => keepMessage(db, { level: 'info', text }, basis.clock.now()));
    // Here, where a complaint about it is still kept for Stash's log.
    await basis.notifier.close();
    await session.close();
  }
}

/** The number of this drainer's start; undefined when it could not be recorded. */
function toleratedStart(basis: ProcessBasis): number | undefined {
  let start: number | undefined;
  tolerated(basis, () => {
    start = recordDrainerStart(basis.db);
  });
  return start;
}

/** Whether another drainer has started since; not when that cannot be found out: somebody has to be there while scenes wait. */
function hasYounger(basis: ProcessBasis, start: number | undefined): boolean {
  let last = start;
  tolerated(basis, () => {
    last = lastDrainerStart(basis.db);
  });
  return start !== undefined && last !== start;
}

/** Records of the history that contradict the circuit are settled by the one who has the drain lock (W29). */
async function alignOutages({ reliability: { breaker, outages } }: ProcessBasis): Promise<void> {
  const { state, firstFailureAtSecs, openedAtSecs } = await breaker.snapshot();
  await outages.align(state, firstFailureAtSecs ?? openedAtSecs);
}

/** Why a drainer's round ended; `trouble`: its own files cannot be read just now. */
type RoundEnd = DrainerEnd['reason'] | 'trouble';

/** What belongs to one drainer's life. */
interface DrainerLife {
  session: DrainSession;
  /** Tells the data file from one that took its place. */
  stamp: string;
  isOutdated: () => boolean;
  yieldLock: (ms: number) => Promise<boolean>;
  drain: () => Promise<DrainResult>;
  /** Never throws. */
  reconcileWhenDue: () => Promise<void>;
}

/**
 * A reconciliation that is due, in the one process that is nobody's job. Events do not wait for it: whatever is due is worked off
 * between its pages.
 */
function autoReconcile(
  basis: ProcessBasis,
  session: DrainSession,
  drain: () => Promise<DrainResult>,
): Promise<void> {
  const { log, scheduler, reliability } = basis;
  const onPage = drainMeanwhile({ ...basis, drain });
  return maybeAutoReconcile(
    { scheduler, breaker: reliability.breaker, log: log.for('Reconcile'), settings: session.open },
    (request) => reconcileAndTell({ ...request, onPage }, basis, session),
  );
}

async function liveUntilEnd(basis: ProcessBasis, life: DrainerLife): Promise<RoundEnd> {
  try {
    const { reason } = await runDrainer(drainerOptions(basis, life));
    return reason;
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'unusable') throw error;
    basis.log.error(explain(error));
    return 'trouble';
  }
}

function drainerOptions(
  basis: ProcessBasis,
  { session, stamp, isOutdated, yieldLock, drain, reconcileWhenDue }: DrainerLife,
): DrainerOptions {
  const { clock, random, log, jobs, db, paths, redactor } = basis;
  // Asked every second for as long as the drainer waits.
  const version = db.prepare('PRAGMA data_version').pluck();
  return {
    clock,
    random,
    log,
    jobs,
    drain: async () => {
      const result = await drain();
      if (!result.obstacle) await reconcileWhenDue();
      return result;
    },
    outlastOutage: () => outlastOutage({ ...basis, probe: session.probe, isOver: isOutdated }),
    isOutdated,
    hasNewSettings: session.hasNewSettings,
    keepSignedIn: session.keepSignedIn,
    yieldLock,
    tellObstacle: (sentence) =>
      tolerated(basis, () => recordObstacle(db, sentence && redactor.redact(sentence))),
    queueVersion: () => {
      // Somebody moved the file away: hooks write to a new one, and need a drainer that reads it.
      if (fileStamp(paths.database) !== stamp) {
        throw new StorageError(
          'unusable',
          'The data file was moved away; a new drainer will read the new one.',
        );
      }
      return Number(version.get());
    },
    pollIntervalMs: () => (session.settings()?.poll_interval ?? 1) * 1000,
  };
}

/** Tells one file from another that took its place. */
function fileStamp(path: string): string {
  const { ino, dev } = statSync(path, { throwIfNoEntry: false }) ?? { ino: 0, dev: 0 };
  return `${dev}:${ino}`;
}

/** Only book-keeping: on a full disk the drainer goes on without it. */
function tolerated({ log }: ProcessBasis, act: () => void): void {
  try {
    act();
  } catch (error) {
    log.debug(`The drainer's state could not be saved: ${explain(error)}`);
  }
}

/** After trouble the lock was given back, and somebody has it by now. */
function farewell(reason: RoundEnd): string {
  if (reason === 'outdated') return 'Left: the plugin was updated, and its new version goes on.';
  return reason === 'idle' ? 'Left: nothing more to do.' : 'Left: another drainer works.';
}
