import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';
import { errorCode, StorageError } from './StorageError.ts';

/** A connection to the plugin's SQLite database. */
export type Database = BetterSqlite3.Database;

/** How long a statement waits for another process to finish its transaction. */
const BUSY_TIMEOUT_MS = 10_000;
const WAL_RETRY_MS = 10;

export interface OpenDatabaseOptions {
  /** `full` survives a power cut at the cost of one flush per transaction; `normal` survives any kill. */
  durability: 'full' | 'normal';
}

/**
 * Opens the database at `path`, creating the folder, the file and the current schema when needed.
 *
 * @throws StorageError when the file cannot be opened, is no database, or was written by a newer version.
 */
export function openDatabase(path: string, { durability }: OpenDatabaseOptions): Database {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const db = new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      db.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
      migrate(db, path);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw StorageError.from(error, `The data file ${path} cannot be used`);
  }
}

/** Brings the schema up to date; one read when there is nothing to do, as in nearly every process. */
function migrate(db: Database, path: string): void {
  const current = schemaVersion(db);
  if (current === MIGRATIONS.length) return;
  if (current > MIGRATIONS.length) throw newerSchema(path, current);
  switchToWal(db);
  db.transaction(() => {
    // Another process may have been faster: look again under the write lock.
    for (const sql of MIGRATIONS.slice(schemaVersion(db))) {
      db.exec(sql);
      db.pragma(`user_version = ${schemaVersion(db) + 1}`);
    }
  }).immediate();
}

/**
 * WAL is a property of the file and cannot be set inside a transaction; setting it twice does no harm. SQLite does not wait for
 * another process here, whatever the busy time-out: two hooks that create the file at the same time would lose an event.
 */
function switchToWal(db: Database): void {
  for (let waitedMs = 0; ; waitedMs += WAL_RETRY_MS) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!errorCode(error).startsWith('SQLITE_BUSY') || waitedMs >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_RETRY_MS);
    }
  }
}

function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function newerSchema(path: string, found: number): StorageError {
  return new StorageError(
    'unusable',
    `The data file ${path} was written by a newer version of Stash2Plex (schema ${found}, this version knows ${MIGRATIONS.length}). Install that version or newer.`,
  );
}
