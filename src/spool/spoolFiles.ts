import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../storage/StorageError.ts';

/** A file of the spool. */
export interface SpoolFile {
  name: string;
  path: string;
  /** A launcher gave it its name, so that it is whole; otherwise it was left in the middle. */
  isWhole: boolean;
}

/** A launcher is done with its file within a second; who is killed leaves it, and a power cut may take back its name. */
const ABANDONED_AFTER_MS = 60_000;
/** Well above what a launcher writes. */
const MOST_BYTES = 1024 * 1024;

/**
 * What waits in the spool, oldest first; of equal times in the order of their names. A clock that was set back mixes events up, which
 * does no harm: each asks for the scene as it is in Stash by then.
 */
export function spoolFiles(folder: string, nowMs: number): SpoolFile[] {
  const found = namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    const isWhole = name.endsWith('.json');
    if (!stats || (!isWhole && !isAbandoned(name, stats, nowMs))) return [];
    return [{ name, path, isWhole, writtenAt: stats.mtimeNs }];
  });
  found.sort((left, right) => Number(left.writtenAt - right.writtenAt) || (left.name < right.name ? -1 : 1));
  return found;
}

/**
 * @returns the text; undefined when another process has taken the file in by now.
 * @throws UnusableFile
 */
export function readSpoolFile({ path }: SpoolFile): string | undefined {
  let descriptor: number | undefined;
  try {
    // No link is followed, and no pipe waited for.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new UnusableFile('is no file');
    if (stats.size > MOST_BYTES) throw new UnusableFile('is far too large');
    return readFileSync(descriptor, 'utf8');
  } catch (error) {
    if (error instanceof UnusableFile) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    throw new UnusableFile(`cannot be read (${code})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** What is in the spool and is no event. The message says why, and never quotes the content. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // There is no spool, so launchers write none.
    return [];
  }
}

function isAbandoned(name: string, { mtimeMs }: BigIntStats, nowMs: number): boolean {
  return name.endsWith('.part') && Math.abs(nowMs - Number(mtimeMs)) > ABANDONED_AFTER_MS;
}
