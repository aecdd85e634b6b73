import type { Database } from '../storage/openDatabase.ts';

/** What came of a take-over so far. */
export interface TakeoverFigures {
  /** Outstanding rows of the Python queue, and the scenes that are queued for them now. */
  queueRows: number;
  scenesQueued: number;
  /** Scenes that were queued here already. */
  scenesQueuedAlready: number;
  /** Of the queued ones: scenes whose job had failed for good without a trace among the dead letters. */
  lostJobsQueued: number;
  deadLetters: number;
  /** Of them: those whose job could not be read. */
  deadLettersWithoutJob: number;
  /** Scenes that are known to have been synced. */
  syncTimes: number;
  /** Dead letters that damage has taken away. */
  deadLettersLost: number;
  /** Rows of the queue and entries of the sync times that nothing could be made of. */
  queueRowsSetAside: number;
  syncTimesUnusable: number;
  /** What is damaged: the beginning of a sentence each. */
  damage: string[];
}

/** A data folder of the Python plugin that is taken over. */
export interface TakeoverRecord {
  id: number;
  /** The folder, and where in it the files are kept; both absolute. */
  source: string;
  backup: string;
  /** SHA-256 of each file that was read, by its name in the folder. */
  files: Readonly<Record<string, string>>;
  begunAtMs: number;
  jobCursor: number;
  deadLetterCursor: number;
  syncCursor: number;
  figures: TakeoverFigures;
  /** When everything was in; null before. */
  importedAtMs: number | null;
  /** When the files were out of the way; null before. */
  finishedAtMs: number | null;
}

const NOTHING: TakeoverFigures = {
  queueRows: 0,
  scenesQueued: 0,
  scenesQueuedAlready: 0,
  lostJobsQueued: 0,
  deadLetters: 0,
  deadLettersWithoutJob: 0,
  deadLettersLost: 0,
  syncTimes: 0,
  queueRowsSetAside: 0,
  syncTimesUnusable: 0,
  damage: [],
};

/** Whether a take-over has begun and not come to its end. */
export function isTakeoverUnfinished(db: Database): boolean {
  return db.prepare('SELECT 1 FROM takeovers WHERE finished_at_ms IS NULL LIMIT 1').get() !== undefined;
}

/** All take-overs, the latest first. */
export function takeoverRecords(db: Database): TakeoverRecord[] {
  const rows = db
    .prepare(
      `SELECT id, source, backup, files, begun_at_ms AS begunAtMs, job_cursor AS jobCursor,
         dead_letter_cursor AS deadLetterCursor, sync_cursor AS syncCursor, figures,
         imported_at_ms AS importedAtMs, finished_at_ms AS finishedAtMs
       FROM takeovers ORDER BY id DESC`,
    )
    .all() as (Omit<TakeoverRecord, 'files' | 'figures'> & { files: string; figures: string })[];
  return rows.map(({ files, figures, ...row }) => ({
    ...row,
    files: JSON.parse(files),
    figures: { ...NOTHING, ...JSON.parse(figures) },
  }));
}

/** Notes that a take-over begins. */
export function beginTakeover(
  db: Database,
  begin: Pick<TakeoverRecord, 'source' | 'backup' | 'files' | 'begunAtMs'>,
): TakeoverRecord {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO takeovers (source, backup, files, begun_at_ms, figures)
       VALUES (@source, @backup, @files, @begunAtMs, @figures)`,
    )
    .run({ ...begin, files: JSON.stringify(begin.files), figures: JSON.stringify(NOTHING) });
  const start = { jobCursor: 0, deadLetterCursor: 0, syncCursor: 0, importedAtMs: null, finishedAtMs: null };
  return { ...begin, ...start, id: Number(lastInsertRowid), figures: NOTHING };
}

/** Stores how far a take-over has come, in the transaction of what came in. */
export function saveTakeover(db: Database, record: TakeoverRecord): void {
  db.prepare(
    `UPDATE takeovers SET job_cursor = @jobCursor, dead_letter_cursor = @deadLetterCursor,
       sync_cursor = @syncCursor, figures = @figures, imported_at_ms = @importedAtMs, finished_at_ms = @finishedAtMs
     WHERE id = @id`,
  ).run({ ...record, files: undefined, figures: JSON.stringify(record.figures) });
}

/** Whether nobody has to be told any more which settings mean something else than in the Python plugin. */
export function areSettingsTold(db: Database): boolean {
  const sql = 'SELECT 1 FROM takeovers WHERE settings_told = 0 AND finished_at_ms IS NOT NULL LIMIT 1';
  return db.prepare(sql).get() === undefined;
}

/** It was said. */
export function noteSettingsTold(db: Database): void {
  db.prepare('UPDATE takeovers SET settings_told = 1 WHERE finished_at_ms IS NOT NULL').run();
}
