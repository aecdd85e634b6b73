import { systemStatusOf } from '../databaseCondition.ts';
import type { Job } from '../JobQueue.ts';
import { selectSettings, storedMap } from '../pluginSettings.ts';
import type { StashState } from '../StashState.ts';

interface RunTaskArgs {
  readonly plugin_id: string;
  readonly task_name?: string | null;
  readonly description?: string | null;
  readonly args_map?: Readonly<Record<string, unknown>> | null;
}

interface RunOperationArgs {
  readonly plugin_id: string;
  readonly args?: Readonly<Record<string, unknown>> | null;
}

/** `configuration`, `configurePlugin`, `version` and `systemStatus`. */
export function configurationResolvers({ auth, settings, database }: StashState) {
  return {
    configuration: () => ({
      general: { apiKey: auth.apiKey, maxSessionAge: auth.maxSessionAgeSecs },
      plugins: ({ include }: { include?: readonly string[] | null }) => selectSettings(settings, include),
    }),
    configurePlugin: ({ plugin_id: id, input }: { plugin_id: string; input: object }) => {
      const stored = storedMap(input);
      settings.set(id, stored);
      return stored;
    },
    version: () => ({ version: 'v0.30.1', hash: 'cf3489ef', build_time: '2025-12-18 00:00:00' }),
    systemStatus: () => ({
      databaseSchema: { ready: 75, locked: 75, needsMigration: 74, needsSetup: null }[database.condition],
      databasePath: '/root/.stash/stash-go.sqlite',
      configPath: '/root/.stash/config.yml',
      appSchema: 75,
      status: systemStatusOf(database.condition),
    }),
  };
}

/** Jobs, plugin tasks and plugin operations. */
export function jobResolvers({ jobs }: StashState) {
  const view = (job: Job) => ({ ...job, subTasks: null, progress: jobs.progress(job.id) });
  return {
    jobQueue: () => {
      const queued = jobs.queued();
      return queued.length === 0 ? null : queued.map(view);
    },
    findJob: ({ input }: { input: { id: string } }) => {
      const job = jobs.find(Number(input.id));
      return job === undefined ? null : view(job);
    },
    runPluginTask: (args: RunTaskArgs) => {
      const { plugin_id: pluginId, task_name: taskName = null } = args;
      const what = args.description ?? taskName ?? pluginId;
      const { runner } = jobs;
      const request = { pluginId, taskName, args: args.args_map ?? {} };
      const start = runner === null ? null : () => runner.startTask(request);
      return String(jobs.add(`Running plugin task: ${what}`, start));
    },
    runPluginOperation: ({ plugin_id: pluginId, args }: RunOperationArgs) => {
      if (jobs.runner === null) throw new Error('Internal system error. No plugin is attached to the double');
      return jobs.runner.runOperation(pluginId, args ?? {});
    },
    stopJob: ({ job_id: id }: { job_id: string }) => {
      jobs.stop(Number(id));
      return true;
    },
    stopAllJobs: () => {
      jobs.stopAll();
      return true;
    },
  };
}
