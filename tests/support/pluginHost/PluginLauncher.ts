import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, resolve } from 'node:path';
import { goJson } from './goJson.ts';
import { loadPlugin } from './loadPlugin.ts';
import type { PluginHostOptions } from './PluginHost.ts';
import type { PluginManifest } from './PluginManifest.ts';
import type { PluginProcess } from './PluginProcess.ts';
import { resolveCommand } from './resolveCommand.ts';
import { spawnPlugin } from './spawnPlugin.ts';

const SEARCH_PATH = 'PATH';

function environment(options: PluginHostOptions): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  if (options.nodePath !== undefined) {
    env[SEARCH_PATH] = [options.nodePath, env[SEARCH_PATH] ?? ''].join(delimiter);
  }
  return env;
}

/** One run of the plugin: what differs between a task, an operation and a hook. */
export interface Launch {
  readonly execArgs: readonly string[];
  readonly stdin: string | Buffer | null;
  /** False for hooks and operations, where Stash ignores progress. */
  readonly keepsProgress: boolean;
}

/** Knows where the plugin lives and how Stash calls it; starts one process per {@link Launch}. */
export class PluginLauncher {
  readonly manifest: PluginManifest;
  readonly #options: PluginHostOptions;
  readonly #cwd: string;
  readonly #pluginDir: string;

  constructor(options: PluginHostOptions) {
    const { cwd = tmpdir(), ymlPath } = options;
    const keepsRelative = options.cwd !== undefined && !isAbsolute(ymlPath);
    const ymlFile = keepsRelative ? resolve(cwd, ymlPath) : resolve(ymlPath);
    this.#options = options;
    this.#cwd = cwd;
    this.#pluginDir = keepsRelative ? dirname(ymlPath) : dirname(ymlFile);
    this.manifest = loadPlugin(ymlFile);
    if (this.manifest.interface !== 'raw') {
      throw new Error(`interface ${this.manifest.interface} is not supported by the plugin host`);
    }
  }

  /** The stdin document around `args`: `server_connection` first, `PluginDir` filled in. */
  document(args: unknown): string {
    const connection = this.#options.connection();
    const filledIn = connection.PluginDir === '' ? { ...connection, PluginDir: this.#pluginDir } : connection;
    return goJson({ server_connection: filledIn, args });
  }

  /** Starts a process: argv from the yml, environment inherited, working directory elsewhere. */
  launch({ execArgs, stdin, keepsProgress }: Launch): PluginProcess {
    const { exec, errLog } = this.manifest;
    const env = environment(this.#options);
    const command = resolveCommand(exec, execArgs, this.#pluginDir, env[SEARCH_PATH] ?? '');
    return spawnPlugin({ command, cwd: this.#cwd, env, stdin, errLog, keepsProgress });
  }
}
