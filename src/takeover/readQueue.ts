import type { Database } from '../storage/openDatabase.ts';
import { PickleError } from './checkOperations.ts';
import { type PythonJob, pythonJob, secsIn } from './pythonJob.ts';
import { readPickledJob } from './readPickledJob.ts';
import { salvageRows } from './salvageRows.ts';

/** What is outstanding for one scene. */
export interface OutstandingScene extends PythonJob {
  /** Number of the row that counts, the latest one. */
  rowId: number;
  /** Hand-outs that came to no end: its process has died. */
  orphaned: number;
  /** The job had failed for good, and nothing tells that anybody knows (W6). */
  isLostJob: boolean;
}

/** What a Python queue holds. */
export interface PythonQueue {
  /** In the order of their rows. */
  scenes: OutstandingScene[];
  /** Outstanding rows, however many of one scene. */
  rows: number;
  setAside: SetAside[];
}

/** A row that nothing could be made of. @param reason ends a sentence. */
export interface SetAside {
  rowId: number;
  reason: string;
}

/** Codes of the column `status` (specification 2.2). */
const UNACKED = 2;
const ACKED = 5;
const FAILED = 9;
/** A failed job without a dead letter is lost only while the dead letter would still have been kept. */
const RETENTION_SECS = 30 * 86_400;

/** What tells whether a failed job is lost. */
export interface KnownScenes {
  nowSecs: number;
  /** Scenes with a dead letter; undefined when they cannot be read. */
  deadScenes: ReadonlySet<number>;
  /** Seconds since the epoch of a scene's last sync. */
  syncedAtSecs: (sceneId: number) => number | undefined;
}

type Row = { key: number; data: unknown; timestamp: unknown; status: number };

/**
 * Reads the queue of the Python plugin: rows pending and in progress, the latest of each scene, and jobs that failed without a trace.
 *
 * @param name of its table.
 * @throws what SQLite throws when the file is damaged beyond reading.
 */
export function readQueue(db: Database, name: string, known: KnownScenes): PythonQueue {
  const setAside: SetAside[] = [];
  const rowsWith = function* (states: readonly number[], after = 0) {
    const where = `status IN (${states.join(', ')})`;
    const table = { name, key: '_id', columns: 'data, timestamp, status', where };
    const lost = (rowId: number) => setAside.push({ rowId, reason: 'its page of the file is damaged' });
    for (const rows of salvageRows<Row>(db, table, after, lost)) yield* rows;
  };

  const scenes = new Map<number, OutstandingScene>();
  let rows = 0;
  for (const row of rowsWith([0, 1, UNACKED])) {
    rows += 1;
    const job = jobOf(row);
    if ('reason' in job) setAside.push({ rowId: row.key, reason: job.reason });
    else scenes.set(job.sceneId, merged(scenes.get(job.sceneId), row, job));
  }
  for (const lost of lostJobs(rowsWith, known)) {
    if (!scenes.has(lost.sceneId)) scenes.set(lost.sceneId, lost);
  }
  // A damaged page is met by each reading.
  const once = new Map(setAside.map((entry) => [entry.rowId, entry]));
  const inOrder = [...scenes.values()].sort((left, right) => left.rowId - right.rowId);
  return { scenes: inOrder, rows, setAside: [...once.values()] };
}

function jobOf({ data, timestamp }: Row): PythonJob | { reason: string } {
  try {
    const job = pythonJob(readPickledJob(data));
    if (!job) return { reason: 'it does not name its scene' };
    return { ...job, enqueuedAtSecs: job.enqueuedAtSecs ?? secsIn(timestamp) };
  } catch (error) {
    if (error instanceof PickleError) return { reason: error.message };
    throw error;
  }
}

/** The later row counts (W3); that somebody edited the scene does not get lost by it. */
function merged(earlier: OutstandingScene | undefined, row: Row, job: PythonJob): OutstandingScene {
  return {
    ...job,
    isEvent: job.isEvent || (earlier?.isEvent ?? false),
    rowId: row.key,
    orphaned: row.status === UNACKED ? 1 : 0,
    isLostJob: false,
  };
}

/**
 * Jobs that the Python plugin gave up and lost on the way to the dead letters: no later row of the scene succeeded, it was not synced
 * since, and it is not so old that its dead letter would have been purged.
 */
function lostJobs(
  rowsWith: (states: readonly number[], after?: number) => Iterable<Row>,
  { nowSecs, deadScenes, syncedAtSecs }: KnownScenes,
): OutstandingScene[] {
  const candidates = new Map<number, OutstandingScene>();
  for (const row of rowsWith([FAILED])) {
    const insertedSecs = secsIn(row.timestamp) ?? 0;
    if (nowSecs - insertedSecs > RETENTION_SECS) continue;
    const job = jobOf(row);
    // Nobody waits for a failed row, so one that cannot be read is no loss to speak of.
    if ('reason' in job || deadScenes.has(job.sceneId)) continue;
    if ((syncedAtSecs(job.sceneId) ?? 0) >= insertedSecs) continue;
    const fresh = { ...job, retryCount: 0, nextRetryAtSecs: undefined, lastErrorType: null };
    candidates.set(job.sceneId, { ...fresh, rowId: row.key, orphaned: 0, isLostJob: true });
  }
  if (candidates.size === 0) return [];
  const first = Math.min(...[...candidates.values()].map(({ rowId }) => rowId));
  for (const row of rowsWith([ACKED], first)) {
    const job = jobOf(row);
    if ('reason' in job) continue;
    if (row.key > (candidates.get(job.sceneId)?.rowId ?? row.key)) candidates.delete(job.sceneId);
  }
  return [...candidates.values()];
}
