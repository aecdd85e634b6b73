import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { errorCode, StorageError } from './StorageError.ts';

/** An exclusive right that ends with the process that holds it, however that process ends. */
export interface ExclusiveLock {
  release(): void;
}

/**
 * Tries to take the lock at `path`, waiting at most `waitMs` for its holder.
 *
 * The lock is SQLite's own exclusive lock on an otherwise empty database file: the operating system drops it
 * the moment the holder dies, SIGKILL included, on every platform that SQLite runs on. A lock file with a time
 * stamp would keep everybody out until it counts as stale. A left-over file means nothing.
 *
 * @returns the lock, or undefined when another process holds it.
 * @throws StorageError when the file cannot be locked at all, which is not the same as "held" (W24).
 */
export function tryExclusiveLock(path: string, waitMs = 0): ExclusiveLock | undefined {
  let db: BetterSqlite3.Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    db = new BetterSqlite3(path, { timeout: waitMs });
    db.exec('BEGIN EXCLUSIVE');
    const held = db;
    return { release: () => held.close() };
  } catch (error) {
    db?.close();
    if (errorCode(error).startsWith('SQLITE_BUSY')) return undefined;
    throw StorageError.from(error, `The lock file ${path} cannot be used`);
  }
}
