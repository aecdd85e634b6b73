import type { LogMessage } from './PluginLog.ts';
import type { PluginResult } from './parsePluginOutput.ts';

/** Everything that Stash could see of one finished run. */
export interface PluginRun {
  readonly stdout: string;
  readonly result: PluginResult;
  readonly logs: readonly LogMessage[];
  /** Reported progress, 0..1; empty for hooks and operations, where Stash ignores it. */
  readonly progress: readonly number[];
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  /** A line over 64 KiB made Stash close its end of stderr. */
  readonly stderrBroken: boolean;
  readonly stderrRaw: string;
  /** The plugin closed stdin before it had read all of it (Stash logs a broken-pipe warning). */
  readonly stdinBroken: boolean;
  /** The program could not be started; ends the chain of hooks (section 7). */
  readonly startFailed: boolean;
}

/** A run that is under way. */
export interface PluginProcess {
  /** Process id of the direct child; 0 if it could not be started. */
  readonly pid: number;
  /** Progress so far; grows while the process runs. */
  readonly progress: readonly number[];
  /** Log messages so far; grows while the process runs. */
  readonly logs: readonly LogMessage[];
  /** Settles when stdout has reached EOF **and** the direct child has exited. Never rejects. */
  readonly finished: Promise<PluginRun>;
  /** SIGKILL to the direct child only, as Stash stops a plugin: descendants live on. */
  kill(): void;
}
