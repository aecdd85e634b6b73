import { existsSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { Database } from '../storage/openDatabase.ts';
import { isDamage } from './salvageRows.ts';

/**
 * Does something with a table in a copy of a database of the Python plugin, its write-ahead log included.
 *
 * @param pattern of the table's name, as `LIKE` has it.
 * @returns undefined when there is no such file, or it is empty; `damaged` when nothing of it can be read.
 * @throws what `work` throws, but damage.
 */
export function withCopy<T>(
  path: string,
  pattern: string,
  work: (db: Database, table: string) => T,
): T | 'damaged' | undefined {
  const bytes = sizeOf(path) + sizeOf(`${path}-wal`);
  if (bytes === 0) return undefined;
  if (!existsSync(path)) return 'damaged';
  let db: Database | undefined;
  try {
    db = new BetterSqlite3(path, { fileMustExist: true });
    // Closing it folds the log into the copy, which nobody needs.
    db.pragma('synchronous = OFF');
    const table = tableLike(db, pattern);
    // The Python plugin never leaves one without its table; SQLite takes a file that is cut off for an empty one.
    return table === undefined ? 'damaged' : work(db, table);
  } catch (error) {
    if (isDamage(error)) return 'damaged';
    throw error;
  } finally {
    db?.close();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The first table whose name fits, as the Python plugin itself looks for it. */
function tableLike(db: Database, pattern: string): string | undefined {
  const name = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ? ORDER BY rowid LIMIT 1")
    .pluck()
    .get(pattern);
  return typeof name === 'string' ? name : undefined;
}
