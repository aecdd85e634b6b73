import { isAutodrainOn } from '../config/environment.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { createStderrSink } from '../log/stderrSink.ts';
import { currentObstacle } from '../queue/drainerRecord.ts';
import { tryExclusiveLock } from '../storage/exclusiveLock.ts';
import type { TaskContext } from '../tasks/Task.ts';
import { findTask, type TaskEntry } from '../tasks/taskRegistry.ts';
import { type DrainSession, openDrainSession } from '../worker/DrainSession.ts';
import { type Answer, answer } from './answer.ts';
import { explain } from './explain.ts';
import type { Launch } from './launch.ts';
import { openProcessBasis, type ProcessBasis } from './processBasis.ts';
import { startDrainer } from './startDrainer.ts';

export { runDrainerProcess } from './drainerMain.ts';

/** Runs the task that `args.mode` names, and answers as the very last thing. */
export async function runTask(launch: Launch, input: PluginInput): Promise<void> {
  const task = findTask(input.args['mode']);
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
  { log, redactor, paths, clock, jobs, db }: ProcessBasis,
  session: DrainSession,
): Promise<Answer> {
  try {
    if (task.needsSettings && !(await session.open()).enabled) {
      log.info('Stash2Plex is switched off by its setting "enabled".');
      return { output: 'disabled' };
    }
    const context: TaskContext = {
      clock,
      log,
      paths,
      jobs,
      session,
      tryDrainLock: () => tryExclusiveLock(paths.drainLock),
      drainerObstacle: () => currentObstacle(db),
      startStandby: () => {
        if (isAutodrainOn(process.env)) startDrainer(launch.launcherPath, input, { standby: true });
      },
    };
    return { output: redacted(await task.run(context, input.args), redactor.redact) };
  } catch (error) {
    const sentence = redactor.redact(explain(error));
    log.error(sentence);
    return { error: sentence };
  }
}

/** Hides secrets in every text of a report; in the serialised form a mask could swallow a quote. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry) => redacted(entry, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redacted(entry, redact)]));
}
