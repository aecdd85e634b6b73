import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Paths } from '../config/paths.ts';

/**
 * Has launchers record events from now on: called by whoever could open the queue, so that they never answer for an event that nobody
 * could work off. Where the folder cannot be made, hooks go on by Node.
 */
export function openSpool({ spool, spoolClosed }: Pick<Paths, 'spool' | 'spoolClosed'>): void {
  if (process.platform === 'win32') return;
  try {
    mkdirSync(spool, { recursive: true, mode: 0o700 });
    rmSync(spoolClosed, { force: true });
  } catch {
    // See above.
  }
}

/** Has the next hooks go by Node, which tells Stash what is wrong; what was recorded stays. */
export function closeSpool({ spoolClosed }: Pick<Paths, 'spoolClosed'>): void {
  try {
    writeFileSync(spoolClosed, '');
  } catch {
    // Then it is told at the next task.
  }
}
