import { InputError } from '../config/pluginInput.ts';
import { clearDeadLetters, purgeDeadLetters } from './clearDeadLetters.ts';
import { clearMatchCache } from './clearMatchCache.ts';
import { clearQueue } from './clearQueue.ts';
import { handleHealthCheck } from './healthCheck.ts';
import { listFailed } from './listFailed.ts';
import { installRuntime, removeRuntime } from './nodeRuntime.ts';
import { outageSummary } from './outageSummary.ts';
import { previewSync } from './previewSync.ts';
import { processQueue } from './processQueue.ts';
import { queueStatus } from './queueStatus.ts';
import { reconcileLibrary } from './reconcileLibrary.ts';
import { recoverOutageJobs } from './recoverOutageJobs.ts';
import { restorePlexItems } from './restorePlexItems.ts';
import { retryFailed } from './retryFailed.ts';
import { syncAll, syncRecent } from './syncScenes.ts';
import type { Task } from './Task.ts';
import type { TaskArgs } from './taskArgs.ts';

/**
 * What a task needs. `look`: only the plugin's own files. `ask`: the settings, and Plex; as a rule it ends at once when the plugin
 * is switched off. `work`: one of the few slots for expensive processes as well.
 */
export type TaskKind = 'look' | 'ask' | 'work';

/** A task as it is offered. */
export interface TaskEntry {
  run: Task;
  kind: TaskKind;
  /** Runs also while the plugin is switched off. */
  whileOff?: boolean;
  /** Names of the arguments that it takes beside `mode`; none when left out. */
  args?: readonly string[];
}

/** Every task by the `mode` under which `Stash2Plex.yml` offers it. */
const TASKS: Readonly<Record<string, TaskEntry>> = {
  all: { run: syncAll, kind: 'work' },
  recent: { run: syncRecent, kind: 'work', args: ['hours'] },
  preview_sync: { run: previewSync, kind: 'work', whileOff: true, args: ['scene_id', 'scope', 'limit'] },
  restore_items: {
    run: restorePlexItems,
    kind: 'work',
    whileOff: true,
    args: ['scene_id', 'scene_ids', 'rating_key', 'since', 'all', 'apply', 'force'],
  },
  list_failed: { run: listFailed, kind: 'look', args: ['limit'] },
  retry_failed: { run: retryFailed, kind: 'look', args: ['error_type'] },
  clear_match_cache: { run: clearMatchCache, kind: 'look' },
  process_queue: { run: processQueue, kind: 'work' },
  queue_status: { run: queueStatus, kind: 'look' },
  clear_queue: { run: clearQueue, kind: 'look' },
  clear_dlq: { run: clearDeadLetters, kind: 'look' },
  purge_dlq: { run: purgeDeadLetters, kind: 'look', args: ['days'] },
  health_check: { run: handleHealthCheck, kind: 'ask' },
  reconcile_all: { run: reconcileLibrary('all'), kind: 'work' },
  reconcile_recent: { run: reconcileLibrary('recent'), kind: 'work' },
  reconcile_7days: { run: reconcileLibrary('recent_7days'), kind: 'work' },
  reconcile_missing_metadata: { run: reconcileLibrary('missing_metadata'), kind: 'work' },
  outage_summary: { run: outageSummary, kind: 'look' },
  install_runtime: { run: installRuntime, kind: 'look' },
  remove_runtime: { run: removeRuntime, kind: 'look' },
  recover_outage_jobs: { run: recoverOutageJobs, kind: 'work', args: ['include_temporary'] },
};

/**
 * The task that `args.mode` names.
 *
 * @param args of the input; an argument that the task does not take is most likely a slip of the pen, and would be ignored silently.
 * @throws InputError when there is no such task, or it does not take these arguments.
 */
export function findTask(args: TaskArgs): TaskEntry {
  const { mode, ...others } = args;
  const task = typeof mode === 'string' && Object.hasOwn(TASKS, mode) ? TASKS[mode] : undefined;
  if (!task) {
    const known = Object.keys(TASKS).join(', ');
    const got = mode === undefined || mode === '' ? 'No mode' : `Unknown mode "${shortened(String(mode))}"`;
    throw new InputError(`${got}: run one of Stash2Plex's tasks (modes: ${known}).`);
  }
  const taken = task.args ?? [];
  const unknown = Object.keys(others).find((name) => !taken.includes(name));
  if (unknown === undefined) return task;
  const takes = taken.length > 0 ? `it takes ${taken.join(', ')}` : 'it takes none';
  throw new InputError(`Unknown argument "${shortened(unknown)}" of the mode "${String(mode)}": ${takes}.`);
}

const SHOWN_LENGTH = 100;

function shortened(text: string): string {
  return text.slice(0, SHOWN_LENGTH);
}
