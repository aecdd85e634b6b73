import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LineScanner } from './LineScanner.ts';
import { PluginLog } from './PluginLog.ts';
import type { PluginProcess, PluginRun } from './PluginProcess.ts';
import { type ProcessEnd, parsePluginOutput } from './parsePluginOutput.ts';
import type { PluginCommand } from './resolveCommand.ts';

/** One run, ready to be started. */
export interface PluginSpawn {
  readonly command: PluginCommand;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Bytes for stdin, followed by EOF; null = no stdin at all (the null device). */
  readonly stdin: string | Buffer | null;
  readonly errLog: string;
  readonly keepsProgress: boolean;
}

interface StderrReader {
  readonly broken: () => boolean;
  /** Takes what the kernel still holds, then closes our end; a descendant that keeps stderr open is not waited for. */
  close(): Promise<string>;
}

/** All of stdout, once every process that holds it has closed it. */
function readStdout(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => stream.once('close', resolve));
  return ended.then(() => Buffer.concat(chunks).toString('utf8'));
}

function readStderr(stream: Readable, log: PluginLog): StderrReader {
  const chunks: Buffer[] = [];
  const scanner = new LineScanner((line) => log.addLine(line));
  let turnsWithoutData = 0;
  stream.on('data', (chunk: Buffer) => {
    turnsWithoutData = 0;
    chunks.push(chunk);
    scanner.push(chunk);
    // The read end is closed at once: the plugin's next write to stderr fails with EPIPE.
    if (scanner.tooLong) stream.destroy();
  });
  stream.on('error', () => {});
  const close = async (): Promise<string> => {
    while (!stream.closed && turnsWithoutData < 3) {
      turnsWithoutData += 1;
      await nextTurn();
    }
    stream.destroy();
    scanner.end();
    return Buffer.concat(chunks).toString('utf8');
  };
  return { broken: () => scanner.tooLong, close };
}

/** Writes the document and closes stdin; returns a probe that tells whether the plugin hung up on us. */
function feedStdin(child: ChildProcess, stdin: string | Buffer | null): () => boolean {
  let broken = false;
  child.stdin?.on('error', () => {
    broken = true;
  });
  if (stdin !== null) child.stdin?.end(stdin);
  return () => broken;
}

function failedStart(file: string, cause: NodeJS.ErrnoException, startedMs: number): PluginRun {
  const reason = cause.code === 'ENOENT' ? 'no such file or directory' : (cause.code ?? cause.message);
  return {
    stdout: '',
    result: { error: `error running plugin: fork/exec ${file}: ${reason}` },
    logs: [],
    progress: [],
    exitCode: null,
    signal: null,
    durationMs: performance.now() - startedMs,
    stderrBroken: false,
    stderrRaw: '',
    stdinBroken: false,
    startFailed: true,
  };
}

/** The child's end, or the reason why it never started. */
function processEnd(child: ChildProcess): Promise<ProcessEnd | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', (cause) => {
      if (child.pid === undefined) resolve(cause);
    });
  });
}

/**
 * Starts one plugin process and reads it as Stash does (sections 2, 4 and 5). No shell, no process group of its own, no
 * time limit. The streams are socket pairs rather than Go's pipes, which a program sees only if it asks for the kind.
 */
export function spawnPlugin(run: PluginSpawn): PluginProcess {
  const startedMs = performance.now();
  const log = new PluginLog(run.errLog, run.keepsProgress);
  const child = spawn(run.command.file, run.command.args, {
    argv0: run.command.argv0,
    cwd: run.cwd,
    env: run.env,
    stdio: [run.stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  if (child.stdout === null || child.stderr === null) throw new Error('a piped stream is missing');
  const stdout = readStdout(child.stdout);
  const stderr = readStderr(child.stderr, log);
  const stdinBroken = feedStdin(child, run.stdin);
  const finish = async (): Promise<PluginRun> => {
    const end = await processEnd(child);
    if (end instanceof Error) return failedStart(run.command.file, end, startedMs);
    const text = await stdout;
    const durationMs = performance.now() - startedMs;
    const stderrRaw = await stderr.close();
    return {
      stdout: text,
      result: parsePluginOutput(text, end),
      logs: log.messages,
      progress: log.progress,
      ...end,
      durationMs,
      stderrBroken: stderr.broken(),
      stderrRaw,
      stdinBroken: stdinBroken(),
      startFailed: false,
    };
  };
  return {
    pid: child.pid ?? 0,
    progress: log.progress,
    logs: log.messages,
    finished: finish(),
    kill: () => void child.kill('SIGKILL'),
  };
}
