import { counted } from '../log/counted.ts';
import type { Task } from './Task.ts';

const IN_PROGRESS = ['in progress is', 'in progress are'] as const;

/**
 * Task "Clear Pending Queue": forgets what waits. A scene that a living drainer has in hand is finished, but not tried again;
 * one that a dead process left behind goes (W17). Scenes are not marked as synced: their next event counts.
 */
export const clearQueue: Task = async ({ jobs, log, tryDrainLock, wakeDrainer }) => {
  const { due, waiting, running } = jobs.counts();
  if (due + waiting + running === 0) {
    const summary = 'The queue is empty; there is nothing to clear.';
    log.info(summary);
    return { summary, deleted: 0, running: 0 };
  }
  log.warn(
    `Clearing ${counted(due + waiting, 'waiting scene')}${running > 0 ? ` and ${running} in progress` : ''}.`,
  );
  const lock = tryDrainLock();
  try {
    const cleared = jobs.clear({ isDrainerAlive: lock === undefined });
    const rest =
      cleared.running > 0
        ? ` ${counted(cleared.running, 'scene', IN_PROGRESS)} finished, but not tried again.`
        : '';
    const summary = `${counted(cleared.deleted, 'scene', ['was', 'were'])} removed from the queue.${rest}`;
    log.info(summary);
    return { summary, ...cleared };
  } finally {
    lock?.release();
    // An event that was recorded while the lock was held here has started nobody (W13).
    if (lock && jobs.nextDueAtMs() !== undefined) wakeDrainer();
  }
};
