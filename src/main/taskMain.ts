import { isAutodrainOn, maxConcurrentProcesses } from '../config/environment.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { type DrainSession, openDrainSession } from '../drain/DrainSession.ts';
import { maybeCheckRecovery } from '../drain/maybeCheckRecovery.ts';
import { queueScenes } from '../drain/queueScenes.ts';
import { recoverOutageJobs } from '../drain/recoverOutageJobs.ts';
import { createStderrSink } from '../log/stderrSink.ts';
import { clearMatchIndex } from '../plex/PathIndex.ts';
import { takeMessages } from '../queue/backgroundMessages.ts';
import { claimDrainerStart, currentObstacle } from '../queue/drainerRecord.ts';
import { waitingScenes } from '../queue/waitingScenes.ts';
import { isAutoReconcileDue, maybeAutoReconcile } from '../reconcile/maybeAutoReconcile.ts';
import { runReconciliation } from '../reconcile/runReconciliation.ts';
import { previewScenes } from '../scene/previewScenes.ts';
import { takeDrainLock } from '../spool/takeDrainLock.ts';
import { type ExclusiveLock, tryExclusiveLock } from '../storage/exclusiveLock.ts';
import { createProcessSlots } from '../storage/processSlots.ts';
import { type TaskContext, TaskError } from '../tasks/Task.ts';
import { findTask, type TaskEntry } from '../tasks/taskRegistry.ts';
import { type Answer, answer } from './answer.ts';
import { explain } from './explain.ts';
import type { Launch } from './launch.ts';
import { openRunner } from './openRunner.ts';
import { openProcessBasis, type ProcessBasis } from './processBasis.ts';
import { startDrainer } from './startDrainer.ts';

export { runDrainerProcess } from './drainerMain.ts';

/** Runs the task that `args.mode` names, and answers as the very last thing. */
export async function runTask(launch: Launch, input: PluginInput): Promise<void> {
  const task = findTask(input.args);
  const basis = openProcessBasis(launch, input, createStderrSink());
  const session = openDrainSession(basis);
  const document = await outcomeOf(task, launch, input, basis, session);
  // What cannot be closed ends with the process.
  await session.close().catch(() => {});
  await basis.close().catch(() => {});
  answer(document);
}

async function outcomeOf(
  task: TaskEntry,
  launch: Launch,
  input: PluginInput,
  basis: ProcessBasis,
  session: DrainSession,
): Promise<Answer> {
  const { log, redactor } = basis;
  let slot: ExclusiveLock | undefined;
  try {
    showBackgroundMessages(basis);
    if (task.kind === 'work') slot = takeSlot(basis);
    if (task.kind !== 'look' && !(await session.open()).enabled && !task.whileOff) {
      log.info('Stash2Plex is switched off by its setting "enabled".');
      return { output: 'disabled' };
    }
    await maybeCheckRecovery({ ...basis, log: log.for('Recovery'), probe: session.probe });
    const wakeDrainer = await autoReconcile(task, launch, input, basis, session);
    const report = await task.run(taskContext(launch, input, basis, session), input.args);
    wakeDrainer?.();
    return { output: redacted(report, redactor.redact) };
  } catch (error) {
    const sentence = redactor.redact(explain(error));
    log.error(sentence);
    return { error: sentence };
  } finally {
    slot?.release();
  }
}

/**
 * A reconciliation that is due is left to a drainer, because Stash's own jobs would wait for this task; only where nobody starts
 * drainers does a working task do it itself. A task that only looks starts nothing (W49).
 *
 * @returns what starts the drainer, to be called when the task is over; nothing when none is needed.
 */
async function autoReconcile(
  { kind }: TaskEntry,
  launch: Launch,
  input: PluginInput,
  basis: ProcessBasis,
  session: DrainSession,
): Promise<(() => boolean) | undefined> {
  if (kind === 'look') return undefined;
  const { log, scheduler, reliability } = basis;
  const { breaker } = reliability;
  const check = { scheduler, breaker, log: log.for('Reconcile'), settings: session.open };
  if (isAutodrainOn(process.env)) {
    if (!(await isAutoReconcileDue(check))) return undefined;
    // A living one looks by itself after each pass.
    return () => wakeDrainer(launch, input, basis);
  }
  if (kind !== 'work') return undefined;
  await maybeAutoReconcile(check, async (request) =>
    runReconciliation(request, await openRunner(basis, session)),
  );
  return undefined;
}

/** What background processes had to tell meanwhile: nobody reads their own output (W48). */
function showBackgroundMessages({ db, log }: ProcessBasis): void {
  try {
    for (const { level, text, count, lastAtMs } of takeMessages(db)) {
      const times = count > 1 ? `, ${count} times` : '';
      log.for('Background')[level](`${new Date(lastAtMs).toISOString()}${times}: ${text}`);
    }
  } catch (error) {
    log.debug(`Background messages cannot be shown: ${explain(error)}`);
  }
}

/** The cap on expensive processes; recording an event never depends on it (W1). @throws TaskError when all slots are taken. */
function takeSlot({ paths }: ProcessBasis): ExclusiveLock {
  const limit = maxConcurrentProcesses(process.env);
  const slot = createProcessSlots(paths.processSlots, limit).acquire();
  if (slot) return slot;
  throw new TaskError(
    `${limit} tasks of Stash2Plex run already (STASH2PLEX_MAX_CONCURRENT_PROCESSES); nothing was done, run it again when one has ended.`,
  );
}

function taskContext(
  launch: Launch,
  input: PluginInput,
  basis: ProcessBasis,
  session: DrainSession,
): TaskContext {
  const { log, paths, clock, jobs, deadLetters, reliability, stash, db, scheduler } = basis;
  return {
    clock,
    log,
    paths,
    jobs,
    scheduler,
    reconcile: async (scope, onPage) => {
      const runner = await openRunner(basis, session);
      return runReconciliation({ scope, trigger: 'manual', onPage: async (share) => onPage(share) }, runner);
    },
    deadLetters,
    reliability,
    session,
    recoverOutageJobs: (entries, onPortion) => {
      const probe = async () => (await session.probe()) ?? { healthy: false };
      return recoverOutageJobs(entries, { deadLetters, jobs, stash, probe, log, onPortion });
    },
    queueScenes: (request) => queueScenes(request, { stash, db, clock }),
    previewScenes: async (request, onPortion) =>
      previewScenes(
        request,
        await session.work(),
        (limit) => waitingScenes(db, limit, clock.now()),
        onPortion,
      ),
    clearMatchIndex: () => clearMatchIndex(db),
    wakeDrainer: () => wakeDrainer(launch, input, basis),
    tryDrainLock: () => tryExclusiveLock(paths.drainLock),
    takeDrainLock: () => takeDrainLock(paths),
    drainerObstacle: () => currentObstacle(db),
    startStandby: () => {
      if (isAutodrainOn(process.env)) startDrainer(launch.launcherPath, input, { standby: true });
    },
  };
}

/**
 * Starts a drainer unless one is alive or just being started, as a hook does: whoever has the lock looks at the queue once more after
 * giving it back.
 */
function wakeDrainer(launch: Launch, input: PluginInput, { paths, db, clock }: ProcessBasis): boolean {
  if (!isAutodrainOn(process.env)) return false;
  try {
    const lock = tryExclusiveLock(paths.drainLock);
    lock?.release();
    if (!lock || !claimDrainerStart(db, clock.now())) return true;
  } catch {
    // What is queued is queued; the drainer will say what is wrong here.
  }
  startDrainer(launch.launcherPath, input);
  return true;
}

/** Hides secrets in every text of a report; in the serialised form a mask could swallow a quote. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry) => redacted(entry, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redacted(entry, redact)]));
}
