import { readFileSync } from 'node:fs';

/** A row of a table in a document, by its headings. */
export type TableRow = Readonly<Record<string, string>>;

/** Every row of every table of a Markdown document (path from the repository's root) whose first heading is `first`. */
export function tableRows(document: string, first: string): TableRow[] {
  const rows: TableRow[] = [];
  let headings: string[] | undefined;
  for (const line of readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8').split('\n')) {
    if (!line.startsWith('|')) {
      headings = undefined;
      continue;
    }
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (!headings) headings = cells;
    else if (headings[0] === first && !/^-+$/.test(cells[0] ?? '')) {
      rows.push(Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ''])));
    }
  }
  return rows;
}

/** The texts in backticks of a cell. */
export function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text as string);
}
