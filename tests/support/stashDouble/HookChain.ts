import type { HookContext, PluginHost } from '../pluginHost/PluginHost.ts';
import type { PluginRun } from '../pluginHost/PluginProcess.ts';
import type { ServerLog } from './ServerLog.ts';

/** Runs the hooks of section 8: one after another, inside the mutation (or job) that fires them. */
export class HookChain {
  readonly #log: ServerLog;
  #hosts: readonly PluginHost[] = [];

  constructor(log: ServerLog) {
    this.#log = log;
  }

  /** From now on these plugins hear of events, in walk order; those before them no longer do. */
  attach(hosts: readonly PluginHost[]): void {
    this.#hosts = hosts;
  }

  /** Runs the hooks of the plugins for each event; a plugin that cannot start ends the chain of that event. */
  async fire(
    trigger: string,
    contexts: readonly HookContext[],
    hosts: readonly PluginHost[] = this.#hosts,
  ): Promise<PluginRun[]> {
    const all: PluginRun[] = [];
    for (const context of contexts) {
      for (const host of hosts) {
        const runs = await host.runHooks(trigger, context);
        this.#note(trigger, host, runs);
        all.push(...runs);
        if (runs.some(({ startFailed }) => startFailed)) break;
      }
    }
    return all;
  }

  /** What the hooks answered goes to Stash's log only: the caller of the mutation sees nothing of it. */
  #note(trigger: string, { manifest }: PluginHost, runs: readonly PluginRun[]): void {
    const listening = manifest.hooks.filter((hook) => hook.triggeredBy.includes(trigger));
    for (const [position, { result }] of runs.entries()) {
      if (result.error === undefined) continue;
      this.#log.add('error', `${trigger} [${listening[position]?.name}]: returned error: ${result.error}`);
    }
  }
}
