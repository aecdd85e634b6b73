import type { JobStore } from '../queue/JobStore.ts';
import type { DrainResult } from '../worker/drainDue.ts';
import { estimatedTimeoutSecs } from '../worker/SyncStats.ts';
import { type Task, type TaskContext, TaskError, type TaskReport } from './Task.ts';

const POLL_MS = 500;

/**
 * Task "Process Queue": works off what is due, or watches the drainer that is doing so. It ends when nothing is due,
 * and never holds Stash's job queue for a back-off or an outage (W19, W22).
 *
 * @throws TaskError with what stands in the way.
 */
export const processQueue: Task = async (context) => {
  const { clock, jobs, log } = context;
  const total = openJobs(jobs);
  log.progress(0);
  // Watching has an end (specification 12.3); the drainer goes on without a watcher.
  const patienceMs = estimatedTimeoutSecs(total, await context.reliability.stats.load()) * 1000;
  const startedAt = clock.monotonic();
  let shown = 0;
  for (;;) {
    const lock = context.tryDrainLock();
    if (lock) {
      context.startStandby();
      try {
        return await drainHere(context, total);
      } finally {
        lock.release();
      }
    }
    const due = openJobs(jobs);
    if (due === 0) return finished(context, 'The background drainer has worked off the queue.', {});
    const obstacle = context.drainerObstacle();
    if (obstacle) throw new TaskError(`${obstacle} ${due} scenes wait in the background; none is lost.`);
    if (clock.monotonic() - startedAt > patienceMs) {
      return finished(context, `The background drainer goes on with ${due} scenes.`, {});
    }
    // New events may come in faster than old ones go.
    shown = Math.max(shown, Math.min(1 - due / total, 0.99));
    if (total > 0) log.progress(shown);
    await clock.sleep(POLL_MS);
  }
};

function openJobs(jobs: JobStore): number {
  const { due, running } = jobs.counts();
  return due + running;
}

async function drainHere(context: TaskContext, total: number): Promise<TaskReport> {
  const { session, log } = context;
  let ended = 0;
  const { obstacle, ...figures } = await session.drain(() => {
    ended += 1;
    if (total > 0) log.progress(Math.min(ended / total, 0.99));
  });
  if (obstacle) {
    const left = openJobs(context.jobs);
    throw new TaskError(`${obstacle.message} ${told(figures)} ${left} scenes still wait; none is lost.`);
  }
  return finished(context, told(figures), figures);
}

function finished(
  { jobs, log, clock }: TaskContext,
  sentence: string,
  figures: Partial<DrainResult>,
): TaskReport {
  const { waiting } = jobs.counts();
  const nextDueAtMs = jobs.nextDueAtMs();
  const later =
    waiting > 0 && nextDueAtMs !== undefined
      ? ` ${waiting} scenes wait for another try, the next in ${Math.max(1, Math.round((nextDueAtMs - clock.now()) / 1000))} s.`
      : '';
  const summary = `${sentence}${later}`;
  log.info(summary);
  log.progress(1);
  return { summary, ...figures, waiting };
}

function told({ synced, unchanged, skipped, retried, buried }: Omit<DrainResult, 'obstacle'>): string {
  const extra = [
    unchanged > 0 ? `${unchanged} of them were right already` : '',
    skipped > 0 ? `${skipped} had nothing to sync` : '',
    retried > 0 ? `${retried} are tried again later` : '',
    buried > 0 ? `${buried} were given up` : '',
  ].filter((part) => part !== '');
  return `${synced} scenes are in Plex as in Stash${extra.length > 0 ? ` (${extra.join(', ')})` : ''}.`;
}
