import { countDone, type DrainFigures } from '../drain/DrainResult.ts';
import { estimatedTimeoutSecs } from '../drain/SyncStats.ts';
import { counted } from '../log/counted.ts';
import type { JobStore } from '../queue/JobStore.ts';
import { formatDuration } from '../resilience/formatDuration.ts';
import { describeHeld, totalHeld } from '../scene/gates/GateCounts.ts';
import { alignedLines } from './alignedLines.ts';
import { gateRows } from './gateRows.ts';
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
  let obstacle: string | undefined;
  const show = (share: number) => {
    // New events may come in faster than old ones go.
    shown = Math.max(shown, Math.min(share, 0.99));
    if (total > 0) log.progress(shown);
  };
  for (;;) {
    const lock = context.takeDrainLock();
    if (lock) {
      context.startStandby();
      try {
        return await drainHere(context, (ended) => show(ended / total));
      } finally {
        lock.release();
      }
    }
    const due = openJobs(jobs);
    if (due === 0) return finished(context, 'The background drainer has worked off the queue.', {});
    // At two looks in a row: one may be left from an earlier drainer, while a new one is just starting.
    const seen = obstacle;
    obstacle = context.drainerObstacle();
    if (obstacle && seen) {
      throw new TaskError(`${obstacle} ${counted(due, 'scene', WAIT)} in the background; none is lost.`);
    }
    if (clock.monotonic() - startedAt > patienceMs) {
      return finished(context, `The background drainer goes on with ${counted(due, 'scene')}.`, {});
    }
    show(1 - due / total);
    await clock.sleep(POLL_MS);
  }
};

function openJobs(jobs: JobStore): number {
  const { due, running } = jobs.counts();
  return due + running;
}

const WAIT = ['waits', 'wait'] as const;

async function drainHere(context: TaskContext, onEnded: (ended: number) => void): Promise<TaskReport> {
  let ended = 0;
  const { obstacle, ...figures } = await context.session.drain(() => {
    ended += 1;
    onEnded(ended);
  });
  if (obstacle) {
    const left = counted(openJobs(context.jobs), 'scene', ['still waits', 'still wait']);
    const done = isAnything(figures) ? `${told(figures)} ` : '';
    throw new TaskError(`${obstacle.message} ${done}${left}; none is lost.`);
  }
  const rows = [
    ['Synced', figures.synced],
    ['  right already', figures.unchanged],
    ['Nothing to sync', figures.skipped],
    ...(figures.shared > 0 ? ([["Another scene's item", figures.shared]] as const) : []),
    ...gateRows(figures.heldBack),
    ['Tried again later', figures.retried],
    ['Given up', figures.buried],
  ] as const;
  for (const line of alignedLines(rows)) context.log.info(line);
  return finished(context, isAnything(figures) ? told(figures) : 'Nothing was due.', figures);
}

function isAnything(figures: DrainFigures): boolean {
  return countDone(figures) > 0;
}

/** What still waits, and until when: this task never waits for a back-off (W19). */
function finished(
  { jobs, log, clock }: TaskContext,
  sentence: string,
  figures: Partial<DrainFigures>,
): TaskReport {
  const { waiting } = jobs.counts();
  const nextDueAtMs = waiting > 0 ? jobs.nextDueAtMs() : undefined;
  let later = '';
  if (nextDueAtMs !== undefined) {
    const delay = formatDuration(Math.max(1, Math.ceil((nextDueAtMs - clock.now()) / 1000)));
    const at = new Date(nextDueAtMs).toLocaleTimeString('sv-SE');
    later = ` ${counted(waiting, 'scene', WAIT)} for another try, the next one in ${delay} (at ${at}).`;
  }
  const summary = `${sentence}${later}`;
  log.info(summary);
  log.progress(1);
  const nextDueAt = nextDueAtMs === undefined ? null : new Date(nextDueAtMs).toISOString();
  return { summary, ...figures, waiting, nextDueAt };
}

function told({ synced, unchanged, skipped, shared, retried, buried, heldBack }: DrainFigures): string {
  const extra = [
    unchanged > 0 ? `${unchanged} right already` : '',
    skipped > 0 ? `${skipped} with nothing to sync` : '',
    shared > 0 ? `${shared} left alone, their Plex item is another scene's, see "List Failed Jobs"` : '',
    heldBack ? `${totalHeld(heldBack)} held back by gates: ${describeHeld(heldBack)}` : '',
    retried > 0 ? `${retried} to be tried again later` : '',
    buried > 0 ? `${buried} given up, see "List Failed Jobs"` : '',
  ].filter((part) => part !== '');
  return `${counted(synced, 'scene', ['was', 'were'])} synced${extra.length > 0 ? ` (${extra.join(', ')})` : ''}.`;
}
