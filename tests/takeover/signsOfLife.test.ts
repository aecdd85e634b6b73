import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isLocked, QUIET_MS, signOfLife } from '../../src/takeover/signsOfLife.ts';
import { copyRealFolder, writeFile } from '../support/pythonPlugin/pythonFolder.ts';
import { tempFolder } from '../support/tempFolder.ts';

const NOW_MS = Date.UTC(2026, 0, 11, 12);
const hasFlock = existsSync('/proc/locks') && spawnSync('flock', ['--version']).status === 0;
const IN_USE = 'one of its processes is at work';

function folder(): string {
  return copyRealFolder(join(tempFolder(), 'data'));
}

/** Holds a lock as the Python plugin does, until the returned function is called. */
async function holdFlock(path: string): Promise<() => Promise<void>> {
  const child = spawn('flock', [path, 'sh', '-c', 'echo held; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, for it starts another process.
    detached: true,
  });
  const ended = once(child, 'close');
  const release = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid);
    await ended;
  };
  onTestFinished(release);
  await once(child.stdout, 'data');
  return release;
}

describe('signOfLife', () => {
  it('is nothing in a folder that was left behind, whatever lock files lie around', () => {
    const data = folder();
    writeFile(data, 'worker.lock', '');
    writeFile(data, 'proc_slots/proc_slot.0', '123');
    expect(signOfLife(data, NOW_MS)).toBeUndefined();
  });

  it.each(['queue/data.db-wal', 'queue/data.db', 'dlq.db', 'sync_timestamps.json', 'hook_autodrain.last'])(
    'is a write to %s within the last minute',
    (name) => {
      const data = folder();
      const writtenAt = (ms: number) => utimesSync(join(data, name), new Date(ms), new Date(ms));
      writtenAt(NOW_MS - QUIET_MS + 1);
      expect(signOfLife(data, NOW_MS)).toBe('it has written its files within the last minute');
      writtenAt(NOW_MS - QUIET_MS);
      expect(signOfLife(data, NOW_MS)).toBeUndefined();
      // A clock that was set back would say so for long (W25).
      writtenAt(NOW_MS + 2 * QUIET_MS);
      expect(signOfLife(data, NOW_MS)).toBeUndefined();
    },
  );

  it('does not take the state files for a sign, which this plugin writes as well', () => {
    const data = folder();
    for (const name of ['stats.json', 'circuit_breaker.json'])
      utimesSync(join(data, name), NOW_MS / 1000, NOW_MS / 1000);
    expect(signOfLife(data, NOW_MS)).toBeUndefined();
  });

  it.runIf(hasFlock).each(['worker.lock', 'proc_slots/proc_slot.3'])(
    'is a process that holds %s',
    async (name) => {
      const data = folder();
      writeFile(data, name, '');
      const release = await holdFlock(join(data, name));
      expect(signOfLife(data, NOW_MS)).toBe(IN_USE);
      await release();
      expect(signOfLife(data, NOW_MS)).toBeUndefined();
    },
  );

  it.runIf(existsSync('/proc/locks'))('is a process that has the queue open', () => {
    const data = folder();
    const db = new BetterSqlite3(join(data, 'queue', 'data.db'));
    db.prepare('SELECT count(*) FROM ack_queue_default').get();
    expect(isLocked(data, '')).toBe(false);
    expect(signOfLife(data, NOW_MS)).toBe(IN_USE);
    db.close();
  });
});

describe('isLocked', () => {
  it('finds a file in the list of locks by its device and number', () => {
    const data = folder();
    writeFile(data, 'worker.lock', '');
    const { dev, ino } = statSync(join(data, 'worker.lock'), { bigint: true });
    const hex = (number: bigint) => number.toString(16).padStart(2, '0');
    const device = `${hex((dev >> 8n) & 0xfffn)}:${hex((dev & 0xffn) | ((dev >> 12n) & 0xffffff00n))}`;
    const line = (where: string) => `1: FLOCK  ADVISORY  WRITE 4242 ${where} 0 EOF\n`;
    expect(isLocked(data, line(`${device}:${ino}`))).toBe(true);
    expect(isLocked(data, line(`${device}:${ino}0`))).toBe(false);
    expect(isLocked(data, line(`ff:ff:${ino}`))).toBe(false);
  });
});
