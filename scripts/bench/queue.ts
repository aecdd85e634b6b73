import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { systemClock } from '../../src/time/clock.ts';
import { median } from './measure.ts';
import { type DueOrder, openQueueStore, type QueueStore, SYNCED, sceneOf } from './queueStore.ts';
import type { Row } from './Row.ts';

const SMALL = 1_000;
const LARGE = 1_000_000;
const BATCH = 25;
/** Uses up the scenes of the small store. */
const ROUNDS = SMALL / 2 / BATCH;
const BUDGET = 1.5;

/** The queue rows of the design's budgets: what an event and a job cost in a small and in a large queue. */
export function benchQueue(): Row[] {
  return [...withStores('arrival', arrivalRows), ...withStores('none', scatteredRows)];
}

interface Stores {
  small: QueueStore;
  large: QueueStore;
}

function withStores(order: DueOrder, measure: (stores: Stores) => Row[]): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'stash2plex-queue-'));
  const opened: QueueStore[] = [];
  const open = (size: number) => {
    const store = openQueueStore(folder, size, order);
    opened.push(store);
    return store;
  };
  try {
    return measure({ small: open(SMALL), large: open(LARGE) });
  } finally {
    for (const store of opened) store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In each round as many jobs come as go, so that the stores keep their sizes. */
function arrivalRows(stores: Stores): Row[] {
  const created = openPairs(stores);
  const createdDurably = openPairs(stores);
  const repeated = openPairs(stores);
  const handedOut = openPairs(stores);
  for (let round = 0; round < ROUNDS; round += 1) {
    forBatch(round, (turn) => created.time(({ db, size }) => record(db, sceneOf.fresh(turn, size))));
    forBatch(round, (turn) =>
      createdDurably.time(({ durable, size }) => record(durable, sceneOf.otherFresh(turn, size))),
    );
    forBatch(round, (turn) => repeated.time(({ db, size }) => record(db, sceneOf.waiting(turn, size))));
    handedOut.time(handOut);
    handedOut.time(handOut);
  }
  return [
    ...created.rows('enqueue', BUDGET),
    ...createdDurably.rows('enqueue, flushed to disk', BUDGET),
    ...repeated.rows('enqueue of a scene that waits', BUDGET),
    ...handedOut.rows('hand-out and end, due in order of arrival', BUDGET, BATCH),
  ];
}

/** Each job is on pages of its own, which a large store has to read first: no budget, because only retries come so. */
function scatteredRows(stores: Stores): Row[] {
  const handedOut = openPairs(stores);
  for (let round = 0; round < ROUNDS; round += 1) {
    forBatch(round, (turn) => {
      for (const { db, size } of Object.values(stores)) record(db, sceneOf.fresh(turn, size));
    });
    handedOut.time(handOut);
  }
  return handedOut.rows('hand-out and end, due in no order', undefined, BATCH);
}

function forBatch(round: number, act: (turn: number) => void): void {
  for (let turn = round * BATCH; turn < (round + 1) * BATCH; turn += 1) act(turn);
}

function record(db: QueueStore['db'], sceneId: number): void {
  recordSceneChange(db, sceneId, systemClock.now());
}

/** What the drainer does to the queue for a batch of scenes that it syncs. */
function handOut({ jobs }: QueueStore): void {
  const ended = jobs.peekDue(BATCH).filter((job) => {
    const taken = jobs.take(job);
    return taken && jobs.complete(taken, SYNCED);
  });
  if (ended.length < BATCH) throw new Error(`Only ${ended.length} of ${BATCH} jobs came to their end.`);
}

/** Times the same act on both stores. */
interface Pairs {
  /** Times `act` on one store right after the other, in turns on which of them first. */
  time(act: (store: QueueStore) => void): void;
  /** @param jobs how many jobs one act was about. */
  rows(what: string, budget: number | undefined, jobs?: number): Row[];
}

function openPairs(stores: Stores): Pairs {
  const tookUs: Record<keyof Stores, number[]> = { small: [], large: [] };
  const order: (keyof Stores)[] = ['small', 'large'];
  return {
    time(act) {
      for (const name of order) {
        const startedAt = performance.now();
        act(stores[name]);
        tookUs[name].push((performance.now() - startedAt) * 1000);
      }
      order.reverse();
    },
    rows(what, budget, jobs = 1) {
      const { small, large } = tookUs;
      const ratio = median(large.map((us, index) => us / (small[index] ?? Number.NaN)));
      return [
        { what: `${what}: 1 000 jobs in the store`, value: median(small) / jobs, unit: 'µs' },
        { what: '  1 000 000 jobs in the store', value: median(large) / jobs, unit: 'µs' },
        { what: '  ratio', value: ratio, unit: 'x', ...(budget === undefined ? {} : { budget }) },
      ];
    },
  };
}
