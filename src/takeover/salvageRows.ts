import type { Database } from '../storage/openDatabase.ts';
import { errorCode } from '../storage/StorageError.ts';

/** A table of the Python plugin, by its number for each row. */
export interface SalvagedTable {
  name: string;
  /** Column of the row's number. */
  key: string;
  /** What to read, as SQL. */
  columns: string;
  /** Which rows, as SQL; all when left out. */
  where?: string;
}

/** Told of rows that a damaged page has taken away. */
export type OnLostRow = (key: number) => void;

const PORTION = 500;
/** How far to look when the damage hides where the table ends. */
const BLIND_SPAN = 100_000;

/**
 * The rows of a table in their order, in portions. Where a page of the file is damaged, only its rows are missing: the others are
 * asked for one by one.
 *
 * @param after only rows with a greater number.
 * @throws what SQLite throws, when it is no damage, or nothing of the table can be read at all.
 */
export function* salvageRows<Row extends object>(
  db: Database,
  { name, key, columns, where = 'true' }: SalvagedTable,
  after: number,
  onLost: OnLostRow,
): Generator<(Row & { key: number })[]> {
  type Keyed = Row & { key: number };
  const select = `SELECT "${key}" AS key, ${columns} FROM "${name}" WHERE ${where}`;
  const page = db.prepare<[number], Keyed>(`${select} AND "${key}" > ? ORDER BY "${key}" LIMIT ${PORTION}`);
  const one = db.prepare<[number], Keyed>(`${select} AND "${key}" = ?`);
  let end: number | undefined;
  for (let last = after; ; ) {
    const rows = undamaged(() => page.all(last));
    if (rows) {
      if (rows.length === 0) return;
      yield rows;
      last = rows.at(-1)?.key ?? last;
      continue;
    }
    end ??= lastKey(db, name, key) ?? last + BLIND_SPAN;
    if (last >= end) return;
    const found: Keyed[] = [];
    for (const stop = Math.min(last + PORTION, end); last < stop; ) {
      last += 1;
      const row = undamaged(() => ({ row: one.get(last) }));
      if (row?.row) found.push(row.row);
      else if (!row) onLost(last);
    }
    if (found.length > 0) yield found;
  }
}

/** Whether an error of SQLite says that the file is damaged. */
export function isDamage(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR');
}

function undamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** The greatest number in use, or that ever was; undefined when the damage hides both. */
function lastKey(db: Database, name: string, key: string): number | undefined {
  const number = (sql: string, ...params: unknown[]) => {
    const value = undamaged(() =>
      db
        .prepare(sql)
        .pluck()
        .get(...params),
    );
    return typeof value === 'number' ? value : undefined;
  };
  return (
    number(`SELECT max("${key}") FROM "${name}"`) ??
    number('SELECT seq FROM sqlite_sequence WHERE name = ?', name)
  );
}
