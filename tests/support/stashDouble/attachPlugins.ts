import type { PluginHost } from '../pluginHost/PluginHost.ts';
import type { PluginProcess } from '../pluginHost/PluginProcess.ts';
import type { JobWork, PluginRunner } from './PluginRunner.ts';
import type { ServerLog } from './ServerLog.ts';

/**
 * A task's process as the work of a job. What the plugin answers does not matter: the job ends FINISHED, and only Stash's
 * log has the error (`signal: killed` for one that was killed).
 */
export function taskWork(process: PluginProcess, log: ServerLog): JobWork {
  const finished = process.finished.then((run) => {
    const { error, output } = run.result;
    if (run.startFailed) throw new Error(error);
    if (error !== undefined) log.add('error', `Plugin returned error: ${error}`);
    else if (output != null) log.add('debug', `Plugin returned: ${JSON.stringify(output)}`);
  });
  return { finished, progress: () => process.progress.at(-1) ?? 0, kill: () => process.kill() };
}

/** Lets `runPluginTask` and `runPluginOperation` start real processes. */
export function pluginRunner(hosts: readonly PluginHost[], log: ServerLog): PluginRunner {
  const hostOf = (pluginId: string): PluginHost => {
    const host = hosts.find(({ manifest }) => manifest.id === pluginId);
    if (host === undefined) throw new Error(`no plugin with ID ${pluginId}`);
    return host;
  };
  return {
    startTask: ({ pluginId, taskName, args }) => {
      const host = hostOf(pluginId);
      const process = taskName === null ? host.startOperation(args) : host.startTask(taskName, args);
      return taskWork(process, log);
    },
    runOperation: async (pluginId, args) => {
      const { result } = await hostOf(pluginId).runOperation(args);
      if (result.error !== undefined) throw new Error(result.error);
      return result.output;
    },
  };
}
