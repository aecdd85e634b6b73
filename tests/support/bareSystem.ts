import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the launcher calls, beside the shell's own commands. */
const TOOLS = ['sh', 'cat', 'dd', 'mv', 'rm', 'mkdir', 'tr', 'sed', 'ps', 'setsid', 'env', 'sleep'];

/** Makes the folder the whole PATH of a system that has a shell and its tools, but no Node. @param programs further ones, as scripts */
export function bareSystem(folder: string, programs: Readonly<Record<string, string>> = {}): string {
  for (const tool of TOOLS) {
    const found = (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((directory) => join(directory, tool))
      .find((path) => existsSync(path));
    if (found !== undefined) symlinkSync(found, join(folder, tool));
  }
  for (const [name, script] of Object.entries(programs)) writeProgram(join(folder, name), script);
  return folder;
}

/** A shell script that can be run. */
export function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Python itself, not what a version manager puts on PATH; undefined where there is none, or without pip. */
export function pythonWithPip(): string | undefined {
  try {
    const python = execFileSync('python3', ['-c', 'import sys, pip; print(sys.executable)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return python.trim();
  } catch {
    return undefined;
  }
}
