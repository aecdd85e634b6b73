import { InputError } from '../config/pluginInput.ts';
import { clearDeadLetters, purgeDeadLetters } from './clearDeadLetters.ts';
import { clearQueue } from './clearQueue.ts';
import { handleHealthCheck } from './healthCheck.ts';
import { outageSummary } from './outageSummary.ts';
import { processQueue } from './processQueue.ts';
import { queueStatus } from './queueStatus.ts';
import { reconcileLibrary } from './reconcileLibrary.ts';
import { recoverOutageJobs } from './recoverOutageJobs.ts';
import type { Task } from './Task.ts';

/**
 * What a task needs. `look`: only the plugin's own files. `ask`: the settings, and Plex; it ends at once when the plugin is
 * switched off. `work`: one of the few slots for expensive processes as well.
 */
export type TaskKind = 'look' | 'ask' | 'work';

/** A task as it is offered. */
export interface TaskEntry {
  run: Task;
  kind: TaskKind;
}

/** Every task by the `mode` under which `Stash2Plex.yml` offers it. */
const TASKS: Readonly<Record<string, TaskEntry>> = {
  process_queue: { run: processQueue, kind: 'work' },
  queue_status: { run: queueStatus, kind: 'look' },
  clear_queue: { run: clearQueue, kind: 'look' },
  clear_dlq: { run: clearDeadLetters, kind: 'look' },
  purge_dlq: { run: purgeDeadLetters, kind: 'look' },
  health_check: { run: handleHealthCheck, kind: 'ask' },
  reconcile_all: { run: reconcileLibrary('all'), kind: 'work' },
  reconcile_recent: { run: reconcileLibrary('recent'), kind: 'work' },
  reconcile_7days: { run: reconcileLibrary('recent_7days'), kind: 'work' },
  reconcile_missing_metadata: { run: reconcileLibrary('missing_metadata'), kind: 'work' },
  outage_summary: { run: outageSummary, kind: 'look' },
  recover_outage_jobs: { run: recoverOutageJobs, kind: 'work' },
};

/**
 * @param mode `args.mode` of the input.
 * @throws InputError when there is no such task.
 */
export function findTask(mode: unknown): TaskEntry {
  const task = typeof mode === 'string' && Object.hasOwn(TASKS, mode) ? TASKS[mode] : undefined;
  if (task) return task;
  const known = Object.keys(TASKS).join(', ');
  const got = mode === undefined || mode === '' ? 'No mode' : `Unknown mode "${String(mode).slice(0, 100)}"`;
  throw new InputError(`${got}: run one of Stash2Plex's tasks (modes: ${known}).`);
}
