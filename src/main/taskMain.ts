import type { PluginInput } from '../config/pluginInput.ts';
import { createStderrSink } from '../log/stderrSink.ts';
import { currentObstacle } from '../queue/drainerRecord.ts';
import { tryExclusiveLock } from '../storage/exclusiveLock.ts';
import { findTask } from '../tasks/taskRegistry.ts';
import { openDrainSession } from '../worker/DrainSession.ts';
import { answer } from './answer.ts';
import { explain } from './explain.ts';
import type { Launch } from './launch.ts';
import { openProcessBasis } from './processBasis.ts';
import { startDrainer } from './startDrainer.ts';

export { runDrainerProcess } from './drainerMain.ts';

/** Runs the task that `args.mode` names, and answers. */
export async function runTask(launch: Launch, input: PluginInput): Promise<void> {
  const task = findTask(input.args['mode']);
  const basis = openProcessBasis(launch, input, createStderrSink());
  const { log, redactor, paths, clock, jobs, db } = basis;
  const session = openDrainSession(basis);
  try {
    if (task.needsSettings && !(await session.open()).enabled) {
      log.info('Stash2Plex is switched off by its setting "enabled".');
      answer({ output: 'disabled' });
      return;
    }
    const output = await task.run(
      {
        clock,
        log,
        paths,
        jobs,
        session,
        tryDrainLock: () => tryExclusiveLock(paths.drainLock),
        drainerObstacle: () => currentObstacle(db),
        startDrainer: () => startDrainer(launch.launcherPath, input),
      },
      input.args,
    );
    answer({ output: redacted(output, redactor.redact) });
  } catch (error) {
    const sentence = redactor.redact(explain(error));
    log.error(sentence);
    answer({ error: sentence });
  } finally {
    await session.close();
    await basis.close();
  }
}

/** Hides secrets in every text of a report; in the serialised form a mask could swallow a quote. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry) => redacted(entry, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redacted(entry, redact)]));
}
