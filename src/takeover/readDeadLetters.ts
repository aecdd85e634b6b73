import type { AdoptedDeadLetter } from '../queue/adoptDeadLetter.ts';
import type { Database } from '../storage/openDatabase.ts';
import { PickleError } from './checkOperations.ts';
import { sceneIdIn } from './pythonJob.ts';
import { readPickledJob } from './readPickledJob.ts';
import { salvageRows } from './salvageRows.ts';

/** A row of `dlq.db` as it comes here. */
export interface PythonDeadLetter extends AdoptedDeadLetter {
  rowId: number;
  /** Whether its job could be read. */
  hasJob: boolean;
}

type Row = { key: number } & Record<(typeof COLUMNS)[number], unknown>;
const COLUMNS = [
  'job_id',
  'scene_id',
  'job_data',
  'error_type',
  'error_message',
  'stack_trace',
  'retry_count',
  'failed_at',
] as const;

/**
 * The dead letters of the Python plugin in their order, in portions. One whose job cannot be read stays, with a note.
 *
 * @param after only rows with a greater number.
 * @param onLost told of rows that damage has taken away.
 */
export function* readDeadLetters(
  db: Database,
  name: string,
  after: number,
  onLost: (rowId: number) => void,
): Generator<PythonDeadLetter[]> {
  const table = { name, key: 'id', columns: COLUMNS.join(', ') };
  for (const rows of salvageRows<Row>(db, table, after, onLost)) yield rows.map(deadLetter);
}

/** Scenes that have dead letters. */
export function deadScenes(db: Database, name: string): Set<number> {
  const ids = db.prepare(`SELECT DISTINCT scene_id FROM "${name}" WHERE scene_id IS NOT NULL`).pluck().all();
  return new Set(ids.flatMap((id) => sceneIdIn(id) ?? []));
}

function deadLetter(row: Row): PythonDeadLetter {
  const { job, note } = jobIn(row.job_data);
  const sceneId = sceneIdIn(row.scene_id) ?? sceneIdIn(job?.['scene_id']) ?? null;
  return {
    rowId: row.key,
    hasJob: job !== undefined,
    sceneId,
    jobId: integerIn(row.job_id),
    jobData: JSON.stringify(job ?? { scene_id: sceneId, note }),
    failure: {
      type: textIn(row.error_type),
      message: textIn(row.error_message),
      stack: textIn(row.stack_trace),
    },
    retryCount: integerIn(row.retry_count),
    failedAt: textIn(row.failed_at),
  };
}

function jobIn(blob: unknown): { job?: Record<string, unknown>; note?: string } {
  try {
    return { job: readPickledJob(blob) };
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    return { note: `The job of the Python plugin could not be read: ${error.message}.` };
  }
}

function integerIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
