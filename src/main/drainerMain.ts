import { drainerLogMaxBytes } from '../config/environment.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { createFileSink } from '../log/fileSink.ts';
import { recordDrainerStart, recordObstacle } from '../queue/drainerRecord.ts';
import { type ExclusiveLock, tryExclusiveLock } from '../storage/exclusiveLock.ts';
import { systemClock } from '../time/clock.ts';
import { openDrainSession } from '../worker/DrainSession.ts';
import { runDrainer } from '../worker/runDrainer.ts';
import { explain } from './explain.ts';
import type { Launch } from './launch.ts';
import { pathsOf } from './pathsOf.ts';
import { openProcessBasis, type ProcessBasis } from './processBasis.ts';

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
  const { drainerLog, drainLock } = pathsOf(launch);
  const maxBytes = drainerLogMaxBytes(process.env);
  const sink = createFileSink({ path: drainerLog, maxBytes, clock: systemClock });
  const basis = openProcessBasis(launch, input, sink);
  const { clock, random, jobs, db } = basis;
  const log = basis.log.for('Drainer');
  const session = openDrainSession({ ...basis, log });
  try {
    recordDrainerStart(db);
    log.info(`Started (process ${process.pid}, Node ${process.versions.node}).`);
    for (let held: ExclusiveLock | undefined = lock; held; ) {
      const { reason } = await runDrainer({
        clock,
        random,
        log,
        jobs,
        drain: session.drain,
        isPlexBack: session.isPlexBack,
        keepSignedIn: session.keepSignedIn,
        tellObstacle: (sentence) => tellObstacle(basis, sentence),
        queueVersion: () => Number(db.pragma('data_version', { simple: true })),
        pollIntervalMs: () => (session.settings()?.poll_interval ?? 1) * 1000,
      });
      // First give the lock back, then look: an event recorded while it was held has started nobody (W13).
      held.release();
      const hasNews = reason === 'idle' && jobs.nextDueAtMs() !== undefined;
      held = hasNews ? tryExclusiveLock(drainLock) : undefined;
    }
    log.info('Left: nothing more to do.');
  } catch (error) {
    log.error(explain(error));
    throw error;
  } finally {
    await session.close();
    await basis.close();
  }
}

/** Only tells; on a full disk the drainer goes on without it. */
function tellObstacle({ db, redactor, log }: ProcessBasis, sentence: string | undefined): void {
  try {
    recordObstacle(db, sentence && redactor.redact(sentence));
  } catch (error) {
    log.debug(`The drainer's state could not be saved: ${explain(error)}`);
  }
}
