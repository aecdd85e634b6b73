import type { TaskContext } from './Task.ts';

/** So long a drainer may take to see that the plugin is off: it reads the settings twice a minute, and finishes its scenes. */
const DRAINER_PATIENCE_MS = 120_000;
const LOOK_PAUSE_MS = 1_000;

/**
 * Waits until no drainer writes any more, where the plugin was just switched off.
 *
 * @returns why nothing can be restored now, as a sentence.
 */
export async function reasonNotToRestore(
  enabled: boolean,
  { clock, tryDrainLock, drainerObstacle }: Pick<TaskContext, 'clock' | 'tryDrainLock' | 'drainerObstacle'>,
): Promise<string | undefined> {
  if (enabled)
    return 'Nothing was restored: switch the setting "enabled" off first, because Stash2Plex would write the items again, and run the task again.';
  const endAt = clock.monotonic() + DRAINER_PATIENCE_MS;
  while (clock.monotonic() < endAt) {
    const lock = tryDrainLock();
    lock?.release();
    // One that waits for something reads the settings before it goes on.
    if (lock || drainerObstacle() !== undefined) return undefined;
    await clock.sleep(LOOK_PAUSE_MS);
  }
  return 'Nothing was restored: the background process is still writing to Plex; run the task again when it has seen that Stash2Plex is off.';
}
