import { isAutodrainOn, maxConcurrentProcesses } from '../config/environment.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { maybeCheckRecovery } from '../drain/maybeCheckRecovery.ts';
import { createStderrSink } from '../log/stderrSink.ts';
import { takeMessages } from '../queue/backgroundMessages.ts';
import { claimDrainerStart, currentObstacle } from '../queue/drainerRecord.ts';
import { isAutoReconcileDue } from '../reconcile/maybeAutoReconcile.ts';
import { takeDrainLock } from '../spool/takeDrainLock.ts';
import { type ExclusiveLock, tryExclusiveLock } from '../storage/exclusiveLock.ts';
import { createProcessSlots } from '../storage/processSlots.ts';
import { takeoverRecords } from '../takeover/TakeoverRecord.ts';
import { takeoverNotice } from '../takeover/takeoverNotice.ts';
import { type TaskContext, TaskError } from '../tasks/Task.ts';
import { findTask, type TaskEntry } from '../tasks/taskRegistry.ts';
import { type Answer, answer } from './answer.ts';
import { explain } from './explain.ts';
import type { Launch, TaskBundle } from './launch.ts';
import { type LocalBasis, openLocalBasis } from './localBasis.ts';
import type { Servers } from './servers.ts';
import { startDrainer } from './startDrainer.ts';
import { takeOverPython } from './takeOverPython.ts';

/** The same bundle serves drainers. */
export const runDrainerProcess: TaskBundle['runDrainerProcess'] = async (...process) => {
  const drainer = await import('./drainerMain.ts');
  await drainer.runDrainerProcess(...process);
};

/** What a task of this process works with. */
interface TaskProcess {
  task: TaskEntry;
  basis: LocalBasis;
  /** Loaded and opened with the first call. */
  servers: () => Promise<Servers>;
  launch: Launch;
  /** Starts a drainer; one on standby waits for as long as another process has the drain lock. */
  startDrainer: (mode: { standby: boolean }) => void;
}

/** Runs the task that `args.mode` names, and answers as the very last thing. */
export async function runTask(launch: Launch, input: PluginInput): Promise<void> {
  const task = findTask(input.args);
  const basis = openLocalBasis(launch, input, createStderrSink());
  let opened: Promise<Servers> | undefined;
  const servers = () => {
    opened ??= import('./servers.ts').then(({ openServers }) => openServers(basis));
    return opened;
  };
  const document = await outcomeOf(
    {
      task,
      basis,
      servers,
      launch,
      startDrainer: (mode) => startDrainer(launch.launcherPath, input, mode),
    },
    input.args,
  );
  if (opened) await (await opened).close();
  else basis.db.close();
  answer(document);
}

async function outcomeOf(work: TaskProcess, args: Record<string, unknown>): Promise<Answer> {
  const { task, basis, servers } = work;
  const { log, redactor, jobs } = basis;
  let slot: ExclusiveLock | undefined;
  let isTaken = false;
  try {
    showBackgroundMessages(basis);
    // A task that only looks asks nobody for the settings.
    const settings = async () => (await servers()).settings();
    isTaken = await takeOverPython(basis, {
      launch: work.launch,
      isInBackground: false,
      ...(task.kind === 'look' ? {} : { settings }),
    });
    if (task.kind === 'work') slot = takeSlot(basis);
    if (task.kind !== 'look' && !(await (await servers()).session.open()).enabled && !task.whileOff) {
      log.info('Stash2Plex is switched off by its setting "enabled".');
      return { output: 'disabled' };
    }
    const probe = async () => (await servers()).session.probe();
    await maybeCheckRecovery({ ...basis, log: log.for('Recovery'), probe });
    const isRunDue = await autoReconcile(work);
    const report = await task.run(taskContext(work), args);
    if (isRunDue) wakeDrainer(work);
    return { output: redacted(report, redactor.redact) };
  } catch (error) {
    const sentence = redactor.redact(explain(error));
    log.error(sentence);
    return { error: sentence };
  } finally {
    slot?.release();
    // A backlog of the Python plugin, for which nobody else may come: also after a task that only looks.
    if (isTaken && jobs.nextDueAtMs() !== undefined) wakeDrainer(work);
  }
}

/**
 * A reconciliation that is due is left to a drainer, because Stash's own jobs would wait for this task; only where nobody starts
 * drainers does a working task do it itself. A task that only looks starts nothing (W49).
 *
 * @returns whether a drainer is to be woken for it when the task is over. A living one looks by itself after each pass.
 */
async function autoReconcile({ task, basis, servers }: TaskProcess): Promise<boolean> {
  if (task.kind === 'look') return false;
  const { log, scheduler, reliability, env } = basis;
  const { session, reconcileWhenDue } = await servers();
  const check = {
    scheduler,
    breaker: reliability.breaker,
    log: log.for('Reconcile'),
    settings: session.open,
  };
  if (isAutodrainOn(env)) return isAutoReconcileDue(check);
  if (task.kind === 'work') await reconcileWhenDue();
  return false;
}

/** What background processes had to tell meanwhile: nobody reads their own output (W48). */
function showBackgroundMessages({ db, log }: LocalBasis): void {
  try {
    for (const { level, text, count, lastAtMs } of takeMessages(db)) {
      const times = count > 1 ? `, ${count} times` : '';
      log.for('Background')[level](`${new Date(lastAtMs).toISOString()}${times}: ${text}`);
    }
  } catch (error) {
    log.debug(`Background messages cannot be shown: ${explain(error)}`);
  }
}

/**
 * The cap on expensive processes; recording an event never depends on it (W1). Where its files cannot be used there is none.
 *
 * @throws TaskError when all slots are taken.
 */
function takeSlot({ paths, log }: LocalBasis): ExclusiveLock | undefined {
  const limit = maxConcurrentProcesses(process.env);
  let slot: ExclusiveLock | undefined;
  try {
    slot = createProcessSlots(paths.processSlots, limit).acquire();
  } catch (error) {
    log.warn(`${explain(error)} Until then the number of tasks at a time is not limited.`);
    return undefined;
  }
  if (slot) return slot;
  throw new TaskError(
    `${limit} tasks of Stash2Plex run already (STASH2PLEX_MAX_CONCURRENT_PROCESSES); nothing was done, run it again when one has ended.`,
  );
}

function taskContext(work: TaskProcess): TaskContext {
  const { basis, servers } = work;
  const { log, paths, clock, jobs, deadLetters, reliability, db, scheduler, env } = basis;
  return {
    clock,
    log,
    paths,
    jobs,
    scheduler,
    deadLetters,
    reliability,
    session: {
      open: async () => (await servers()).session.open(),
      drain: async (onJobEnd) => (await servers()).session.drain(onJobEnd),
      probe: async () => (await servers()).session.probe(),
      checkAccess: async () => (await servers()).session.checkAccess(),
    },
    reconcile: async (scope, onPage) => (await servers()).reconcile(scope, onPage),
    recoverOutageJobs: async (entries, onPortion) => (await servers()).recoverOutageJobs(entries, onPortion),
    queueScenes: async (request) => (await servers()).queueScenes(request),
    previewScenes: async (request, onPortion) => (await servers()).previewScenes(request, onPortion),
    restoreItems: async (request) => (await servers()).restoreItems(request),
    clearMatchIndex: async () => (await servers()).clearMatchIndex(),
    wakeDrainer: () => wakeDrainer(work),
    tryDrainLock: () => tryExclusiveLock(paths.drainLock),
    takeDrainLock: () => takeDrainLock(paths),
    drainerObstacle: () => currentObstacle(db),
    takeovers: () => ({ records: takeoverRecords(db), obstacle: takeoverNotice(db) }),
    startStandby: () => {
      if (isAutodrainOn(env)) work.startDrainer({ standby: true });
    },
  };
}

/**
 * Starts a drainer unless one is alive or just being started, as a hook does: whoever has the lock looks at the queue once more after
 * giving it back.
 */
function wakeDrainer({ basis: { paths, db, clock, env }, startDrainer }: TaskProcess): boolean {
  if (!isAutodrainOn(env)) return false;
  try {
    const lock = tryExclusiveLock(paths.drainLock);
    lock?.release();
    if (!lock || !claimDrainerStart(db, clock.now())) return true;
  } catch {
    // What is queued is queued; the drainer will say what is wrong here.
  }
  startDrainer({ standby: false });
  return true;
}

/** Hides secrets in every text of a report; in the serialised form a mask could swallow a quote. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry) => redacted(entry, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redacted(entry, redact)]));
}
