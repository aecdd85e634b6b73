import { spawnSync } from 'node:child_process';

/** Runs a command to its end. @returns milliseconds of wall-clock time, start included */
export function timeProcess(
  command: string,
  args: readonly string[],
  stdin: string,
  env: NodeJS.ProcessEnv,
): number {
  const startedAt = performance.now();
  const { status, error, stderr } = spawnSync(command, args, {
    input: stdin,
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  const tookMs = performance.now() - startedAt;
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}: ${stderr}`);
  return tookMs;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
