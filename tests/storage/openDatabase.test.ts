import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/storage/migrations.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { StorageError } from '../../src/storage/StorageError.ts';
import { tempFolder } from '../support/tempFolder.ts';

const open = (path: string) => openDatabase(path, { durability: 'full' });

function failure(act: () => unknown): StorageError {
  try {
    act();
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('openDatabase', () => {
  it('creates folder, file and schema, in WAL mode, with the durability asked for', () => {
    const path = join(tempFolder(), 'a', 'b', 'data.db');
    const db = open(path);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(openDatabase(path, { durability: 'normal' }).pragma('synchronous', { simple: true })).toBe(1);
  });

  it('waits for other processes from the first statement on', () => {
    const db = open(join(tempFolder(), 'data.db'));
    expect(db.pragma('busy_timeout', { simple: true })).toBe(10_000);
  });

  it('opens an existing file without writing to it', () => {
    const path = join(tempFolder(), 'data.db');
    const first = open(path);
    const before = first.pragma('data_version', { simple: true });
    open(path).close();
    expect(first.pragma('data_version', { simple: true })).toBe(before);
  });

  it('refuses the file of a newer version and leaves it as it is', () => {
    const path = join(tempFolder(), 'data.db');
    open(path).pragma(`user_version = ${MIGRATIONS.length + 1}`);
    const error = failure(() => open(path));
    expect(error.kind).toBe('unusable');
    expect(error.message).toContain('newer version');
    const raw = new BetterSqlite3(path);
    expect(raw.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
  });

  it('says what to do about a damaged file and does not overwrite it', () => {
    const path = join(tempFolder(), 'data.db');
    writeFileSync(path, 'this is no database, but it might be valuable'.repeat(100));
    const error = failure(() => open(path));
    expect(error.kind).toBe('unusable');
    expect(error.message).toContain(path);
    expect(error.message).toContain('move it away');
  });

  it('names the folder that cannot be used (W24)', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'data'), 'a file where a folder should be');
    expect(failure(() => open(join(folder, 'data', 'data.db'))).message).toContain('permissions');
  });

  it('guarantees one live job per scene (W51)', () => {
    const db = open(join(tempFolder(), 'data.db'));
    const insert = db.prepare('INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (1, 0, 0)');
    insert.run();
    expect(() => insert.run()).toThrow(/UNIQUE/);
  });

  it('has the dead letter table of the original, indexes included (DLQ-1)', () => {
    const db = open(join(tempFolder(), 'data.db'));
    const columns = db.pragma('table_info(dead_letters)') as { name: string }[];
    expect(columns.map(({ name }) => name)).toEqual([
      'id',
      'job_id',
      'scene_id',
      'job_data',
      'error_type',
      'error_message',
      'stack_trace',
      'retry_count',
      'failed_at',
    ]);
    const indexes = db.pragma('index_list(dead_letters)') as { name: string }[];
    expect(indexes.map(({ name }) => name).sort()).toEqual(['idx_failed_at', 'idx_scene_id']);
  });

  it('reaches due jobs through an index, not by a scan or a sort', () => {
    const db = open(join(tempFolder(), 'data.db'));
    const plan = db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT id FROM jobs
         WHERE state = 'pending' AND due_at_ms <= 5 ORDER BY due_at_ms, id LIMIT 25`,
      )
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('USING COVERING INDEX jobs_by_due_time'),
    ]);
  });
});
