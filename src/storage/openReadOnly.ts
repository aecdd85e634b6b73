import { existsSync, readFileSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';
import type { Database } from './openDatabase.ts';
import { errorCode, StorageError } from './StorageError.ts';
import { newerSchema, schemaVersion } from './schemaVersion.ts';

/** With a write-ahead log readers wait for nobody; with a rollback journal for a commit at most. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Opens the database at `path` for looking only: its content cannot be changed by this connection, no schema is brought up to date, and no
 * lock is taken that anybody waits for.
 *
 * @returns undefined when there is none yet.
 * @throws StorageError when it cannot be read, or has the schema of another version.
 */
export function openReadOnly(path: string): Database | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return withCurrentSchema(opened(path), path);
  } catch (error) {
    throw StorageError.from(error, `The data file ${path} cannot be read`);
  }
}

function opened(path: string): Database {
  const db = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    // The first look at the content is what fails where it cannot be read.
    schemaVersion(db);
    return db;
  } catch (error) {
    db.close();
    if (!isWithoutSharedMemory(error) || sizeOf(`${path}-wal`) > 0) throw error;
    return copyInMemory(path);
  }
}

/** SQLite reads a file with a write-ahead log through shared memory beside it, which a folder that cannot be written does not take. */
function isWithoutSharedMemory(error: unknown): boolean {
  const code = errorCode(error);
  return ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_IOERR_SHM', 'SQLITE_PROTOCOL'].some((start) =>
    code.startsWith(start),
  );
}

/** Where there is nothing in the log, the file is all there is. Two bytes of its head say that it has a log. */
function copyInMemory(path: string): Database {
  const bytes = readFileSync(path);
  bytes.fill(ROLLBACK_JOURNAL, FORMAT_AT, FORMAT_AT + 2);
  return new BetterSqlite3(bytes, { readonly: true });
}

/** "File format write version" and "read version" of SQLite's file format. */
const FORMAT_AT = 18;
const ROLLBACK_JOURNAL = 1;

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function withCurrentSchema(db: Database, path: string): Database | undefined {
  const version = schemaVersion(db);
  if (version === MIGRATIONS.length) return db;
  db.close();
  // Another process is just setting it up.
  if (version === 0) return undefined;
  throw version > MIGRATIONS.length ? newerSchema(path, version) : olderSchema(path, version);
}

function olderSchema(path: string, found: number): StorageError {
  return new StorageError(
    'unusable',
    `The data file ${path} is that of an earlier version of Stash2Plex (schema ${found}, this version has ${MIGRATIONS.length}). The next event or task brings it up to date: run "View Queue Status".`,
  );
}
