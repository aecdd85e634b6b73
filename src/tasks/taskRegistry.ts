import { InputError } from '../config/pluginInput.ts';
import { processQueue } from './processQueue.ts';
import { queueStatus } from './queueStatus.ts';
import type { Task } from './Task.ts';

/** Every task by the `mode` under which `Stash2Plex.yml` offers it. */
const TASKS: Readonly<Record<string, Task>> = {
  process_queue: processQueue,
  queue_status: queueStatus,
};

/**
 * @param mode `args.mode` of the input.
 * @throws InputError when there is no such task.
 */
export function findTask(mode: unknown): Task {
  const task = typeof mode === 'string' && Object.hasOwn(TASKS, mode) ? TASKS[mode] : undefined;
  if (task) return task;
  const known = Object.keys(TASKS).join(', ');
  const got = mode === undefined || mode === '' ? 'No mode' : `Unknown mode "${String(mode).slice(0, 100)}"`;
  throw new InputError(`${got}: run one of Stash2Plex's tasks (modes: ${known}).`);
}
