import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';
import { type DeadLetter, type DeadLetterSummary, parseJobData, SUMMARY_COLUMNS } from './DeadLetter.ts';
import { type DeadLetterSelection, IS_SELECTED, selectionValues } from './deadLetterSelection.ts';
import { getOutageDlqEntries, type OutageDlqEntry } from './getOutageDlqEntries.ts';
import { recordSceneChange } from './recordSceneChange.ts';
import { type RetriedDeadLetters, retryDeadLetters } from './retryDeadLetters.ts';

/**
 * What became of queueing a scene again. `alreadyQueued`: it has a live job, nothing was changed. `gone`: somebody else has
 * dealt with the entry, or it names no scene.
 */
export type RequeueOutcome = 'recovered' | 'alreadyQueued' | 'gone';

/**
 * The scenes that were given up, one current entry each (W47). A later success of the scene removes its entry; a recovery
 * marks it, and from then on only {@link DeadLetters.byId} shows it. `JobStore.bury` writes the entries.
 */
export interface DeadLetters {
  /** The newest entries, newest first. */
  recent(limit?: number): DeadLetterSummary[];
  byId(id: number): DeadLetter | undefined;
  count(selection?: DeadLetterSelection): number;
  /** Number of entries by class of error, most frequent first. */
  errorSummary(): Record<string, number>;
  /** The newest entries of a class as {@link errorSummary} names it, newest first. */
  ofType(errorType: string, limit: number): DeadLetterSummary[];
  /** Current entries of an outage, see {@link getOutageDlqEntries}. */
  inWindow(startSecs: number, endSecs: number, errorTypes: readonly string[]): OutageDlqEntry[];
  /** Queues the scene of an entry again and marks the entry, in one transaction (W32). */
  requeue(id: number): RequeueOutcome;
  /** Gives all entries, or some of them, another try; see {@link retryDeadLetters}. */
  retryAll(selection?: DeadLetterSelection): RetriedDeadLetters;
  /**
   * Removes entries that failed more than `days` ago, recovered ones too.
   *
   * @param days anything but a number from 0 on removes nothing.
   * @returns how many rows went.
   */
  deleteOlderThan(days?: number): number;
  /** Removes all entries, or some of them, recovered ones too. @returns how many rows went. */
  clear(selection?: DeadLetterSelection): number;
}

/** The dead letters of an open database. */
export function createDeadLetters(db: Database, clock: Clock): DeadLetters {
  const sql = {
    recent: db.prepare(
      `SELECT ${SUMMARY_COLUMNS} FROM dead_letters WHERE recovered_at IS NULL
       ORDER BY failed_at DESC, id DESC LIMIT ?`,
    ),
    byId: db.prepare(
      `SELECT ${SUMMARY_COLUMNS}, job_data AS jobData, stack_trace AS stackTrace, retry_count AS retryCount,
         failure_count AS failureCount, coalesce(first_failed_at, failed_at) AS firstFailedAt,
         recovered_at AS recoveredAt
       FROM dead_letters WHERE id = ?`,
    ),
    count: db.prepare('SELECT count(*) FROM dead_letters WHERE recovered_at IS NULL').pluck(),
    summary: db.prepare(
      `SELECT error_type AS type, count(*) AS count FROM dead_letters WHERE recovered_at IS NULL
       GROUP BY error_type ORDER BY count DESC, type`,
    ),
    ofType: db.prepare(
      `SELECT ${SUMMARY_COLUMNS} FROM dead_letters
       WHERE recovered_at IS NULL AND coalesce(error_type, 'Unknown') = ?
       ORDER BY failed_at DESC, id DESC LIMIT ?`,
    ),
    currentScene: db
      .prepare('SELECT scene_id FROM dead_letters WHERE id = ? AND recovered_at IS NULL')
      .pluck(),
    hasJob: db.prepare('SELECT 1 FROM jobs WHERE scene_id = ?'),
    markRecovered: db.prepare(
      "UPDATE dead_letters SET recovered_at = datetime(@nowSecs, 'unixepoch') WHERE id = @id",
    ),
    deleteOlder: db.prepare(
      "DELETE FROM dead_letters WHERE failed_at < datetime(@nowSecs - @days * 86400, 'unixepoch')",
    ),
    clear: db.prepare('DELETE FROM dead_letters'),
  };
  const nowSecs = () => Math.floor(clock.now() / 1000);

  return {
    recent: (limit = 10) => sql.recent.all(Math.max(Math.trunc(limit), 0)) as DeadLetterSummary[],
    byId: (id) => {
      const row = sql.byId.get(id) as (Omit<DeadLetter, 'job'> & { jobData: unknown }) | undefined;
      if (!row) return undefined;
      const { jobData, ...entry } = row;
      return { ...entry, job: parseJobData(jobData) };
    },
    count: (selection) => (selection ? countSelected(db, selection) : (sql.count.get() as number)),
    errorSummary: () => {
      const rows = sql.summary.all() as { type: string | null; count: number }[];
      return Object.fromEntries(rows.map(({ type, count }) => [type ?? 'Unknown', count]));
    },
    ofType: (errorType, limit) => sql.ofType.all(errorType, limit) as DeadLetterSummary[],
    inWindow: (startSecs, endSecs, errorTypes) => getOutageDlqEntries(db, startSecs, endSecs, errorTypes),
    requeue: (id) =>
      db
        .transaction((): RequeueOutcome => {
          const sceneId = sql.currentScene.get(id) as number | null | undefined;
          if (sceneId === undefined || sceneId === null) return 'gone';
          if (sql.hasJob.get(sceneId)) return 'alreadyQueued';
          recordSceneChange(db, sceneId, clock.now());
          sql.markRecovered.run({ id, nowSecs: nowSecs() });
          return 'recovered';
        })
        .immediate(),
    retryAll: (selection = {}) => retryDeadLetters(db, selection, clock.now()),
    deleteOlderThan: (days = 30) => {
      if (!Number.isFinite(days) || days < 0) return 0;
      return sql.deleteOlder.run({ days, nowSecs: nowSecs() }).changes;
    },
    clear: (selection) => (selection ? clearSelected(db, selection) : sql.clear.run().changes),
  };
}

function countSelected(db: Database, selection: DeadLetterSelection): number {
  const statement = db.prepare(
    `SELECT count(*) FROM dead_letters WHERE recovered_at IS NULL AND ${IS_SELECTED}`,
  );
  return statement.pluck().get(selectionValues(selection)) as number;
}

function clearSelected(db: Database, selection: DeadLetterSelection): number {
  return db.prepare(`DELETE FROM dead_letters WHERE ${IS_SELECTED}`).run(selectionValues(selection)).changes;
}
