/** A task to run, as `runPluginTask` was called. */
export interface PluginTaskRequest {
  readonly pluginId: string;
  readonly taskName: string | null;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The work of a running job. */
export interface JobWork {
  /** Settles when the work is over; a rejection makes the job FAILED. */
  readonly finished: Promise<unknown>;
  /** 0..1, or null while it is indefinite. */
  progress(): number | null;
  kill(): void;
}

/** Runs plugins for the double's mutations; `createStash` installs one that starts real processes. */
export interface PluginRunner {
  /** Throws (→ job FAILED) for an unknown plugin or task. */
  startTask(request: PluginTaskRequest): JobWork;
  /** The operation's output. Rejects with the plugin's error. */
  runOperation(pluginId: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
}
