/** A figure of a report; a label that begins with blanks belongs to the one above it. */
export type ReportRow = readonly [label: string, value: string | number];

/**
 * A report as Stash's log shows it: a line per row, `label: value`, the values in one column.
 *
 * @param minWidth characters of the first column at least, where several reports stand below each other.
 */
export function alignedLines(rows: readonly ReportRow[], minWidth = 0): string[] {
  const width = Math.max(minWidth, ...rows.map(([label]) => label.length + 2));
  return rows.map(([label, value]) => `${`${label}:`.padEnd(width)}${value}`.trimEnd());
}
