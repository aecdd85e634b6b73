import { expect, it, onTestFinished } from 'vitest';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { type Database, openDatabase } from '../../src/storage/openDatabase.ts';
import { type ReconcileBench, startReconcileBench } from '../support/startReconcileBench.ts';

/** A hook's process, which writes whenever the reconciling one has just read by such a statement. */
function writeBehind({ db, clock }: ReconcileBench, statement: RegExp): { count: () => number } {
  const other = openDatabase(db.name, { durability: 'normal' });
  onTestFinished(() => void other.close());
  const prepare = db.prepare.bind(db);
  let writes = 0;
  db.prepare = ((source: string) => {
    const prepared = prepare(source);
    if (!statement.test(source)) return prepared;
    const get = prepared.get.bind(prepared);
    prepared.get = (...values: unknown[]) => {
      const row = get(...values);
      writes += 1;
      recordSceneChange(other, 4_710 + writes, clock.now());
      return row;
    };
    return prepared;
  }) as Database['prepare'];
  return { count: () => writes };
}

it('a reconciliation comes to its end while hooks write between any two of its looks at the database', async () => {
  const bench = await startReconcileBench();
  const ids = ['a', 'b', 'c'].map((name) => bench.synced(name));
  await bench.reconcile();
  // Scenes that were queued for a gap, and are right by now.
  const attempt = bench.db.prepare("INSERT INTO reconcile_attempts VALUES (?, 'gap', 1, ?)");
  for (const id of ids.slice(1)) attempt.run(id, bench.clock.now());
  const writes = writeBehind(bench, /FROM (reconcile_attempts|verified_scenes|chosen_items|item_owners)/);
  expect(await bench.reconcile()).toMatchObject({ checked: 3, right: 3, errors: [] });
  expect(writes.count()).toBeGreaterThan(5);
  expect(bench.db.prepare('SELECT count(*) FROM reconcile_attempts').pluck().get()).toBe(0);
});
