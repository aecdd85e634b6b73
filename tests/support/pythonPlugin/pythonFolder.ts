import { cpSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { float, type Picklable, pickle } from './pickle.ts';

/** A data folder that the Python plugin 1.6.14 wrote and was killed in the middle of. */
export const REAL_FOLDER = fileURLToPath(new URL('../../fixtures/python-1.6.14-data', import.meta.url));

/** What must come out of it. */
export const EXPECTED = JSON.parse(readFileSync(`${REAL_FOLDER}.expected.json`, 'utf8')) as {
  pendingRows: number;
  pendingScenes: number[];
  syncedScenes: number[];
  deadLettersByType: Record<string, number>;
  deadLetterScenes: number[];
};

/** Just after the real folder was written. */
export const REAL_MOMENT_MS = Date.UTC(2026, 10, 25, 10, 30);

/** A row of the queue. */
export interface QueueRow {
  data: Buffer;
  status?: number;
  /** Seconds since the epoch. */
  timestamp?: number;
}

/** A row of the dead letters. */
export interface DeadRow {
  scene_id?: number | null;
  job_id?: number | null;
  job_data?: Buffer | null;
  error_type?: string;
  error_message?: string;
  stack_trace?: string;
  retry_count?: number;
  failed_at?: string;
}

const OLD = new Date(Date.UTC(2025, 0, 1));

/** Copies the real folder. Its files look as if nobody had written them for long. */
export function copyRealFolder(to: string): string {
  cpSync(REAL_FOLDER, to, { recursive: true });
  quiet(to);
  return to;
}

/** Writes `queue/data.db` as the Python plugin's library does, its last changes still in the write-ahead log. */
export function writeQueue(folder: string, rows: readonly QueueRow[]): void {
  const path = join(folder, 'queue', 'data.db');
  mkdirSync(dirname(path), { recursive: true });
  const db = new BetterSqlite3(path);
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec(
    'CREATE TABLE `ack_queue_default` (_id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB, timestamp FLOAT, status INTEGER)',
  );
  const insert = db.prepare('INSERT INTO ack_queue_default (data, timestamp, status) VALUES (?, ?, ?)');
  db.transaction(() => {
    for (const { data, status = 0, timestamp = 1_770_000_000 } of rows) insert.run(data, timestamp, status);
  })();
  // A process that is killed leaves its log; closing would fold it into the file.
  const log = readFileSync(`${path}-wal`);
  const file = readFileSync(path);
  db.close();
  writeFileSync(path, file);
  writeFileSync(`${path}-wal`, log);
  quiet(folder);
}

/** Writes `dlq.db`. */
export function writeDeadLetters(folder: string, rows: readonly DeadRow[]): void {
  mkdirSync(folder, { recursive: true });
  const db = new BetterSqlite3(join(folder, 'dlq.db'));
  db.exec(`
    CREATE TABLE dead_letters (id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER, scene_id INTEGER, job_data BLOB,
      error_type TEXT, error_message TEXT, stack_trace TEXT, retry_count INTEGER,
      failed_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
    CREATE INDEX idx_failed_at ON dead_letters(failed_at);
    CREATE INDEX idx_scene_id ON dead_letters(scene_id);
  `);
  const insert = db.prepare(
    `INSERT INTO dead_letters (job_id, scene_id, job_data, error_type, error_message, stack_trace, retry_count, failed_at)
     VALUES (@job_id, @scene_id, @job_data, @error_type, @error_message, @stack_trace, @retry_count, @failed_at)`,
  );
  db.transaction(() => {
    for (const row of rows) {
      insert.run({
        job_id: null,
        scene_id: null,
        job_data: null,
        error_type: 'PlexNotFound',
        error_message: 'not found',
        stack_trace: 'Traceback (most recent call last):\n',
        retry_count: 12,
        failed_at: '2026-01-10 08:00:00',
        ...row,
      });
    }
  })();
  db.close();
  quiet(folder);
}

/** A file of the folder, as text or JSON. */
export function writeFile(folder: string, name: string, content: unknown): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  const isRaw = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(join(folder, name), isRaw ? content : JSON.stringify(content));
  quiet(folder);
}

/** A job as an identification queues it. */
export function deferredJob(
  sceneId: number,
  more: Record<string, Picklable> = {},
): Record<string, Picklable> {
  return {
    job_id: 1,
    scene_id: sceneId,
    update_type: 'metadata',
    data: { identified: true, updated_at: null },
    enqueued_at: float(1_770_000_000.5),
    job_key: `scene_${sceneId}`,
    ...more,
  };
}

/** A job as Sync All and reconciliations queue it, with everything that Stash has. */
export function completeJob(
  sceneId: number,
  more: Record<string, Picklable> = {},
): Record<string, Picklable> {
  const poster = `http://192.168.1.10:9999/scene/${sceneId}/screenshot?t=1770000000`;
  return deferredJob(sceneId, {
    data: {
      path: `/data/films/Füm ${sceneId} 🎬.mkv`,
      title: `Title ${sceneId}`,
      details: 'D'.repeat(600),
      date: '2024-01-02',
      rating100: null,
      studio: 'Studio',
      performers: ['Ada', 'Bea'],
      tags: Array.from({ length: 12 }, (_, index) => `Tag ${index}`),
      poster_url: poster,
      background_url: poster,
    },
    ...more,
  });
}

/** A row that waits. */
export function waiting(job: Picklable, more: Partial<QueueRow> = {}): QueueRow {
  return { data: pickle(job), ...more };
}

/** As if nobody had written to the folder for long. */
export function quiet(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), OLD, OLD);
  }
}

/** Every file below a folder with its bytes, as text. */
export function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1), readFileSync(path).toString('latin1')]),
  );
}

/** The times of the real folder, which a process with the machine's clock would take for old or for yet to come. */
const REAL_OPENED_SECS = 1_795_602_293.5363533;

/**
 * Copies the real folder, with the times of its outages, dead letters and syncs moved so that its circuit opened `agoSecs` ago. The queue
 * stays as it is, byte by byte.
 */
export function copyRealFolderAsOf(to: string, agoSecs: number): string {
  copyRealFolder(to);
  const shiftSecs = Math.round(Date.now() / 1000 - agoSecs - REAL_OPENED_SECS);
  const names = [
    'circuit_breaker',
    'outage_history',
    'recovery_state',
    'reconciliation_state',
    'stats',
    'sync_timestamps',
  ];
  for (const name of names) {
    const path = join(to, `${name}.json`);
    // Every time of the folder begins like this, and nothing else does.
    const text = readFileSync(path, 'utf8').replace(/\b1795\d{6}(?:\.\d+)?/g, (time) =>
      String(Number(time) + shiftSecs),
    );
    writeFileSync(path, text);
  }
  const db = new BetterSqlite3(join(to, 'dlq.db'));
  db.prepare("UPDATE dead_letters SET failed_at = datetime(failed_at, ? || ' seconds')").run(
    String(shiftSecs),
  );
  db.close();
  quiet(to);
  return to;
}
