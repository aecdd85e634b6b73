import type { Task } from './Task.ts';

/** Task "View Queue Status": only looks, takes no lock, starts nothing (W49). */
export const queueStatus: Task = async ({ jobs, log, clock }) => {
  const counts = jobs.counts();
  const nextDueAtMs = jobs.nextDueAtMs();
  const nextDueInSecs =
    nextDueAtMs === undefined ? null : Math.max(0, Math.round((nextDueAtMs - clock.now()) / 1000));
  log.info('=== Queue Status ===');
  log.info(`Due now:        ${counts.due}`);
  log.info(`Waiting:        ${counts.waiting}${counts.waiting > 0 ? ` (next in ${nextDueInSecs} s)` : ''}`);
  log.info(`In progress:    ${counts.running}`);
  log.info(`Dead letters:   ${counts.deadLetters}`);
  const open = counts.due + counts.waiting + counts.running;
  return {
    summary: `${open} scenes wait to be synced, ${counts.deadLetters} were given up.`,
    ...counts,
    nextDueInSecs,
  };
};
