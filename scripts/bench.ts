// Measures the budgets of the design as ratios and counts of one run. Prints a table, writes the same as JSON, and
// ends with status 1 when a budget is missed.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchHooks } from './bench/hooks.ts';
import { isMet, table } from './bench/Row.ts';

const RESULT = new URL('../dist/bench.json', import.meta.url);

const rows = await benchHooks();
const machine = {
  node: process.versions.node,
  platform: `${process.platform}-${process.arch}`,
  cpus: cpus().length,
};
writeFileSync(
  RESULT,
  `${JSON.stringify({ machine, rows: rows.map((row) => ({ ...row, met: isMet(row) })) }, null, 2)}\n`,
);
console.log(`${table(rows)}\n\nAs JSON: ${fileURLToPath(RESULT)}`);
process.exit(rows.every(isMet) ? 0 : 1);
