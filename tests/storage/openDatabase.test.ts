import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

  it('has the dead letter table of the original, with its columns first and its indexes (DLQ-1)', () => {
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
      'failure_count',
      'first_failed_at',
      'recovered_at',
    ]);
    const indexes = db.pragma('index_list(dead_letters)') as { name: string }[];
    expect(indexes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['idx_failed_at', 'idx_scene_id']),
    );
  });

  it('guarantees one current dead letter per scene, and accepts those without a scene (W47)', () => {
    const db = open(join(tempFolder(), 'data.db'));
    const insert = db.prepare('INSERT INTO dead_letters (scene_id) VALUES (?)');
    insert.run(1);
    expect(() => insert.run(1)).toThrow(/UNIQUE/);
    insert.run(null);
    insert.run(null);
  });

  it('says that SQLite could not be loaded when it could not (Q-10)', () => {
    const module = fileURLToPath(new URL('../../src/storage/openDatabase.ts', import.meta.url));
    const code = `import { openDatabase } from ${JSON.stringify(module)};
      process.dlopen = () => { throw Object.assign(new Error('wrong ELF class'), { code: 'ERR_DLOPEN_FAILED' }); };
      try { openDatabase(process.argv[1], { durability: 'full' }); }
      catch (error) { console.log(JSON.stringify({ name: error.name, kind: error.kind, message: error.message })); }`;
    const path = join(tempFolder(), 'data.db');
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code, path]);
    expect(JSON.parse(String(stdout))).toEqual({
      name: 'StorageError',
      kind: 'unusable',
      message: expect.stringContaining(`SQLite could not be loaded for ${process.platform}-${process.arch}`),
    });
  });

  it('reaches due jobs through an index, not by a scan or a sort', () => {
    const db = open(join(tempFolder(), 'data.db'));
    const plan = db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT id FROM jobs
         WHERE state = 'pending' AND in_bulk = 0 AND due_at_ms <= 5 ORDER BY due_at_ms, id LIMIT 25`,
      )
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('USING COVERING INDEX jobs_by_due_time'),
    ]);
  });
});

/** What makes shared memory impossible beside a file, as a network mount does. */
const OBSTACLES: [string, string, (path: string) => void][] = [
  ['no shared memory', 'SQLITE_IOERR_SHMOPEN', (path) => spawnSync('mkfifo', [`${path}-shm`])],
  ['no such file', 'SQLITE_CANTOPEN', (path) => symlinkSync('/nonexistent/there', `${path}-shm`)],
];

describe.each(OBSTACLES)('where a write-ahead log is impossible: %s', (_, code, obstruct) => {
  const folderWithout = () => {
    const path = join(tempFolder(), 'data.db');
    obstruct(path);
    return path;
  };
  const sentences: string[] = [];
  const openHere = (path: string, durability: 'full' | 'normal' = 'full') =>
    openDatabase(path, { durability, onWithoutWal: (sentence) => sentences.push(sentence) });

  it('a file is made with a rollback journal, which is said once', () => {
    sentences.length = 0;
    const path = folderWithout();
    // As it would be without that: the switch itself succeeds.
    const plain = new BetterSqlite3(`${path}-plain`);
    obstruct(`${path}-plain`);
    expect(plain.pragma('journal_mode = WAL', { simple: true })).toBe('wal');
    expect(() => plain.exec('CREATE TABLE t (n)')).toThrow(expect.objectContaining({ code }));

    const db = openHere(path);
    db.exec('INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (1, 0, 0)');
    expect(db.pragma('journal_mode', { simple: true })).toBe('delete');
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    const other = openHere(path, 'normal');
    expect(other.prepare('SELECT scene_id FROM jobs').pluck().all()).toEqual([1]);
    // Without a write-ahead log less would risk the file in a power cut.
    expect(other.pragma('synchronous', { simple: true })).toBe(2);
    expect(sentences).toEqual([expect.stringContaining('STASH_PLUGIN_DATA')]);
    expect(sentences[0]).toContain(code);
  });

  it('a file that was moved there keeps all it has, what only its log holds included', () => {
    sentences.length = 0;
    const path = join(tempFolder(), 'data.db');
    const db = open(path);
    db.exec('INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (7, 0, 0)');
    const moved = join(tempFolder(), 'data.db');
    copyFileSync(path, moved);
    copyFileSync(`${path}-wal`, `${moved}-wal`);
    obstruct(moved);
    expect(openHere(moved).prepare('SELECT scene_id FROM jobs').pluck().all()).toEqual([7]);
    openHere(moved);
    expect(sentences).toHaveLength(1);
  });

  it('many processes that come first at the same time lose nothing, and one of them says it', async () => {
    const path = folderWithout();
    const modules = ['storage/openDatabase.ts', 'queue/recordSceneChange.ts'].map((name) =>
      JSON.stringify(fileURLToPath(new URL(`../../src/${name}`, import.meta.url))),
    );
    const code = `import { openDatabase } from ${modules[0]}; import { recordSceneChange } from ${modules[1]};
      process.stdin.on('end', () => {
        const db = openDatabase(process.argv[1], { durability: 'full', onWithoutWal: () => console.log('said') });
        recordSceneChange(db, Number(process.argv[2]), 0);
      }).resume();
      console.log('ready');`;
    const children = Array.from({ length: 6 }, (_, index) =>
      spawn(process.execPath, ['--input-type=module', '-e', code, path, String(index + 1)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const outputs = children.map(async (child) => (await child.stdout.toArray()).join(''));
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) child.stdin.end();
    const texts = await Promise.all(outputs);
    expect(texts.filter((text) => text.includes('said'))).toHaveLength(1);
    expect(open(path).prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all()).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });
});

describe('a folder in which nothing works', () => {
  it('is named with what helps', () => {
    const path = join(tempFolder(), 'data.db');
    mkdirSync(path);
    const error = failure(() => open(path));
    expect(error.kind).toBe('unusable');
    expect(error.message).toContain('SQLITE_CANTOPEN');
    expect(error.message).toContain('STASH_PLUGIN_DATA');
  });
});

describe('a database in which a scene has one item', () => {
  it('keeps every sync and verification, and takes a second item for each (A3)', () => {
    const path = join(tempFolder(), 'data.db');
    const old = new BetterSqlite3(path);
    for (const step of MIGRATIONS.slice(0, 5)) old.exec(step);
    old.exec(`
      INSERT INTO scene_syncs VALUES (7, '2026-01-01T00:00:00Z', 9, 'server', '4', '812', '{"collection":"C"}');
      INSERT INTO scene_syncs VALUES (8, NULL, 9, 'server', '4', '812', '{}');
      INSERT INTO verified_scenes VALUES (7, 'server', '812', 'item', 'wanted', '2026-01-01T00:00:00Z', 11);
      PRAGMA user_version = 5`);
    const [syncs, verified] = ['scene_syncs', 'verified_scenes'].map((table) =>
      old.prepare(`SELECT * FROM ${table} ORDER BY scene_id`).all(),
    );
    old.close();
    const db = open(path);
    expect(db.prepare('SELECT * FROM scene_syncs ORDER BY scene_id').all()).toEqual(syncs);
    expect(db.prepare('SELECT * FROM verified_scenes ORDER BY scene_id').all()).toEqual(verified);
    db.exec("INSERT INTO scene_syncs VALUES (7, NULL, 9, 'server', '5', '813', '{}')");
    expect(() =>
      db.exec("INSERT INTO scene_syncs VALUES (7, NULL, 9, 'server', '5', '813', '{}')"),
    ).toThrow();
    expect(db.prepare('SELECT count(*) FROM item_owners').pluck().get()).toBe(0);
  });
});

describe('a database of schema 1', () => {
  /** As the first version left it: jobs, a sync, and dead letters of which a scene has several. */
  function schemaOne(): string {
    const path = join(tempFolder(), 'data.db');
    const db = new BetterSqlite3(path);
    db.exec(MIGRATIONS[0] ?? '');
    db.exec(`
      INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms) VALUES (1, 10, 5);
      INSERT INTO jobs (scene_id, state, due_at_ms, enqueued_at_ms, attempts, revision, claim_id, lease_owner)
        VALUES (2, 'running', 20, 6, 3, 4, 'claim', 'owner');
      INSERT INTO scene_syncs VALUES (7, '2026-01-01T00:00:00Z', 9, 'server', '4', '812', '{"collection":"C"}');
      INSERT INTO dead_letters (id, job_id, scene_id, error_type, error_message, retry_count, failed_at) VALUES
        (1, 11, 7, 'PlexNotFound', 'first', 12, '2026-01-01 10:00:00'),
        (2, 12, 8, 'PlexPermanentError', 'only', 1, '2026-01-01 11:00:00'),
        (3, 13, 7, 'PlexTemporaryError', 'second', 5, '2026-01-02 10:00:00'),
        (4, 14, NULL, 'X', 'nobody', 1, '2026-01-03 10:00:00'),
        (5, 15, NULL, 'X', 'nobody either', 1, '2026-01-03 10:00:00'),
        (6, 16, 7, 'AmbiguousMatch', 'newest', 1, '2026-01-04 10:00:00');
      PRAGMA user_version = 1`);
    db.close();
    return path;
  }

  it('keeps its jobs and syncs', () => {
    const path = schemaOne();
    const before = new BetterSqlite3(path).prepare('SELECT * FROM jobs ORDER BY id').all() as object[];
    const db = open(path);
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(db.prepare('SELECT * FROM jobs ORDER BY id').all()).toEqual(
      before.map((row) => ({ ...row, cleared: 0, in_bulk: 0 })),
    );
    expect(db.prepare('SELECT scene_id, written FROM scene_syncs').all()).toEqual([
      { scene_id: 7, written: '{"collection":"C"}' },
    ]);
    expect(db.prepare('SELECT count(*) FROM background_messages').pluck().get()).toBe(0);
  });

  it('gets one dead letter per scene: the newest, with the count and the first time of all (W47)', () => {
    const db = open(schemaOne());
    const rows = db.prepare(
      `SELECT id, scene_id, error_message, failure_count, first_failed_at, failed_at, recovered_at
       FROM dead_letters ORDER BY id`,
    );
    expect(rows.raw().all()).toEqual([
      [2, 8, 'only', 1, '2026-01-01 11:00:00', '2026-01-01 11:00:00', null],
      [4, null, 'nobody', 1, '2026-01-03 10:00:00', '2026-01-03 10:00:00', null],
      [5, null, 'nobody either', 1, '2026-01-03 10:00:00', '2026-01-03 10:00:00', null],
      [6, 7, 'newest', 3, '2026-01-01 10:00:00', '2026-01-04 10:00:00', null],
    ]);
  });
});
