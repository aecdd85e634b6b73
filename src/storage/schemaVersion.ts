import type BetterSqlite3 from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';
import { StorageError } from './StorageError.ts';

/** The number of schema steps that a database has seen; 0 for a new file. */
export function schemaVersion(db: BetterSqlite3.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** What to say of a file that a newer version of the plugin wrote. */
export function newerSchema(path: string, found: number): StorageError {
  return new StorageError(
    'unusable',
    `The data file ${path} was written by a newer version of Stash2Plex (schema ${found}, this version knows ${MIGRATIONS.length}). Install that version or newer.`,
  );
}
