import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { PluginProcess } from './PluginProcess.ts';
import { temporaryPlugin } from './temporaryPlugin.ts';

const DEADLINE = { timeout: 20_000, interval: 5 };

/** Starts a descendant with the given stdio, logs its pid, then does what `then` says. */
function parentScript(stdio: string, then: string): string {
  return `
    import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: ${stdio}, detached: true });
    child.unref();
    child.once('spawn', () => {
      process.stdout.write('{"output":"done"}');
      process.stderr.write('\\x01i\\x02' + child.pid + '\\n');
      ${then}
    });`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The pid that the plugin logged; that process is killed after the test at the latest. */
async function descendantOf(run: PluginProcess): Promise<number> {
  const pid = await vi.waitFor(() => {
    const text = run.logs[0]?.text;
    if (text === undefined) throw new Error('nothing logged yet');
    return Number(text);
  }, DEADLINE);
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

async function settledBy(run: PluginProcess): Promise<boolean> {
  let settled = false;
  run.finished.then(() => {
    settled = true;
  });
  await nextTurn();
  await nextTurn();
  return settled;
}

describe('a run', () => {
  test('is not over while a descendant keeps stdout open (PH-15)', async () => {
    const run = temporaryPlugin(parentScript(`['ignore', 'inherit', 'ignore']`, '')).startTask('Run');
    const descendant = await descendantOf(run);
    await vi.waitFor(() => expect(isAlive(run.pid)).toBe(false), DEADLINE);
    expect(await settledBy(run)).toBe(false);
    process.kill(descendant, 'SIGKILL');
    expect((await run.finished).result).toEqual({ output: 'done' });
  });

  test('does not wait for a descendant that holds only stderr (PH-5)', async () => {
    const run = temporaryPlugin(parentScript(`['ignore', 'ignore', 'inherit']`, '')).startTask('Run');
    const descendant = await descendantOf(run);
    expect((await run.finished).result).toEqual({ output: 'done' });
    expect(isAlive(descendant)).toBe(true);
  });

  test('is not over while the process lives on after closing stdout (PH-4)', async () => {
    const script = `
      import { closeSync, existsSync, rmSync } from 'node:fs';
      process.stdout.write('{"output":1}', () => {
        closeSync(1);
        process.stderr.write('\\x01i\\x02closed\\n');
      });
      process.once('SIGTERM', () => process.exit(4));
      setInterval(() => {}, 1e6);`;
    const run = temporaryPlugin(script).startTask('Run');
    await vi.waitFor(() => expect(run.logs).toHaveLength(1), DEADLINE);
    expect(await settledBy(run)).toBe(false);
    process.kill(run.pid, 'SIGTERM');
    expect((await run.finished).result).toEqual({ output: 1, error: 'exit status 4' });
  });
});

describe('kill', () => {
  test('is SIGKILL: no handler runs (PH-6)', async () => {
    const script = `
      process.on('SIGTERM', () => process.exit(0));
      process.on('exit', () => process.stderr.write('\\x01i\\x02cleaned up\\n'));
      process.stderr.write('\\x01p\\x020.5\\n\\x01i\\x02ready\\n');
      setInterval(() => {}, 1e6);`;
    const run = temporaryPlugin(script).startTask('Run');
    await vi.waitFor(() => expect(run.logs).toHaveLength(1), DEADLINE);
    expect(run.progress).toEqual([0.5]);
    run.kill();
    expect(await run.finished).toMatchObject({
      result: { output: '', error: 'signal: killed' },
      exitCode: null,
      signal: 'SIGKILL',
      logs: [{ level: 'info', text: 'ready' }],
    });
  });

  test('reaches the direct child only (PH-6)', async () => {
    const keepsRunning = 'setInterval(() => {}, 1e6);';
    const run = temporaryPlugin(parentScript(`'ignore'`, keepsRunning)).startTask('Run');
    const descendant = await descendantOf(run);
    run.kill();
    expect((await run.finished).result).toEqual({ output: 'done', error: 'signal: killed' });
    expect(isAlive(descendant)).toBe(true);
  });
});
