import { sortedKeys } from './goJson.ts';
import type { HookContext, PluginHost, PluginHostOptions } from './PluginHost.ts';
import { PluginLauncher } from './PluginLauncher.ts';
import type { PluginHook } from './PluginManifest.ts';
import type { PluginProcess, PluginRun } from './PluginProcess.ts';

export { loadPlugin } from './loadPlugin.ts';
export type { HookContext, PluginHost, PluginHostOptions } from './PluginHost.ts';
export type { LogLevel, LogMessage } from './PluginLog.ts';
export type { PluginHook, PluginManifest, PluginSetting, PluginTask } from './PluginManifest.ts';
export type { PluginProcess, PluginRun } from './PluginProcess.ts';
export type { PluginResult } from './parsePluginOutput.ts';
export type { ServerConnection, SessionCookie } from './ServerConnection.ts';
export { sessionCookie } from './ServerConnection.ts';

/** The `hookContext` value in Stash's key order; its input is a Go struct, so its keys are not sorted. */
function hookContextValue(trigger: string, context: HookContext): Record<string, unknown> {
  const fields = context.inputFields ?? [];
  const value = { id: context.id, type: trigger, input: context.input };
  return fields.length === 0 ? value : { ...value, inputFields: fields };
}

/** A hook's arguments: only the top level is a Go map (sorted keys), the rest has the order of Go structs. */
function hookArgs(hook: PluginHook, trigger: string, context: HookContext): Record<string, unknown> {
  const args = { ...hook.defaultArgs, hookContext: hookContextValue(trigger, context) };
  return Object.fromEntries(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Makes the host of one plugin. Throws if the yml does not load or is not of the `raw` interface. */
export function createPluginHost(options: PluginHostOptions): PluginHost {
  const launcher = new PluginLauncher(options);
  const { manifest } = launcher;
  const hooksFor = (trigger: string) => manifest.hooks.filter((hook) => hook.triggeredBy.includes(trigger));
  const startHook = (hook: PluginHook, trigger: string, context: HookContext): PluginProcess => {
    const stdin = launcher.document(hookArgs(hook, trigger, context));
    return launcher.launch({ execArgs: hook.execArgs, stdin, keepsProgress: false });
  };
  const host: PluginHost = {
    manifest,
    startTask: (taskName, argsMap = {}) => {
      const task = manifest.tasks.find((candidate) => candidate.name === taskName);
      if (task === undefined) throw new Error(`no task with name ${taskName} in plugin ${manifest.id}`);
      const stdin = launcher.document(sortedKeys({ ...task.defaultArgs, ...argsMap }));
      return launcher.launch({ execArgs: task.execArgs, stdin, keepsProgress: true });
    },
    startOperation: (args = {}) =>
      launcher.launch({ execArgs: [], stdin: launcher.document(sortedKeys(args)), keepsProgress: false }),
    startHook: (trigger, context) => {
      const hook = hooksFor(trigger)[0];
      if (hook === undefined) throw new Error(`no hook of plugin ${manifest.id} is triggered by ${trigger}`);
      return startHook(hook, trigger, context);
    },
    startRaw: (stdin) => launcher.launch({ execArgs: [], stdin, keepsProgress: true }),
    runTask: (taskName, argsMap) => host.startTask(taskName, argsMap).finished,
    runOperation: (args) => host.startOperation(args).finished,
    runHook: (trigger, context) => host.startHook(trigger, context).finished,
    runRaw: (stdin) => host.startRaw(stdin).finished,
    runHooks: async (trigger, context) => {
      const runs: PluginRun[] = [];
      for (const hook of hooksFor(trigger)) {
        const run = await startHook(hook, trigger, context).finished;
        runs.push(run);
        if (run.startFailed) break;
      }
      return runs;
    },
  };
  return host;
}
