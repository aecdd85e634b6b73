import { counted } from '../log/counted.ts';
import { selectFailed } from './selectFailed.ts';
import type { Task } from './Task.ts';
import { numberArg } from './taskArgs.ts';

const DEFAULT_DAYS = 30;
const WERE = ['was', 'were'] as const;

/**
 * Task "Clear Dead Letter Queue": forgets every scene that was given up, or only those of the class `error_type`, or those that
 * `scene_ids` names.
 *
 * @throws TaskError when an argument is wrong, or nothing of what it names was given up.
 */
export const clearDeadLetters: Task = async ({ deadLetters, log }, args) => {
  const { selection, count, note } = selectFailed(args, deadLetters);
  if (count === 0) {
    const summary = 'The dead letter queue is empty; there is nothing to clear.';
    log.info(summary);
    deadLetters.clear(selection);
    return { summary, removed: 0 };
  }
  log.warn(`Removing ${counted(count, 'scene')} given up.`);
  deadLetters.clear(selection);
  const summary = `${counted(count, 'dead letter', WERE)} removed.${note}`;
  log.info(summary);
  return { summary, removed: count };
};

/**
 * Task "Purge Old DLQ Entries": forgets scenes that were given up more than `days` ago.
 *
 * @throws TaskError when `days` is no number of days.
 */
export const purgeDeadLetters: Task = async ({ deadLetters, log }, args) => {
  const days = numberArg(args, 'days', { default: DEFAULT_DAYS, minimum: 0, unit: 'days' });
  const removed = deadLetters.deleteOlderThan(days);
  const remaining = deadLetters.count();
  const summary = `${counted(removed, 'dead letter')} older than ${counted(days, 'day')} ${removed === 1 ? 'was' : 'were'} removed, ${remaining} remain.`;
  log.info(summary);
  return { summary, removed, remaining };
};
