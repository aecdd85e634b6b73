import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function lookPath(name: string, searchPath: string): string | undefined {
  if (name.includes('/')) return isProgram(name) ? name : undefined;
  return searchPath
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isProgram);
}

/** What to hand to the operating system: the program file, `argv[0]` and the other arguments. */
export interface PluginCommand {
  readonly file: string;
  readonly argv0: string;
  readonly args: readonly string[];
}

/**
 * Builds the command line of a run (section 2): `exec` + `execArgs`, `{pluginDir}` replaced everywhere but in `exec[0]`,
 * which is looked up on PATH and, if it is not there, taken from the plugin's directory.
 */
export function resolveCommand(
  exec: readonly string[],
  execArgs: readonly string[],
  pluginDir: string,
  searchPath: string,
): PluginCommand {
  const [program, ...rest] = exec;
  if (program === undefined) throw new Error('the plugin has no exec');
  const args = [...rest, ...execArgs].map((argument) => argument.replaceAll('{pluginDir}', pluginDir));
  const found = lookPath(program, searchPath);
  if (found !== undefined) return { file: found, argv0: program, args };
  const own = join(pluginDir, program);
  return { file: own, argv0: own, args };
}
