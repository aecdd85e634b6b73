import { existsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { Database } from '../storage/openDatabase.ts';
import { isDamage } from './salvageRows.ts';

/**
 * Does something with a copy of a database of the Python plugin, its write-ahead log included.
 *
 * @returns undefined when there is no such file, or nothing to be done; `damaged` when nothing of it can be read.
 * @throws what `work` throws, but damage.
 */
export function withCopy<T>(path: string, work: (db: Database) => T | undefined): T | 'damaged' | undefined {
  if (!existsSync(path)) return existsSync(`${path}-wal`) ? 'damaged' : undefined;
  let db: Database | undefined;
  try {
    db = new BetterSqlite3(path, { fileMustExist: true });
    return work(db);
  } catch (error) {
    if (isDamage(error)) return 'damaged';
    throw error;
  } finally {
    db?.close();
  }
}

/** The first table whose name fits, as the Python plugin itself looks for it. */
export function tableLike(db: Database, pattern: string): string | undefined {
  const name = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ? ORDER BY rowid LIMIT 1")
    .pluck()
    .get(pattern);
  return typeof name === 'string' ? name : undefined;
}
