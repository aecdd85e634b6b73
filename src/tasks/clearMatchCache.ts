import type { Task } from './Task.ts';

/**
 * Task "Clear Match Cache": forgets which files Plex has where, in the one place where that is kept (W-21). What was synced to which item
 * stays known, so nothing is written anew because of it.
 */
export const clearMatchCache: Task = async ({ log, clearMatchIndex }) => {
  await clearMatchIndex();
  const summary =
    'The match cache was emptied; the next syncs look the files up in Plex again, and what was synced stays known.';
  log.info(summary);
  log.progress(1);
  return { summary, cleared: true };
};
