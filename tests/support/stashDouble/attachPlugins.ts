import type { PluginHost } from '../pluginHost/PluginHost.ts';
import type { PluginProcess } from '../pluginHost/PluginProcess.ts';
import type { JobWork, PluginRunner } from './PluginRunner.ts';

/** A task's process as the work of a job. What the plugin answers does not matter: the job ends FINISHED. */
export function taskWork(process: PluginProcess): JobWork {
  const finished = process.finished.then((run) => {
    if (run.startFailed) throw new Error(run.result.error);
  });
  return { finished, progress: () => process.progress.at(-1) ?? 0, kill: () => process.kill() };
}

/** Lets `runPluginTask` and `runPluginOperation` start real processes. */
export function pluginRunner(hosts: readonly PluginHost[]): PluginRunner {
  const hostOf = (pluginId: string): PluginHost => {
    const host = hosts.find(({ manifest }) => manifest.id === pluginId);
    if (host === undefined) throw new Error(`no plugin with ID ${pluginId}`);
    return host;
  };
  return {
    startTask: ({ pluginId, taskName, args }) => {
      const host = hostOf(pluginId);
      return taskWork(taskName === null ? host.startOperation(args) : host.startTask(taskName, args));
    },
    runOperation: async (pluginId, args) => {
      const { result } = await hostOf(pluginId).runOperation(args);
      if (result.error !== undefined) throw new Error(result.error);
      return result.output;
    },
  };
}
