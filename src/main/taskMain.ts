import { isAutodrainOn, maxConcurrentProcesses } from '../config/environment.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { maybeCheckRecovery } from '../drain/maybeCheckRecovery.ts';
import { createStderrSink } from '../log/stderrSink.ts';
import { takeMessages } from '../queue/backgroundMessages.ts';
import { currentObstacle } from '../queue/drainerRecord.ts';
import { knownServers } from '../queue/knownServers.ts';
import { sceneRecord } from '../queue/sceneRecord.ts';
import { waitingScenes } from '../queue/waitingScenes.ts';
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
import { redactReport } from './redactReport.ts';
import type { Servers } from './servers.ts';
import { startDrainer } from './startDrainer.ts';
import { takeOverPython } from './takeOverPython.ts';
import { wakeDrainer } from './wakeDrainer.ts';

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
    opened ??= import('./servers.ts').then(({ openServers }) => openServers(basis, launch));
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
      ...(task.kind === 'look' || task.asItIs ? {} : { settings }),
    });
    if (task.kind === 'work') slot = takeSlot(basis);
    if (task.withoutPlex || task.asItIs)
      return { output: redactReport(await task.run(taskContext(work), args), redactor.redact) };
    if (task.kind !== 'look' && !(await (await servers()).session.open()).enabled && !task.whileOff) {
      log.info('Stash2Plex is switched off by its setting "enabled".');
      return { output: 'disabled' };
    }
    const probe = async () => (await servers()).session.probe();
    await maybeCheckRecovery({ ...basis, log: log.for('Recovery'), probe });
    const isRunDue = await autoReconcile(work);
    const report = await task.run(taskContext(work), args);
    if (isRunDue) wake(work);
    return { output: redactReport(report, redactor.redact) };
  } catch (error) {
    const sentence = redactor.redact(explain(error));
    log.error(sentence);
    return { error: sentence };
  } finally {
    slot?.release();
    // A backlog of the Python plugin, for which nobody else may come: also after a task that only looks.
    if (isTaken && jobs.nextDueAtMs() !== undefined) wake(work);
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
    explainScene: async (sceneId) => (await servers()).explainScene(sceneId),
    sceneRecord: (sceneId) => sceneRecord(db, sceneId),
    nextWaiting: () => waitingScenes(db, 1, clock.now()).ids[0],
    knownServers: () => knownServers(db),
    restoreItems: async (request) => (await servers()).restoreItems(request),
    clearMatchIndex: async () => (await servers()).clearMatchIndex(),
    sendTestNotice: async () => (await servers()).sendTestNotice(),
    setup: {
      check: async (onProgress) => (await servers()).setup.check(onProgress),
      tryConnection: async (given) => (await servers()).setup.tryConnection(given),
      trySample: async (given, onScene) => (await servers()).setup.trySample(given, onScene),
    },
    wakeDrainer: () => wake(work),
    tryDrainLock: () => tryExclusiveLock(paths.drainLock),
    takeDrainLock: () => takeDrainLock(paths),
    drainerObstacle: () => currentObstacle(db),
    takeovers: () => ({ records: takeoverRecords(db), obstacle: takeoverNotice(db) }),
    startStandby: () => {
      if (isAutodrainOn(env)) work.startDrainer({ standby: true });
    },
  };
}

function wake({ basis, startDrainer }: TaskProcess): boolean {
  return wakeDrainer({ ...basis, startDrainer: () => startDrainer({ standby: false }) });
}
