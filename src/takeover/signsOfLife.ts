import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentFiles, namesIn } from './pythonFiles.ts';

/** Files that a process of the Python plugin keeps locked: SQLite's, the drain lock, its slots. */
const LOCKED_FILES = ['queue/data.db', 'queue/data.db-shm', 'dlq.db', 'worker.lock'];
/** Written by every event and every job of the Python plugin, and by nobody else. */
const FRESH_FILES = ['hook_autodrain.last'];

/** After so long without a write it counts as replaced. */
export const QUIET_MS = 60_000;

/** Why a folder of the Python plugin seems to be in use, as a part of a sentence; undefined when nothing speaks for it. */
export function signOfLife(folder: string, nowMs: number): string | undefined {
  if (isLocked(folder, lockTable())) return 'one of its processes is at work';
  const written = [...contentFiles(folder), ...FRESH_FILES].some((name) =>
    isFresh(join(folder, name), nowMs),
  );
  return written ? 'it has written its files within the last minute' : undefined;
}

/**
 * Whether a process has a lock on one of the files. Node has no way to try such a lock; Linux lists them.
 *
 * @param locks content of `/proc/locks`.
 */
export function isLocked(folder: string, locks: string): boolean {
  if (locks === '') return false;
  const slots = namesIn(join(folder, 'proc_slots')).map((name) => `proc_slots/${name}`);
  return [...LOCKED_FILES, ...slots.filter((name) => name.includes('proc_slot.'))].some((name) => {
    const stat = statSync(join(folder, name), { bigint: true, throwIfNoEntry: false });
    return stat !== undefined && locks.includes(` ${deviceText(stat.dev)}:${stat.ino} `);
  });
}

/** A device's number as that list has it. */
function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return [major, minor].map((number) => number.toString(16).padStart(2, '0')).join(':');
}

function lockTable(): string {
  try {
    return readFileSync('/proc/locks', 'utf8');
  } catch {
    return '';
  }
}

/** A time ahead of the clock by more than that is the clock's fault. */
function isFresh(path: string, nowMs: number): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(nowMs - stat.mtimeMs) < QUIET_MS;
}
