/** One line of the benchmark's table. */
export interface Row {
  what: string;
  /** What was measured, in `unit`. */
  value: number;
  unit: string;
  /** Largest value that is within the budget of the design; undefined for a line that only informs. */
  budget?: number;
}

/** Whether a row keeps its budget. */
export function isMet({ value, budget }: Row): boolean {
  return budget === undefined || value <= budget;
}

/** The rows as an aligned table. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    `${format(row.value)} ${row.unit}`.trim(),
    row.budget === undefined ? '' : `<= ${format(row.budget)}`,
    row.budget === undefined ? '' : isMet(row) ? 'met' : 'MISSED',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
