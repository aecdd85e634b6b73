import type { PluginManifest } from './PluginManifest.ts';
import type { PluginProcess, PluginRun } from './PluginProcess.ts';
import type { ServerConnection } from './ServerConnection.ts';

/** What an event says about the object; `type` is added by the host. */
export interface HookContext {
  readonly id: number;
  readonly input: unknown;
  /** Left out of the document when absent or empty. */
  readonly inputFields?: readonly string[];
}

/** How to run the plugin. */
export interface PluginHostOptions {
  /** Relative to `cwd` when that is given (the plugin directory then stays relative, as under a relative plugins path). */
  readonly ymlPath: string;
  /** Called for every run, so that each gets a fresh cookie. An empty `PluginDir` is filled in. */
  readonly connection: () => ServerConnection;
  /** Stash's own working directory; default `os.tmpdir()`. */
  readonly cwd?: string;
  /** Laid over the inherited environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A directory put in front of PATH, so that `node` resolves there. */
  readonly nodePath?: string;
}

/** Starts one plugin's process exactly as Stash does, once per task, operation or hook. */
export interface PluginHost {
  readonly manifest: PluginManifest;
  /** Starts a task of the yml; `argsMap` wins over its `defaultArgs`. Throws for an unknown task. */
  startTask(taskName: string, argsMap?: Readonly<Record<string, unknown>>): PluginProcess;
  /** Starts an operation (also a task without name): only the arguments passed. */
  startOperation(args?: Readonly<Record<string, unknown>>): PluginProcess;
  /** Starts the first hook of the yml that listens to the trigger. Throws if there is none. */
  startHook(trigger: string, hookContext: HookContext): PluginProcess;
  /** Starts the plugin with any bytes on stdin; null = none (the null device). */
  startRaw(stdin: string | Buffer | null): PluginProcess;
  runTask(taskName: string, argsMap?: Readonly<Record<string, unknown>>): Promise<PluginRun>;
  runOperation(args?: Readonly<Record<string, unknown>>): Promise<PluginRun>;
  runHook(trigger: string, hookContext: HookContext): Promise<PluginRun>;
  runRaw(stdin: string | Buffer | null): Promise<PluginRun>;
  /** Runs every hook that listens to the trigger, in yml order, one after another; a failed start ends the chain. */
  runHooks(trigger: string, hookContext: HookContext): Promise<PluginRun[]>;
}
