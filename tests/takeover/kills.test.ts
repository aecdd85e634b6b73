import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { pickle } from '../support/pythonPlugin/pickle.ts';
import {
  bytesOf,
  completeJob,
  deferredJob,
  quiet,
  waiting,
  writeDeadLetters,
  writeFile,
  writeQueue,
} from '../support/pythonPlugin/pythonFolder.ts';
import { takeOverHere } from '../support/pythonPlugin/takeOverHere.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { openTakeover } from './openTakeover.ts';

const KILLS = 100;
/** Processes at once. */
const AT_ONCE = 4;
const SCRIPT = fileURLToPath(new URL('../support/pythonPlugin/takeOverInProcess.ts', import.meta.url));
const NOW_MS = Date.UTC(2026, 0, 11, 12);

/** Everything that a folder of the Python plugin can hold, several rows of one scene and unreadable ones included. */
function pythonFolder(): string {
  const folder = join(tempFolder(), 'python');
  const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
  writeQueue(folder, [
    ...numbers.map((id) => waiting(completeJob((id % 150) + 1, { retry_count: id % 5 }))),
    { data: Buffer.from('damaged') },
  ]);
  const job_data = pickle(deferredJob(1));
  writeDeadLetters(
    folder,
    numbers.map((id) => ({ scene_id: (id % 180) + 1, job_id: id, job_data })),
  );
  writeFile(
    folder,
    'sync_timestamps.json',
    Object.fromEntries(numbers.map((id) => [id, 1_760_000_000 + id])),
  );
  writeFile(folder, 'stats.json', { jobs_processed: 7 });
  writeFile(folder, 'worker.lock', '');
  writeFile(folder, 'stats.json.lock', '');
  writeFile(folder, 'cache/cache/cache.db', 'x');
  writeFile(folder, 'proc_slots/proc_slot.0', '1');
  return folder;
}

/** A plugin folder with a copy of that one as its data. */
function installed(python: string): string {
  const pluginFolder = join(tempFolder(), 'plugins', 'own', 'Stash2Plex');
  cpSync(python, join(pluginFolder, 'data'), { recursive: true });
  quiet(join(pluginFolder, 'data'));
  return pluginFolder;
}

/** What came of it, wherever it lies. */
function outcome(pluginFolder: string) {
  const plugin = openTakeover(NOW_MS, join(pluginFolder, '..', '..', '..'));
  try {
    const kept = bytesOf(plugin.record()?.backup ?? '');
    const { content, rows } = plugin;
    // SQLite's own files come and go with a process.
    const left = readdirSync(plugin.dataFolder).filter(
      (name) => !/^(stash2plex\.db|takeover\.lock)/.test(name),
    );
    return { content: content(), kept, left, takeovers: rows('SELECT count(*) AS count FROM takeovers') };
  } finally {
    plugin.db.close();
  }
}

async function startProcess(pluginFolder: string) {
  const child = spawn(process.execPath, [SCRIPT, pluginFolder, String(NOW_MS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  // It may be killed before it has read anything.
  child.stdin.on('error', () => {});
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  await once(child.stdout, 'data');
  return {
    child,
    ended,
    go: () => child.stdin.write('.'),
    tookMs: () => (said.split('\n')[1] ? Number(said.split('\n')[1]) : undefined),
  };
}

it('comes to the same end after a SIGKILL at any of a hundred random points', {
  timeout: 120_000,
}, async () => {
  const python = pythonFolder();
  const reference = installed(python);
  const whole = await startProcess(reference);
  whole.go();
  await whole.ended;
  const expected = outcome(reference);
  expect(expected.content.jobs).toHaveLength(150);
  expect(expected.kept).toEqual(bytesOf(python));
  expect(expected.left).toEqual(['proc_slots', 'python-plugin-2026-01-11', 'stats.json']);
  let interrupted = 0;

  const killOnce = async () => {
    const pluginFolder = installed(python);
    const { child, ended, go, tookMs } = await startProcess(pluginFolder);
    go();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * (whole.tookMs() ?? 0)));
    child.kill('SIGKILL');
    await ended;
    if (tookMs() === undefined) interrupted += 1;
    takeOverHere(pluginFolder, NOW_MS);
    expect(outcome(pluginFolder)).toEqual(expected);
  };
  const inTurn = async () => {
    for (let turn = 0; turn < KILLS / AT_ONCE; turn += 1) await killOnce();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  // Otherwise nothing was tried: most of them do not get to their end.
  expect(interrupted).toBeGreaterThan(KILLS / 4);
});
