import { InputError } from '../config/pluginInput.ts';
import { processQueue } from './processQueue.ts';
import { queueStatus } from './queueStatus.ts';
import type { Task } from './Task.ts';

/** A task as it is offered. */
export interface TaskEntry {
  run: Task;
  /** The task does something, so it reads the settings first and ends at once when the plugin is switched off. */
  needsSettings: boolean;
}

/** Every task by the `mode` under which `Stash2Plex.yml` offers it. */
const TASKS: Readonly<Record<string, TaskEntry>> = {
  process_queue: { run: processQueue, needsSettings: true },
  queue_status: { run: queueStatus, needsSettings: false },
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
