import { expect, it } from 'vitest';
import { createCatchUp, LOOK_INTERVAL_MS } from '../../src/drain/catchUp.ts';
import { createChangeLog } from '../../src/queue/changeLog.ts';
import { gatesKey } from '../../src/scene/gates/gateSettings.ts';
import { type ReconcileBench, startReconcileBench } from '../support/startReconcileBench.ts';

/** Two scenes with a file each in one item, of which the first owns it and both pass. */
async function startShared(): Promise<{ bench: ReconcileBench; one: number; two: number }> {
  const settings = { gate_organized: true, sync_labels: true };
  const bench = await startReconcileBench({ settings });
  bench.plex.library.addItem(bench.sectionKey, {
    title: 'clip',
    files: ['/media/films/one.mkv', '/media/films/two.mkv'],
    labels: ['Mine'],
  });
  const add = (name: string) =>
    bench.stash.scenes.add({
      title: `Title ${name}`,
      details: 'D',
      tags: [`Tag ${name}`],
      files: [`/data/films/${name}.mkv`],
      organized: true,
    });
  const [one, two] = [add('one'), add('two')];
  await bench.sync(one, two);
  expect(shown(bench)).toEqual(['Title one', 'Mine', 'Tag one']);
  bench.clock.advance(60_000);
  return { bench, one, two };
}

function shown({ plex }: ReconcileBench): string[] {
  const item = plex.library.itemByFile('/media/films/one.mkv');
  return [item?.title ?? '', ...(item?.labels ?? [])];
}

it('what the plugin wrote to an item is known to it while a gate holds all of its scenes back', async () => {
  const { bench, one, two } = await startShared();
  for (const id of [one, two]) bench.stash.scenes.update(id, { organized: false });
  await bench.sync(one, two);
  await bench.drainAll();
  expect(shown(bench)).toEqual(['Title one', 'Mine', 'Tag one']);
  bench.clock.advance(60_000);
  bench.stash.scenes.update(one, { organized: true, tags: ['Other'] });
  await bench.sync(one);
  await bench.drainAll();
  expect(shown(bench)).toEqual(['Title one', 'Mine', 'Other']);
});

it('scenes that a reconciliation found held back are looked at again when the gates go before any drain has seen them', async () => {
  const bench = await startReconcileBench();
  const id = bench.scanned('one', { organized: false });
  bench.runnerSettings = { gate_organized: true };
  expect(await bench.reconcile()).toMatchObject({ heldBack: { organized: 1 } });
  bench.runnerSettings = {};
  // As a drain begins.
  const { settings } = bench.runner();
  expect(bench.jobs.held.requeueWhenChanged(gatesKey(settings), bench.clock.now())).toBe(1);
  await bench.drainAll();
  expect([bench.item('one').summary, bench.jobs.held.gateOf(id)]).toEqual(['About one.', undefined]);
});

/** How it is found out that the owner does not pass any more. */
const WAYS: Record<string, (bench: ReconcileBench, sceneId: number) => Promise<unknown>> = {
  'an event': (bench, sceneId) => bench.sync(sceneId),
  'a reconciliation': (bench) => bench.reconcile(),
  async 'a change without a hook'(bench, sceneId) {
    const { clock, context, db, stash } = bench;
    const look = createCatchUp({
      clock,
      log: context.log,
      changes: createChangeLog(db),
      utcOffsetMinutes: () => 0,
    });
    await look(context);
    clock.advance(LOOK_INTERVAL_MS);
    stash.scenes.update(sceneId, { details: 'New' });
    await look(context);
  },
};

it.each(Object.entries(WAYS))(
  'an item whose owner a gate holds back goes to the next of its scenes, and comes back: found out by %s',
  async (_way, findOut) => {
    const { bench, one } = await startShared();
    bench.stash.scenes.update(one, { organized: false });
    await findOut(bench, one);
    await bench.drainAll();
    expect(shown(bench)).toEqual(['Title two', 'Mine', 'Tag two']);
    expect(bench.jobs.held.gateOf(one)?.gate).toBe('organized');
    expect(await bench.reconcile()).toMatchObject({ right: 1, heldBack: { organized: 1 }, enqueued: 0 });
    bench.clock.advance(60_000);
    bench.stash.scenes.update(one, { organized: true });
    await bench.sync(one);
    await bench.drainAll();
    expect(shown(bench)).toEqual(['Title one', 'Mine', 'Tag one']);
    expect(await bench.reconcile()).toMatchObject({ right: 1, shared: 1, enqueued: 0 });
  },
);
