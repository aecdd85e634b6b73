import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { FULL } from './durably.ts';
import type { Database } from './openDatabase.ts';
import { StorageError } from './StorageError.ts';

const flushFile = promisify(fdatasync);

/**
 * Sees to it that a power cut cannot take back what was committed so far, as SQLite does it with `synchronous = FULL`, but without holding
 * up whatever else this process has to do.
 *
 * @throws StorageError
 */
export async function flushCommits(db: Database): Promise<void> {
  if (Number(db.pragma('synchronous', { simple: true })) >= FULL) return;
  try {
    // SQLite has no lock on this file that closing it could end (it has on the two others).
    const log = openSync(`${db.name}-wal`, 'r+');
    try {
      await flushFile(log);
    } finally {
      closeSync(log);
    }
  } catch (error) {
    throw StorageError.from(error, `The data file ${db.name} cannot be written to the disk`);
  }
}
