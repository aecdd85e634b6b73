import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { createSceneSyncs, UNKNOWN_SERVER } from '../../src/queue/sceneSyncs.ts';
import { tryExclusiveLock } from '../../src/storage/exclusiveLock.ts';
import { saveTakeover } from '../../src/takeover/TakeoverRecord.ts';
import { takeoverLock } from '../../src/takeover/takeOver.ts';
import { float, type Picklable, pickle } from '../support/pythonPlugin/pickle.ts';
import {
  bytesOf,
  completeJob,
  copyRealFolder,
  deferredJob,
  EXPECTED,
  quiet,
  REAL_FOLDER,
  REAL_MOMENT_MS,
  waiting,
  writeDeadLetters,
  writeFile,
  writeQueue,
} from '../support/pythonPlugin/pythonFolder.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { openTakeover } from './openTakeover.ts';

/** 12 o'clock of the fake clock, in seconds. */
const NOW_SECS = Date.UTC(2026, 0, 11, 12) / 1000;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const sceneIds = (rows: Record<string, unknown>[]) => rows.map((row) => row['scene_id']);

describe('taking over the real folder', () => {
  it('queues every outstanding scene, knows every dead letter and every sync, and keeps all files as they were', () => {
    const plugin = openTakeover(REAL_MOMENT_MS);
    copyRealFolder(plugin.dataFolder);
    const before = bytesOf(REAL_FOLDER);
    expect(plugin.takeOver()).toBe(true);
    const backup = join(plugin.dataFolder, 'python-plugin-2026-11-25');
    expect(plugin.said()).toEqual([
      `info: Taken over from the Python plugin (${plugin.dataFolder}): 48 scenes queued (48 rows), 14 dead letters, ` +
        `12 scenes known to be synced. Its files are kept in ${backup}.`,
    ]);
    const jobs = plugin.rows('SELECT * FROM jobs ORDER BY scene_id');
    expect(sceneIds(jobs)).toEqual(EXPECTED.pendingScenes);
    expect(jobs[0]).toMatchObject({
      scene_id: 13,
      state: 'pending',
      due_at_ms: 1795602312610,
      enqueued_at_ms: 1795602254009,
      attempts: 2,
      failures: 2,
      last_error_type: 'PlexNotFound',
      in_bulk: 0,
    });
    expect(plugin.deadLetters.errorSummary()).toEqual(EXPECTED.deadLettersByType);
    const dead = plugin.rows('SELECT scene_id FROM dead_letters ORDER BY scene_id');
    expect(sceneIds(dead)).toEqual(EXPECTED.deadLetterScenes);
    expect(plugin.deadLetters.byId(9)).toMatchObject({
      sceneId: 31,
      errorType: 'PlexServerDown',
      errorMessage: 'server down',
      failedAt: '2026-11-23 10:24:53',
      retryCount: 999,
      failureCount: 1,
      job: { scene_id: 31, update_type: 'metadata', job_key: 'scene_31', pqid: 1031 },
    });
    const syncs = plugin.rows('SELECT scene_id, synced_at_ms, server_id FROM scene_syncs ORDER BY scene_id');
    expect(sceneIds(syncs)).toEqual(EXPECTED.syncedScenes);
    expect(syncs[0]).toEqual({ scene_id: 1, synced_at_ms: 1795602249475, server_id: UNKNOWN_SERVER });
    expect(bytesOf(backup)).toEqual(before);
    const left = readdirSync(plugin.dataFolder).filter(
      (name) => !/^(stash2plex\.db|takeover\.lock)/.test(name),
    );
    expect(left.sort()).toEqual([
      'circuit_breaker.json',
      'device_id.json',
      'outage_history.json',
      'python-plugin-2026-11-25',
      'reconciliation_state.json',
      'recovery_state.json',
      'stats.json',
    ]);
  });

  it('changes nothing at the second start', () => {
    const plugin = openTakeover(REAL_MOMENT_MS);
    copyRealFolder(plugin.dataFolder);
    plugin.takeOver();
    plugin.said();
    const content = plugin.content();
    plugin.clock.advance(86_400_000);
    expect(plugin.takeOver()).toBe(false);
    expect(plugin.said()).toEqual([]);
    expect(plugin.content()).toEqual(content);
  });

  it('lets its files be put back: the queue and the dead letters open as the Python plugin left them', () => {
    const plugin = openTakeover(REAL_MOMENT_MS);
    copyRealFolder(plugin.dataFolder);
    plugin.takeOver();
    // As docs/migrating.md says.
    const restored = tempFolder();
    cpSync(join(plugin.dataFolder, 'python-plugin-2026-11-25'), restored, { recursive: true });
    const rowsOf = (path: string, sql: string) => {
      const db = new BetterSqlite3(path);
      try {
        return db.prepare(sql).all();
      } finally {
        db.close();
      }
    };
    const statuses = 'SELECT status, count(*) AS rows FROM ack_queue_default GROUP BY status';
    expect(rowsOf(join(restored, 'queue', 'data.db'), statuses)).toEqual([
      { status: 0, rows: 47 },
      { status: 1, rows: 1 },
      { status: 5, rows: 62 },
    ]);
    expect(rowsOf(join(restored, 'dlq.db'), 'SELECT count(*) AS rows FROM dead_letters')).toEqual([
      { rows: 14 },
    ]);
  });

  it('is the same again when somebody went back to the Python plugin in between', () => {
    const plugin = openTakeover(REAL_MOMENT_MS);
    copyRealFolder(plugin.dataFolder);
    plugin.takeOver();
    const first = plugin.record()?.backup ?? '';
    cpSync(first, plugin.dataFolder, { recursive: true });
    quiet(plugin.dataFolder);
    expect(bytesOf(plugin.dataFolder)).toMatchObject(bytesOf(REAL_FOLDER));
    expect(plugin.takeOver()).toBe(true);
    expect(plugin.record()?.backup).toBe(`${first}-2`);
    expect(bytesOf(`${first}-2`)).toEqual(bytesOf(first));
    expect(plugin.record()?.figures).toMatchObject({
      scenesQueued: 0,
      scenesQueuedAlready: 48,
      syncTimes: 0,
    });
    expect(plugin.jobs.counts()).toMatchObject({ due: 48, deadLetters: 14 });
  });

  it('takes the dead letters of an outage for what they are: found by its time, queued again once', () => {
    const plugin = openTakeover(REAL_MOMENT_MS);
    copyRealFolder(plugin.dataFolder);
    plugin.takeOver();
    const openedAt = 1795602293.5363533;
    const found = plugin.deadLetters.inWindow(openedAt, openedAt + 60, ['PlexServerDown']);
    expect(found.map(({ sceneId }) => sceneId)).toEqual([1, 5, 32, 33, 35, 36]);
    // 31 to 36 wait in the queue as well.
    expect(found.map(({ id }) => plugin.deadLetters.requeue(id))).toEqual([
      'recovered',
      'recovered',
      ...Array(4).fill('alreadyQueued'),
    ]);
    expect(plugin.deadLetters.retryAll()).toMatchObject({ retried: 6, alreadyQueued: 6 });
  });
});

describe('the queue of the Python plugin', () => {
  it('becomes one job per scene: the latest row counts, retry data included (W3)', () => {
    const plugin = openTakeover();
    const retry = (count: number): Record<string, Picklable> => ({
      retry_count: count,
      next_retry_at: float(NOW_SECS + 120.5),
      last_error_type: 'PlexNotFound',
    });
    writeQueue(plugin.dataFolder, [
      waiting(completeJob(1), { status: 5 }),
      waiting(completeJob(2, retry(3))),
      waiting(deferredJob(1), { status: 1 }),
      waiting(completeJob(2, retry(4)), { status: 2 }),
      waiting(completeJob(3), { status: 9, timestamp: 1 }),
      waiting(completeJob(1)),
    ]);
    plugin.takeOver();
    expect(plugin.rows('SELECT * FROM jobs ORDER BY id')).toEqual([
      expect.objectContaining({
        scene_id: 2,
        due_at_ms: (NOW_SECS + 120.5) * 1000,
        enqueued_at_ms: 1_770_000_000_500 > NOW_SECS * 1000 ? NOW_SECS * 1000 : 1_770_000_000_500,
        // Its process has died on it.
        attempts: 5,
        failures: 4,
        last_error_type: 'PlexNotFound',
        in_bulk: 1,
      }),
      // An event among the rows of a scene counts as one.
      expect.objectContaining({
        scene_id: 1,
        due_at_ms: NOW_SECS * 1000,
        attempts: 0,
        failures: 0,
        in_bulk: 0,
      }),
    ]);
    expect(plugin.record()?.figures).toMatchObject({ queueRows: 4, scenesQueued: 2, scenesQueuedAlready: 0 });
  });

  it('is read from very old rows as well: the scene as a text, and pqid names nothing (W54)', () => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [
      waiting(deferredJob(11, { scene_id: '11', pqid: 2 })),
      waiting({ update_type: 'metadata', data: {}, job_key: 'scene_12', pqid: 1 }),
    ]);
    plugin.takeOver();
    expect(plugin.rows('SELECT scene_id FROM jobs ORDER BY id')).toEqual([
      { scene_id: 11 },
      { scene_id: 12 },
    ]);
  });

  it('does not touch what this plugin has queued meanwhile', () => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [waiting(completeJob(1, { retry_count: 4 })), waiting(completeJob(2))]);
    recordSceneChange(plugin.db, 1, plugin.clock.now());
    const own = plugin.rows('SELECT * FROM jobs');
    plugin.takeOver();
    expect(plugin.rows('SELECT * FROM jobs WHERE scene_id = 1')).toEqual(own);
    expect(plugin.record()?.figures).toMatchObject({ scenesQueued: 1, scenesQueuedAlready: 1 });
  });

  it('gives up on times and counts that cannot be right (W25)', () => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [
      waiting(deferredJob(1, { next_retry_at: float(NOW_SECS + 1e7), enqueued_at: float(NOW_SECS + 1e7) })),
      waiting(
        deferredJob(2, { next_retry_at: float(Number.NaN), enqueued_at: 'yesterday', retry_count: -3 }),
        {
          timestamp: Number.NaN,
        },
      ),
      waiting(deferredJob(3, { retry_count: 1_000_000, last_error_type: 7 })),
    ]);
    plugin.takeOver();
    const nowMs = NOW_SECS * 1000;
    expect(
      plugin.rows('SELECT due_at_ms, enqueued_at_ms, attempts, failures, last_error_type FROM jobs'),
    ).toEqual([
      { due_at_ms: nowMs, enqueued_at_ms: nowMs, attempts: 0, failures: 0, last_error_type: null },
      { due_at_ms: nowMs, enqueued_at_ms: nowMs, attempts: 0, failures: 0, last_error_type: null },
      expect.objectContaining({ attempts: 38, failures: 1_000, last_error_type: null }),
    ]);
  });

  it('gives a job back that failed for good without a trace, unless it was settled since (W6)', () => {
    const plugin = openTakeover();
    const day = 86_400;
    const failed = (sceneId: number, agoSecs = day) =>
      waiting(completeJob(sceneId, { retry_count: 5 }), { status: 9, timestamp: NOW_SECS - agoSecs });
    writeQueue(plugin.dataFolder, [
      failed(1),
      failed(2),
      failed(3),
      failed(4),
      failed(5, 40 * day),
      waiting(completeJob(2), { status: 5 }),
      { data: Buffer.from('damaged'), status: 9, timestamp: NOW_SECS },
      failed(6),
      waiting(deferredJob(6)),
    ]);
    writeDeadLetters(plugin.dataFolder, [{ scene_id: 3 }]);
    writeFile(plugin.dataFolder, 'sync_timestamps.json', { 4: NOW_SECS - 10, 1: NOW_SECS - 2 * day });
    plugin.takeOver();
    expect(sceneIds(plugin.rows('SELECT scene_id FROM jobs ORDER BY id'))).toEqual([1, 6]);
    expect(plugin.rows('SELECT failures FROM jobs WHERE scene_id = 1')).toEqual([{ failures: 0 }]);
    expect(plugin.record()?.figures).toMatchObject({ queueRows: 1, scenesQueued: 2, lostJobsQueued: 1 });
    expect(plugin.said()[0]).toContain('2 scenes queued (1 row, 1 of them from jobs it had lost)');
  });

  it('loses to a hostile or damaged row that row only, and says which', () => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [
      waiting(deferredJob(1)),
      { data: Buffer.concat([Buffer.from([0x80, 4]), Buffer.from('cos\nsystem\n(S"touch pwned"\ntR.')]) },
      { data: pickle(deferredJob(3)).subarray(0, 60) },
      waiting({ update_type: 'metadata' }),
      waiting(deferredJob(5)),
    ]);
    plugin.takeOver();
    expect(sceneIds(plugin.rows('SELECT scene_id FROM jobs'))).toEqual([1, 5]);
    expect(existsSync('pwned')).toBe(false);
    const backup = join(plugin.dataFolder, 'python-plugin-2026-01-11');
    expect(plugin.said()[1]).toBe(
      "warn: The Python plugin's queue/data.db has rows that cannot be read (row 2: operation 0x63 at byte 2 does not " +
        'belong into a job; row 3: it is cut off; row 4: it does not name its scene). The file is kept in ' +
        `${backup}. Run "Reconcile Library (All)" to find what is missing in Plex.`,
    );
    expect(plugin.record()?.figures).toMatchObject({ queueRows: 5, queueRowsSetAside: 3, scenesQueued: 2 });
  });

  it('loses to a damaged page its rows only', () => {
    const plugin = openTakeover();
    writeQueue(
      plugin.dataFolder,
      numbers(2_000).map((id) => waiting(completeJob(id))),
    );
    // Folded into one file, as after a clean end; then one page of a disk goes bad.
    const path = join(plugin.dataFolder, 'queue', 'data.db');
    const db = new BetterSqlite3(path);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100 * 4_096, 101 * 4_096);
    writeFileSync(path, bytes);
    quiet(plugin.dataFolder);
    plugin.takeOver();
    const { scenesQueued = 0, queueRowsSetAside = 0 } = plugin.record()?.figures ?? {};
    expect(scenesQueued).toBeGreaterThan(1_980);
    expect(scenesQueued + queueRowsSetAside).toBe(2_000);
    expect(plugin.said()[1]).toMatch(/row \d+: its page of the file is damaged/);
  });

  it.each([
    ['is empty', 0],
    ['is cut off in its first page', 1_000],
    ['is no database', -1],
  ])('is reported when its file %s, and everything else comes over', (_, length) => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [waiting(deferredJob(1))]);
    writeDeadLetters(plugin.dataFolder, [{ scene_id: 2, job_data: pickle(deferredJob(2)) }]);
    const path = join(plugin.dataFolder, 'queue', 'data.db');
    writeFileSync(`${path}-wal`, '');
    if (length >= 0) truncateSync(path, length);
    else writeFileSync(path, 'This is no database. '.repeat(1_000));
    quiet(plugin.dataFolder);
    const bytes = readFileSync(path);
    expect(plugin.takeOver()).toBe(true);
    expect(plugin.deadLetters.count()).toBe(1);
    expect(plugin.rows('SELECT * FROM jobs')).toEqual([]);
    const backup = join(plugin.dataFolder, 'python-plugin-2026-01-11');
    expect(readFileSync(join(backup, 'queue', 'data.db'))).toEqual(bytes);
    // SQLite takes an empty file for an empty database.
    const warnings = plugin.said().slice(1);
    expect(warnings.join()).toMatch(length === 0 ? /^$/ : /queue\/data\.db is damaged/);
  });

  it('is read up to the last whole change when its write-ahead log is cut off', () => {
    const plugin = openTakeover();
    writeQueue(
      plugin.dataFolder,
      numbers(50).map((id) => waiting(completeJob(id))),
    );
    const log = join(plugin.dataFolder, 'queue', 'data.db-wal');
    const db = new BetterSqlite3(join(plugin.dataFolder, 'queue', 'data.db'));
    db.pragma('wal_autocheckpoint = 0');
    const insert = db.prepare('INSERT INTO ack_queue_default (data, timestamp, status) VALUES (?, 1, 0)');
    const whole = readFileSync(log);
    insert.run(pickle(completeJob(51)));
    const longer = readFileSync(log);
    const file = readFileSync(join(plugin.dataFolder, 'queue', 'data.db'));
    db.close();
    writeFileSync(join(plugin.dataFolder, 'queue', 'data.db'), file);
    writeFileSync(log, longer.subarray(0, Math.floor((whole.length + longer.length) / 2)));
    quiet(plugin.dataFolder);
    plugin.takeOver();
    expect(plugin.record()?.figures).toMatchObject({ scenesQueued: 50, queueRowsSetAside: 0 });
  });

  it('comes over with 40 000 rows in short transactions, so that no hook waits', () => {
    const plugin = openTakeover();
    const jobs = numbers(40_000).map((id) => waiting(id % 2 === 0 ? deferredJob(id) : completeJob(id)));
    writeQueue(plugin.dataFolder, jobs);
    // Every transaction that brings something in notes how far it has come.
    plugin.db.exec(`
      CREATE TABLE portions (jobs INTEGER);
      CREATE TRIGGER portion AFTER UPDATE ON takeovers BEGIN INSERT INTO portions SELECT count(*) FROM jobs; END;`);
    plugin.takeOver();
    const portions = plugin
      .rows('SELECT jobs FROM portions ORDER BY rowid')
      .map(({ jobs: count }) => Number(count));
    expect(Math.max(...portions.map((count, index) => count - (portions[index - 1] ?? 0)))).toBe(250);
    expect(plugin.record()?.figures).toMatchObject({ queueRows: 40_000, scenesQueued: 40_000 });
    expect(plugin.jobs.counts()).toMatchObject({ due: 40_000, waiting: 0 });
    expect(plugin.jobs.peekDue(3).map(({ sceneId }) => sceneId)).toEqual([2, 4, 6]);
  });
});

describe('the dead letters of the Python plugin', () => {
  it('come over with the time, the texts, the attempts and the job as JSON; several of one scene count as one (W47)', () => {
    const plugin = openTakeover();
    const job_data = pickle(completeJob(1, { retry_count: 12 }), 5);
    writeDeadLetters(plugin.dataFolder, [
      { scene_id: 1, job_id: 7, job_data, failed_at: '2026-01-09 08:00:00', error_type: 'PlexServerDown' },
      { scene_id: 1, job_id: 8, job_data, failed_at: '2026-01-10 08:00:00', error_message: 'ünbekannt' },
      { scene_id: null, job_data: pickle(deferredJob(2)) },
      { scene_id: null, job_data: pickle({ update_type: 'metadata' }) },
    ]);
    plugin.takeOver();
    expect(plugin.deadLetters.recent().map(({ sceneId }) => sceneId)).toEqual([null, 2, 1]);
    expect(plugin.deadLetters.byId(1)).toMatchObject({
      sceneId: 1,
      jobId: 8,
      errorType: 'PlexNotFound',
      errorMessage: 'ünbekannt',
      failedAt: '2026-01-10 08:00:00',
      firstFailedAt: '2026-01-09 08:00:00',
      failureCount: 2,
      retryCount: 12,
      stackTrace: 'Traceback (most recent call last):\n',
      job: { scene_id: 1, retry_count: 12, data: { title: 'Title 1', performers: ['Ada', 'Bea'] } },
    });
    expect(plugin.record()?.figures).toMatchObject({ deadLetters: 4, deadLettersWithoutJob: 0 });
  });

  it('keep their row when their job cannot be read, with a note', () => {
    const plugin = openTakeover();
    writeDeadLetters(plugin.dataFolder, [
      { scene_id: 1, job_data: Buffer.from('\x80\x04cos\nsystem\n.', 'latin1') },
      { scene_id: 2, job_data: null, failed_at: 'some day' },
    ]);
    plugin.takeOver();
    expect(plugin.deadLetters.byId(1)?.job).toEqual({
      scene_id: 1,
      note: 'The job of the Python plugin could not be read: operation 0x63 at byte 2 does not belong into a job.',
    });
    expect(plugin.deadLetters.byId(2)?.failedAt).toBe('2026-01-11 12:00:00');
    expect(plugin.deadLetters.retryAll()).toMatchObject({ retried: 2 });
    expect(plugin.said()[1]).toBe(
      'warn: 2 dead letters have a job that cannot be read; they can be listed and retried all the same.',
    );
  });

  it('do not displace what this plugin knows better', () => {
    const plugin = openTakeover();
    plugin.db.exec(
      `INSERT INTO dead_letters (scene_id, error_type, failed_at, first_failed_at, recovered_at)
       VALUES (1, 'PlexPartialError', '2026-01-11 10:00:00', '2026-01-11 10:00:00', '2026-01-11 11:00:00')`,
    );
    writeDeadLetters(plugin.dataFolder, [{ scene_id: 1 }]);
    plugin.takeOver();
    expect(plugin.deadLetters.byId(1)).toMatchObject({
      errorType: 'PlexPartialError',
      failedAt: '2026-01-11 10:00:00',
      firstFailedAt: '2026-01-10 08:00:00',
      failureCount: 2,
      recoveredAt: '2026-01-11 11:00:00',
    });
  });

  it('lose to a damaged page its rows only', () => {
    const plugin = openTakeover();
    const job_data = pickle(completeJob(1));
    writeDeadLetters(
      plugin.dataFolder,
      numbers(1_000).map((id) => ({ scene_id: id, job_data })),
    );
    const path = join(plugin.dataFolder, 'dlq.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100 * 4_096, 101 * 4_096);
    writeFileSync(path, bytes);
    quiet(plugin.dataFolder);
    plugin.takeOver();
    const { deadLetters = 0, deadLettersLost = 0 } = plugin.record()?.figures ?? {};
    expect(deadLetters).toBeGreaterThan(980);
    expect(deadLetters + deadLettersLost).toBe(1_000);
    expect(plugin.said().join('\n')).toContain("lost, because the Python plugin's dlq.db is damaged");
  });
});

describe('the sync times of the Python plugin', () => {
  it('are known, entry by entry, and displace nothing', () => {
    const plugin = openTakeover();
    const own = { serverId: 's', sectionKey: '1', ratingKey: '9', sceneUpdatedAt: 'then', written: {} };
    createSceneSyncs(plugin.db).save(3, own, 5);
    const times = { 1: NOW_SECS - 5, 2: 'x', x: 1, '-4': 7, 3: NOW_SECS, 5: null, 6: NOW_SECS + 1e6 };
    writeFile(plugin.dataFolder, 'sync_timestamps.json', times);
    plugin.takeOver();
    expect(
      plugin.rows('SELECT scene_id, synced_at_ms, server_id FROM scene_syncs ORDER BY scene_id'),
    ).toEqual([
      { scene_id: 1, synced_at_ms: (NOW_SECS - 5) * 1000, server_id: UNKNOWN_SERVER },
      { scene_id: 3, synced_at_ms: 5, server_id: 's' },
      { scene_id: 6, synced_at_ms: NOW_SECS * 1000, server_id: UNKNOWN_SERVER },
    ]);
    expect(plugin.record()?.figures).toMatchObject({ syncTimes: 2, syncTimesUnusable: 4 });
  });

  it.each(['{"1": 5', '[]', '7', '{"1": NaN}'])(
    'are given up as a whole only when the file holds %s (W27)',
    (text) => {
      const plugin = openTakeover();
      writeFile(plugin.dataFolder, 'sync_timestamps.json', text);
      plugin.takeOver();
      expect(plugin.said()[1]).toContain("The Python plugin's sync_timestamps.json is damaged");
      expect(readFileSync(join(plugin.record()?.backup ?? '', 'sync_timestamps.json'), 'utf8')).toBe(text);
    },
  );
});

describe('when a take-over must wait', () => {
  it('touches nothing while the files are being written, says so once a day, and goes on later', () => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [waiting(deferredJob(1))]);
    const before = bytesOf(join(plugin.dataFolder, 'queue'));
    // The fake clock's time is not the file system's.
    plugin.clock.jump(Date.now() - plugin.clock.now());
    appendFileSync(join(plugin.dataFolder, 'hook_autodrain.last'), '1');
    expect(plugin.takeOver()).toBe(false);
    expect(plugin.said()).toEqual([
      'warn: The Python version of Stash2Plex still seems to run: it has written its files within the last minute. ' +
        'Nothing of it was touched; what it has left is taken over with a later event or task, once it has been quiet ' +
        'for 60 seconds.',
    ]);
    expect(plugin.takeOver()).toBe(false);
    expect(plugin.said()).toEqual([]);
    expect(bytesOf(join(plugin.dataFolder, 'queue'))).toEqual(before);
    expect(plugin.rows('SELECT * FROM jobs')).toEqual([]);
    plugin.clock.advance(61_000);
    expect(plugin.takeOver()).toBe(true);
    expect(plugin.rows('SELECT * FROM takeover_notice')).toEqual([]);
  });

  it('leaves it to another process that is at it', () => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [waiting(deferredJob(1))]);
    const lock = tryExclusiveLock(takeoverLock(plugin.dataFolder));
    expect(plugin.takeOver({ lockWaitMs: 0 })).toBe(false);
    expect(plugin.rows('SELECT * FROM jobs')).toEqual([]);
    lock?.release();
    expect(plugin.takeOver()).toBe(true);
  });

  it('says what goes wrong, loses nothing, and goes on later', () => {
    const plugin = openTakeover();
    writeQueue(plugin.dataFolder, [waiting(deferredJob(1))]);
    const db = plugin.db;
    db.exec("CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'no space left'); END");
    expect(plugin.takeOver()).toBe(false);
    expect(plugin.said()[0]).toMatch(
      /^warn: What the Python version of Stash2Plex has left could not be taken over/,
    );
    expect(existsSync(join(plugin.dataFolder, 'queue', 'data.db'))).toBe(true);
    db.exec('DROP TRIGGER full');
    expect(plugin.takeOver()).toBe(true);
    expect(plugin.record()?.figures).toMatchObject({ scenesQueued: 1 });
  });
});

describe('an interrupted take-over', () => {
  it('goes on behind the last transaction, and doubles nothing', () => {
    const plugin = openTakeover();
    const job_data = pickle(deferredJob(1));
    writeQueue(
      plugin.dataFolder,
      numbers(20).map((id) => waiting(deferredJob(id))),
    );
    writeDeadLetters(
      plugin.dataFolder,
      numbers(20).map((id) => ({ scene_id: (id % 10) + 1, job_data })),
    );
    // The last but one dead letter breaks the process's neck.
    plugin.db.exec(
      "CREATE TRIGGER stop BEFORE INSERT ON dead_letters WHEN (SELECT sum(failure_count) FROM dead_letters) >= 18 BEGIN SELECT RAISE(ABORT, 'stop'); END",
    );
    expect(plugin.takeOver({ portion: 4 })).toBe(false);
    expect(plugin.record()).toMatchObject({ jobCursor: 20, deadLetterCursor: 16, importedAtMs: null });
    plugin.db.exec('DROP TRIGGER stop');
    // The scene was synced by another process in between.
    const [first] = plugin.jobs.peekDue(1);
    const taken = first && plugin.jobs.take(first);
    if (taken) plugin.jobs.complete(taken);
    expect(plugin.takeOver({ portion: 4 })).toBe(true);
    expect(plugin.rows('SELECT count(*) AS count FROM jobs')).toEqual([{ count: 19 }]);
    expect(plugin.rows('SELECT sum(failure_count) AS failures, count(*) AS rows FROM dead_letters')).toEqual([
      { failures: 20, rows: 10 },
    ]);
    expect(plugin.record()?.figures).toMatchObject({ scenesQueued: 20, deadLetters: 20 });
    expect(plugin.rows('SELECT count(*) AS count FROM takeovers')).toEqual([{ count: 1 }]);
  });

  it('only tidies up when everything is in already', () => {
    const plugin = openTakeover(REAL_MOMENT_MS);
    copyRealFolder(plugin.dataFolder);
    plugin.takeOver();
    const record = plugin.record();
    if (!record) throw new Error('nothing was taken over');
    const content = plugin.content();
    // As if the process had been killed when half of the files were moved.
    saveTakeover(plugin.db, { ...record, finishedAtMs: null });
    cpSync(join(record.backup, 'dlq.db'), join(plugin.dataFolder, 'dlq.db'));
    expect(plugin.takeOver()).toBe(true);
    expect(plugin.content()).toEqual(content);
    expect(existsSync(join(plugin.dataFolder, 'dlq.db'))).toBe(false);
  });

  it('takes over anew what the Python plugin has written in between', () => {
    const plugin = openTakeover(REAL_MOMENT_MS);
    copyRealFolder(plugin.dataFolder);
    plugin.takeOver();
    const record = plugin.record();
    if (!record) throw new Error('nothing was taken over');
    saveTakeover(plugin.db, { ...record, finishedAtMs: null });
    writeQueue(plugin.dataFolder, [waiting(deferredJob(500))]);
    plugin.takeOver();
    expect(existsSync(join(plugin.dataFolder, 'queue'))).toBe(true);
    expect(plugin.takeOver()).toBe(true);
    expect(plugin.rows('SELECT scene_id FROM jobs WHERE scene_id = 500')).toHaveLength(1);
    expect(readdirSync(plugin.dataFolder)).toContain('python-plugin-2026-11-25-2');
    expect(plugin.deadLetters.count()).toBe(14);
  });
});
