import { existsSync, rmSync } from 'node:fs';
import type { Task } from './Task.ts';

/**
 * Task "Install Node Runtime" where Node runs already: on Windows, or called by its mode instead of its name. Else the launcher does it
 * (src/runtime.sh).
 */
export const installRuntime: Task = async ({ log }) => {
  const summary = `Stash2Plex runs with Node ${process.versions.node} (${process.execPath}) already; nothing was installed.`;
  log.info(summary);
  return { summary };
};

/** Task "Remove Node Runtime", likewise. */
export const removeRuntime: Task = async ({ log, paths }) => {
  const isThere = existsSync(paths.runtime);
  rmSync(paths.runtime, { recursive: true, force: true });
  const summary = isThere
    ? `Node was removed from ${paths.runtime}.`
    : 'There is no Node of this plugin to remove.';
  log.info(summary);
  return { summary };
};
