import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flushCommits } from '../../src/storage/flushCommits.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { StorageError } from '../../src/storage/StorageError.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A database that is used, and its write-ahead log out of reach. */
function withoutLog(durability: 'full' | 'normal') {
  const path = join(tempFolder(), 'data.db');
  const db = openDatabase(path, { durability });
  db.prepare('INSERT INTO noticed_changes VALUES (1, ?, 1)').run('now');
  renameSync(`${path}-wal`, `${path}-gone`);
  return { db, back: () => renameSync(`${path}-gone`, `${path}-wal`) };
}

describe('flushing what was committed', () => {
  it('reaches the write-ahead log, and says so when it cannot', async () => {
    const { db, back } = withoutLog('normal');
    const failure = await flushCommits(db).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StorageError);
    expect(failure).toMatchObject({ kind: 'unusable', message: expect.stringContaining('(ENOENT)') });
    back();
    await flushCommits(db);
    expect(db.prepare('SELECT count(*) FROM noticed_changes').pluck().get()).toBe(1);
  });

  it('has nothing to do where every commit is flushed', async () => {
    await flushCommits(withoutLog('full').db);
  });
});
