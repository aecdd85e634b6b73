import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type ExclusiveLock, tryExclusiveLock } from './exclusiveLock.ts';
import { MIGRATIONS } from './migrations.ts';
import { errorCode, StorageError } from './StorageError.ts';
import { newerSchema, schemaVersion } from './schemaVersion.ts';

/** A connection to the plugin's SQLite database. */
export type Database = BetterSqlite3.Database;

/** How long a statement waits for another process to finish its transaction. */
const BUSY_TIMEOUT_MS = 10_000;
const RETRY_MS = 10;

export interface OpenDatabaseOptions {
  /** `full` survives a power cut at the cost of one flush per transaction; `normal` survives any kill. */
  durability: 'full' | 'normal';
  /**
   * Called by the one process that finds out that this file system cannot carry SQLite's write-ahead log, and goes back to a rollback
   * journal for good. @param sentence for the user.
   */
  onWithoutWal?: (sentence: string) => void;
}

/**
 * Opens the database at `path`, creating the folder, the file and the current schema when needed.
 *
 * @throws StorageError when the file cannot be opened, is no database, or was written by a newer version.
 */
export function openDatabase(path: string, { durability, onWithoutWal }: OpenDatabaseOptions): Database {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const { db, sentence } = openCurrent(path) ?? setUp(path);
    try {
      // Without a write-ahead log anything less can damage the file in a power cut.
      const isFull = durability === 'full' || db.pragma('journal_mode', { simple: true }) !== 'wal';
      db.pragma(`synchronous = ${isFull ? 'FULL' : 'NORMAL'}`);
      if (sentence !== undefined) onWithoutWal?.(sentence);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw StorageError.from(error, `The data file ${path} cannot be used`);
  }
}

interface Opened {
  db: Database;
  /** What is to be said about how it was opened. */
  sentence?: string;
}

/** As nearly every process finds it: one read. @returns undefined when there is something to set up. */
function openCurrent(path: string): Opened | undefined {
  try {
    return connected(path, (db) => (isCurrent(db, path) ? { db } : undefined));
  } catch (error) {
    if (isWithoutSharedMemory(error)) return undefined;
    throw error;
  }
}

/**
 * Brings journal and schema up to date, one process after another: in the moment in which a file system turns out not to carry a
 * write-ahead log, nobody else must open the file, or change its journal under somebody who writes.
 */
function setUp(path: string): Opened {
  const lock = takeSetUpLock(path);
  try {
    const db = connected(path, (opened) => {
      if (!isCurrent(opened, path)) {
        switchToWal(opened);
        migrate(opened);
      }
      return opened;
    });
    return { db };
  } catch (error) {
    if (!isWithoutSharedMemory(error)) throw error;
    leaveWal(path);
    const db = connected(path, (opened) => {
      if (!isCurrent(opened, path)) migrate(opened);
      return opened;
    });
    return { db, sentence: withoutWal(path, errorCode(error)) };
  } finally {
    lock.release();
  }
}

function takeSetUpLock(path: string): ExclusiveLock {
  const lock = tryExclusiveLock(`${path}.setup.lock`, BUSY_TIMEOUT_MS);
  if (lock) return lock;
  throw new StorageError('busy', `Another process is setting up the data file ${path}; it is tried again.`);
}

/** Opens the file for `use`, and closes it unless `use` returns something. */
function connected<T>(path: string, use: (db: Database) => T): T {
  const db = new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS });
  let result: T | undefined;
  try {
    result = use(db);
    return result;
  } finally {
    if (result === undefined) db.close();
  }
}

/** @throws StorageError when the schema is that of a newer version. */
function isCurrent(db: Database, path: string): boolean {
  const version = schemaVersion(db);
  if (version > MIGRATIONS.length) throw newerSchema(path, version);
  return version === MIGRATIONS.length;
}

function migrate(db: Database): void {
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(schemaVersion(db))) {
      db.exec(sql);
      db.pragma(`user_version = ${schemaVersion(db) + 1}`);
    }
  }).immediate();
}

/**
 * WAL is a property of the file and cannot be set inside a transaction; setting it twice does no harm. Where shared memory is
 * impossible this succeeds nevertheless, and whatever comes next fails.
 */
function switchToWal(db: Database): void {
  retryWhileBusy(() => db.pragma('journal_mode = WAL', { simple: true }) !== undefined);
}

/** With an exclusive lock SQLite does without shared memory, so that it can take over what a write-ahead log holds. */
function leaveWal(path: string): void {
  retryWhileBusy(() => {
    const db = new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      db.pragma('locking_mode = EXCLUSIVE');
      return db.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
    } finally {
      db.close();
    }
  });
}

/** SQLite does not wait for another process when it changes the journal, whatever the busy time-out. */
function retryWhileBusy(act: () => boolean): void {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    try {
      if (act() || waitedMs >= BUSY_TIMEOUT_MS) return;
    } catch (error) {
      if (!errorCode(error).startsWith('SQLITE_BUSY') || waitedMs >= BUSY_TIMEOUT_MS) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
  }
}

/**
 * How a file system says that it cannot share memory or its locks: 9p of virtual machines, SMB and some other mounts. A file that cannot
 * be opened at all says `SQLITE_CANTOPEN` as well, and says it again without a write-ahead log.
 */
function isWithoutSharedMemory(error: unknown): boolean {
  const code = errorCode(error);
  return (
    code.startsWith('SQLITE_IOERR_SHM') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PROTOCOL'
  );
}

function withoutWal(path: string, code: string): string {
  return `The file system of ${dirname(path)} does not let processes share memory (${code}), so the queue works with a slower kind of journal. Nothing is lost by that; faster is a folder on a local disk, named by STASH_PLUGIN_DATA in Stash's environment.`;
}
