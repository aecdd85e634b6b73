import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentFiles, leftovers, STATE_FILES } from './pythonFiles.ts';

/**
 * Puts the Python plugin's files out of the way, into a folder from which they can be put back: its own by moving them, the state that
 * both plugins use as a copy. Can be repeated after a crash.
 *
 * @param moved which of its content files to move.
 * @throws what the file system throws.
 */
export function keepFiles(source: string, backup: string, moved: readonly string[]): void {
  mkdirSync(backup, { recursive: true });
  for (const name of STATE_FILES) copyOnce(join(source, name), join(backup, name));
  // The queue's files belong together, and a folder moves in one step.
  const isQueueMoved = moved.some((name) => name.startsWith('queue/')) && !existsSync(join(backup, 'queue'));
  if (isQueueMoved) renameSync(join(source, 'queue'), join(backup, 'queue'));
  for (const name of moved) move(join(source, name), join(backup, name));
  // Whatever is there still belongs to a plugin that is still in use.
  if (contentFiles(source).length > 0) return;
  for (const name of leftovers(source)) move(join(source, name), join(backup, name));
}

/** State that is still missing here is taken from a data folder that lies elsewhere. */
export function adoptState(source: string, dataFolder: string): void {
  if (source === dataFolder) return;
  for (const name of STATE_FILES) copyOnce(join(source, name), join(dataFolder, name));
}

/** A name in the folder that is not in use: the date, and a number where one is needed. */
export function backupFolder(source: string, nowMs: number): string {
  const date = new Date(nowMs).toISOString().slice(0, 10);
  const base = join(source, `python-plugin-${date}`);
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? base : `${base}-${number}`;
    if (!existsSync(folder)) return folder;
  }
}

/**
 * Names of the content files that are still as they were when they were read. A database that has changed in one of its files counts as
 * changed in all.
 *
 * @param then SHA-256 of each file when it was read, by its name.
 * @param now the same of those that are there now.
 */
export function unchanged(
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const changed = Object.keys(now).filter((name) => then[name] !== now[name]);
  const changedParts = new Set(changed.map(partOf));
  return Object.keys(now).filter((name) => !changedParts.has(partOf(name)));
}

/** The database, without what SQLite hangs to its file's name. */
function partOf(name: string): string {
  return name.replace(/-(wal|journal)$/, '');
}

function copyOnce(from: string, to: string): void {
  if (!existsSync(from) || existsSync(to)) return;
  // Under another name until it is whole.
  copyFileSync(from, `${to}.part`);
  renameSync(`${to}.part`, to);
}

function move(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, existsSync(to) ? freeName(to) : to);
}

function freeName(path: string): string {
  for (let number = 2; ; number += 1) {
    if (!existsSync(`${path}-${number}`)) return `${path}-${number}`;
  }
}
