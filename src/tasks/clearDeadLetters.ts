import { type Task, TaskError } from './Task.ts';

const DEFAULT_DAYS = 30;

/** Task "Clear Dead Letter Queue": forgets every scene that was given up. */
export const clearDeadLetters: Task = async ({ deadLetters, log }) => {
  const count = deadLetters.count();
  if (count === 0) {
    const summary = 'The dead letter queue is empty; there is nothing to clear.';
    log.info(summary);
    deadLetters.clear();
    return { summary, removed: 0 };
  }
  log.warn(`Removing ${count} scenes that were given up.`);
  deadLetters.clear();
  const summary = `${count} dead letters were removed.`;
  log.info(summary);
  return { summary, removed: count };
};

/**
 * Task "Purge Old DLQ Entries": forgets scenes that were given up more than `days` ago.
 *
 * @throws TaskError when `days` is no number of days.
 */
export const purgeDeadLetters: Task = async ({ deadLetters, log }, args) => {
  const days = daysOf(args['days']);
  const removed = deadLetters.deleteOlderThan(days);
  const remaining = deadLetters.count();
  const summary = `${removed} dead letters older than ${days} days were removed, ${remaining} remain.`;
  log.info(summary);
  return { summary, removed, remaining };
};

/** Stash hands over texts from the task list, and numbers from the API. */
function daysOf(value: unknown): number {
  if (value === undefined || value === null || value === '') return DEFAULT_DAYS;
  const days = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!Number.isFinite(days) || days < 0) {
    throw new TaskError(`"days" must be a number of days from 0 on, not ${JSON.stringify(value)}.`);
  }
  return days;
}
