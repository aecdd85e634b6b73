import type { PluginInput } from '../config/pluginInput.ts';
import { DRAINER_ARGUMENT } from './launch.ts';

/**
 * Starts the same entrypoint as a detached drainer that outlives this process. It inherits none of Stash's
 * pipes: Stash waits until every holder of stdout has closed it. The connection travels through the child's stdin, so that
 * the session cookie is in no argument list and no file.
 */
export function startDrainer(
  launcherPath: string,
  { serverConnection }: PluginInput,
  { standby }: { standby: boolean } = { standby: false },
): void {
  // Not at the top: it brings Node's network modules along, which a task that only looks does without.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [launcherPath, DRAINER_ARGUMENT], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  // Nobody to tell: the recorded jobs wait for the next process.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify({ server_connection: serverConnection, args: { standby } }));
  child.unref();
}
