import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/storage/migrations.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { openReadOnly } from '../../src/storage/openReadOnly.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A data file with one scene that waits, and nobody who has it open. */
function dataFile(): string {
  const path = join(tempFolder(), 'data.db');
  const db = openDatabase(path, { durability: 'normal' });
  db.exec('INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (7, 0, 0)');
  db.close();
  return path;
}

const waiting = (path: string) => {
  const db = openReadOnly(path);
  try {
    return db?.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all();
  } finally {
    db?.close();
  }
};

describe('a database that is opened for looking', () => {
  it('is none where there is no file, and none is made', () => {
    const path = join(tempFolder(), 'data.db');
    expect(openReadOnly(path)).toBeUndefined();
    expect(openReadOnly(path)).toBeUndefined();
  });

  it('takes no change, and stays the same bytes', () => {
    const path = dataFile();
    const before = readFileSync(path);
    const db = openReadOnly(path);
    expect(() => db?.exec('DELETE FROM jobs')).toThrow(/readonly/);
    db?.close();
    expect(waiting(path)).toEqual([7]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('shows what a writer has done, also in the middle of its next transaction', () => {
    const path = dataFile();
    const writer = openDatabase(path, { durability: 'normal' });
    writer.exec('INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (8, 0, 0)');
    const version = writer.pragma('data_version', { simple: true });
    writer.exec('BEGIN IMMEDIATE; DELETE FROM jobs');
    expect(waiting(path)).toEqual([7, 8]);
    writer.exec('ROLLBACK');
    expect(writer.pragma('data_version', { simple: true })).toBe(version);
    writer.close();
  });

  it('is read where no shared memory can be made beside it, as in a folder that cannot be written', () => {
    const path = dataFile();
    spawnSync('mkfifo', [`${path}-shm`]);
    expect(waiting(path)).toEqual([7]);
  });

  it('says so where a log lies beside it that cannot be read', () => {
    const path = dataFile();
    const writer = openDatabase(path, { durability: 'normal' });
    writer.exec('INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (8, 0, 0)');
    // As a process leaves it that was killed.
    const left = join(tempFolder(), 'data.db');
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${left}${end}`);
    writer.close();
    spawnSync('mkfifo', [`${left}-shm`]);
    expect(() => waiting(left)).toThrow(/^The data file .* cannot be read \(SQLITE_\w+\)\. /);
    rmSync(`${left}-shm`);
    expect(waiting(left)).toEqual([7, 8]);
  });

  it('is none while another process is just setting it up', () => {
    const path = join(tempFolder(), 'data.db');
    new BetterSqlite3(path).exec('CREATE TABLE t (a)').close();
    expect(openReadOnly(path)).toBeUndefined();
  });

  it.each([
    [MIGRATIONS.length - 1, /earlier version .*View Queue Status/],
    [MIGRATIONS.length + 1, /newer version .*Install that version/],
  ])('says in a sentence that it has schema %i, and leaves it so', (schema, sentence) => {
    const path = dataFile();
    const db = new BetterSqlite3(path);
    db.pragma(`user_version = ${schema}`);
    db.close();
    expect(() => openReadOnly(path)).toThrow(sentence);
    const after = new BetterSqlite3(path);
    expect(after.pragma('user_version', { simple: true })).toBe(schema);
    after.close();
  });

  it('says so when it is no database', () => {
    const path = dataFile();
    spawnSync('sh', ['-c', 'echo "This is a text, and far from being a database of any kind." > "$0"', path]);
    expect(() => openReadOnly(path)).toThrow(/cannot be read \(SQLITE_NOTADB\)/);
  });
});
