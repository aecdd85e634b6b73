import { InputError } from '../config/pluginInput.ts';
import { checkArgs } from './checkArgs.ts';
import { chooseItem } from './chooseItem.ts';
import { clearDeadLetters, purgeDeadLetters } from './clearDeadLetters.ts';
import { clearMatchCache } from './clearMatchCache.ts';
import { clearQueue } from './clearQueue.ts';
import { listFailed } from './listFailed.ts';
import { installRuntime, removeRuntime } from './nodeRuntime.ts';
import { outageSummary } from './outageSummary.ts';
import { queueStatus } from './queueStatus.ts';
import { retryFailed } from './retryFailed.ts';
import type { Task } from './Task.ts';
import { SHOWN_LENGTH, type TaskArgs } from './taskArgs.ts';
import { VIEW_MODES } from './viewModes.ts';

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
  /** Needs nothing of Plex, not even its address: runs also while the plugin is switched off, or not set up. */
  withoutPlex?: boolean;
  /**
   * Looks at everything as it is: runs also while the plugin is switched off or not set up, and nothing is done beside it, no recovery check
   * and no reconciliation.
   */
  asItIs?: boolean;
  /** Names of the arguments that it takes beside `mode`; none when left out. */
  args?: readonly string[];
}

/** Is loaded with all that it needs when it runs: a task that only looks does not wait for it. */
function later(load: () => Promise<Task>): Task {
  return async (context, args) => (await load())(context, args);
}

/** Every task by the `mode` under which `Stash2Plex.yml` offers it. */
const TASKS: Readonly<Record<string, TaskEntry>> = {
  all: { run: later(async () => (await import('./syncScenes.ts')).syncAll), kind: 'work' },
  recent: {
    run: later(async () => (await import('./syncScenes.ts')).syncRecent),
    kind: 'work',
    args: ['hours'],
  },
  explain_scene: {
    run: later(async () => (await import('./explainScene.ts')).explainScene),
    kind: 'ask',
    whileOff: true,
    args: ['scene_id'],
  },
  choose_item: { run: chooseItem, kind: 'look', args: ['scene_id', 'rating_key', 'server_id'] },
  preview_sync: {
    run: later(async () => (await import('./previewSync.ts')).previewSync),
    kind: 'work',
    whileOff: true,
    args: ['scene_id', 'scene_ids', 'scope', 'limit', 'detail'],
  },
  restore_items: {
    run: later(async () => (await import('./restorePlexItems.ts')).restorePlexItems),
    kind: 'work',
    whileOff: true,
    args: ['scene_id', 'scene_ids', 'rating_key', 'since', 'all', 'apply', 'force'],
  },
  list_failed: { run: listFailed, kind: 'look', args: ['limit'] },
  retry_failed: { run: retryFailed, kind: 'look', args: ['error_type', 'scene_ids'] },
  clear_match_cache: { run: clearMatchCache, kind: 'look' },
  process_queue: { run: later(async () => (await import('./processQueue.ts')).processQueue), kind: 'work' },
  queue_status: { run: queueStatus, kind: 'look' },
  clear_queue: { run: clearQueue, kind: 'look' },
  clear_dlq: { run: clearDeadLetters, kind: 'look', args: ['error_type', 'scene_ids'] },
  purge_dlq: { run: purgeDeadLetters, kind: 'look', args: ['days'] },
  check_setup: {
    run: later(async () => (await import('./checkSetup.ts')).checkSetup),
    kind: 'ask',
    asItIs: true,
  },
  test_connection: {
    run: later(async () => (await import('./testConnection.ts')).testConnection),
    kind: 'ask',
    asItIs: true,
    args: ['settings'],
  },
  propose_path_map: {
    run: later(async () => (await import('./proposePathMap.ts')).proposePathMap),
    kind: 'ask',
    asItIs: true,
    args: ['settings'],
  },
  health_check: { run: later(async () => (await import('./healthCheck.ts')).handleHealthCheck), kind: 'ask' },
  reconcile_all: {
    run: later(async () => (await import('./reconcileLibrary.ts')).reconcileLibrary('all')),
    kind: 'work',
  },
  reconcile_recent: {
    run: later(async () => (await import('./reconcileLibrary.ts')).reconcileLibrary('recent')),
    kind: 'work',
  },
  reconcile_7days: {
    run: later(async () => (await import('./reconcileLibrary.ts')).reconcileLibrary('recent_7days')),
    kind: 'work',
  },
  reconcile_missing_metadata: {
    run: later(async () => (await import('./reconcileLibrary.ts')).reconcileLibrary('missing_metadata')),
    kind: 'work',
  },
  outage_summary: { run: outageSummary, kind: 'look' },
  install_runtime: { run: installRuntime, kind: 'look' },
  remove_runtime: { run: removeRuntime, kind: 'look' },
  test_notification: {
    run: later(async () => (await import('./sendTestNotification.ts')).sendTestNotification),
    kind: 'ask',
    withoutPlex: true,
  },
  recover_outage_jobs: {
    run: later(async () => (await import('./recoverOutageJobs.ts')).recoverOutageJobs),
    kind: 'work',
    args: ['include_temporary'],
  },
};

/**
 * The task that `args.mode` names; what only the page inside Stash asks for is in `viewRegistry`.
 *
 * @throws InputError when there is no such task, or it does not take these arguments.
 */
export function findTask(args: TaskArgs): TaskEntry {
  const { mode } = args;
  const task = typeof mode === 'string' && Object.hasOwn(TASKS, mode) ? TASKS[mode] : undefined;
  if (!task) {
    const known = [...Object.keys(TASKS), ...VIEW_MODES].join(', ');
    const got =
      mode === undefined || mode === '' ? 'No mode' : `Unknown mode "${String(mode).slice(0, SHOWN_LENGTH)}"`;
    throw new InputError(`${got}: run one of Stash2Plex's tasks (modes: ${known}).`);
  }
  checkArgs(args, task.args ?? []);
  return task;
}
