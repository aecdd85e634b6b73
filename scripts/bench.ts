// Measures the budgets of the design as ratios and counts of one run. Prints a table, writes the same as JSON, and
// ends with status 1 when a budget is missed.
//
// `npm run bench` measures everything, `npm run bench -- queue breaker` only these groups: hooks, tasks, queue, breaker,
// waitingDrainer, takeover, reconcile, overlap, drain (about half an hour). The JSON holds what was measured last.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchBreaker } from './bench/breaker.ts';
import { benchDrain } from './bench/drain.ts';
import { benchHooks } from './bench/hooks.ts';
import { benchOverlap } from './bench/overlap.ts';
import { benchQueue } from './bench/queue.ts';
import { isMet, type Row, table } from './bench/Row.ts';
import { benchReconcile } from './bench/reconcile.ts';
import { benchTakeover } from './bench/takeover.ts';
import { benchTasks } from './bench/tasks.ts';
import { benchWaitingDrainer } from './bench/waitingDrainer.ts';

const RESULT = new URL('../dist/bench.json', import.meta.url);

const GROUPS = new Map<string, () => Row[] | Promise<Row[]>>([
  ['hooks', benchHooks],
  ['tasks', benchTasks],
  ['queue', benchQueue],
  ['breaker', benchBreaker],
  ['waitingDrainer', benchWaitingDrainer],
  ['takeover', benchTakeover],
  ['reconcile', benchReconcile],
  ['overlap', benchOverlap],
  ['drain', benchDrain],
]);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !GROUPS.has(name));
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}. Groups: ${[...GROUPS.keys()].join(', ')}`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, measure] of GROUPS) {
  if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await measure()));
}
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
