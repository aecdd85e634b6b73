import { join } from 'node:path';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { startWorld, type World } from '../../tests/support/startWorld.ts';
import { itemAsSynced, markSynced, type SyncedPair } from '../../tests/support/syncedLibrary.ts';
import { watchPeakRss } from './peakRss.ts';
import type { Row } from './Row.ts';

const SIZES = [1_000, 10_000, 100_000];
const PLEX_PAGE = 200;
const STASH_PAGE = 100;
const READ_AT_ONCE = 100;
/** Share of the scenes that change before the third run. */
const CHANGED = 0.01;
/** Settings, identity, libraries, and the page that tells the end of each walk. */
const FIXED_REQUESTS = 6;
const RSS_BUDGET_MB = 200;
/** Ten times as many scenes may take so many times ten times as long. */
const LINEAR = 1.5;

/** What one run took. */
interface Measured {
  secs: number;
  plex: number;
  stash: number;
  rssMb: number;
}

/**
 * "Reconcile Library (All)" as Stash runs it, in a process of its own: when nothing was ever verified, when everything was, and after a
 * hundredth of the scenes has changed.
 */
export async function benchReconcile(): Promise<Row[]> {
  const rows: Row[] = [];
  const warmSecs: number[] = [];
  for (const size of SIZES) {
    const world = await startWorld({ env: { STASH2PLEX_HOOK_AUTODRAIN: '0' } });
    try {
      const ids = seed(world, size);
      const count = size.toLocaleString('en').replaceAll(',', ' ');
      const first = await measure(world, { right: size, enqueued: 0 });
      rows.push(...rowsOf(`reconcile ${count}, never verified`, first, size, size));
      const warm = await measure(world, { right: size, enqueued: 0 });
      rows.push(...rowsOf(`reconcile ${count}, nothing changed`, warm, size, 0));
      warmSecs.push(warm.secs);
      const changed = size * CHANGED;
      for (const id of ids.slice(0, changed)) world.stash.scenes.update(id, { details: 'Changed.' });
      const drifted = await measure(world, { right: size - changed, enqueued: changed });
      rows.push(...rowsOf(`reconcile ${count}, 1 % changed`, drifted, size, changed));
    } finally {
      await world.close();
    }
  }
  const [, tenth = Number.NaN, whole = Number.NaN] = warmSecs;
  rows.push({
    what: 'reconcile 100 000 against ten times 10 000',
    value: whole / (10 * tenth),
    unit: 'x',
    budget: LINEAR,
  });
  return rows;
}

function rowsOf(what: string, { secs, plex, stash, rssMb }: Measured, size: number, read: number): Row[] {
  const pages = Math.ceil(size / PLEX_PAGE) + Math.ceil(size / STASH_PAGE);
  const budget = pages + Math.ceil(read / READ_AT_ONCE) + FIXED_REQUESTS;
  return [
    { what, value: secs, unit: 's' },
    { what: '  requests to both servers', value: plex + stash, unit: '', budget },
    { what: '  largest RSS', value: rssMb, unit: 'MB', budget: RSS_BUDGET_MB },
  ];
}

/** A library in which every scene is in Plex as in Stash. @returns the scenes' ids. */
function seed(world: World, size: number): number[] {
  const { stash, plex, sectionKey } = world;
  const pairs: SyncedPair[] = [];
  for (let n = 0; n < size; n += 1) {
    const name = `${n % 500}/film-${n}`;
    const scene = {
      title: `Title ${n}`,
      details: `What film ${n} is about, in a sentence or two of the usual length. `.repeat(3).trim(),
      studio: `Studio ${n % 200}`,
      tags: ['Common', `Tag ${n % 400}`, `Kind ${n % 30}`],
      performers: [`Performer ${n % 1_000}`, `Performer ${(n + 7) % 1_000}`],
    };
    const sceneId = stash.scenes.add({ ...scene, files: [`/data/films/${name}.mkv`] });
    const file = `/media/films/${name}.mkv`;
    const { ratingKey } = plex.library.addItem(sectionKey, { ...itemAsSynced(name, scene), file });
    const sceneUpdatedAt = stash.scenes.get(sceneId)?.updated_at ?? null;
    pairs.push({ sceneId, sceneUpdatedAt, ratingKey, sectionKey, file, studio: scene.studio });
  }
  const db = openDatabase(join(world.dataFolder, 'stash2plex.db'), { durability: 'normal' });
  markSynced(db, plex.library.machineIdentifier, pairs, Date.now());
  db.close();
  return pairs.map(({ sceneId }) => sceneId);
}

async function measure(world: World, expected: { right: number; enqueued: number }): Promise<Measured> {
  world.plex.log.clear();
  world.stash.log.clear();
  const process = world.host.startTask('Reconcile Library (All)');
  const peak = watchPeakRss(process.pid);
  const run = await process.finished;
  const rssMb = await peak.stop();
  const { right, enqueued } = (run.result.output ?? {}) as { right?: number; enqueued?: number };
  if (right !== expected.right || enqueued !== expected.enqueued) {
    throw new Error(
      `The run found something else than there is: ${JSON.stringify(run.result).slice(0, 500)}`,
    );
  }
  return { secs: run.durationMs / 1000, plex: world.plex.log.count(), stash: world.stash.log.count(), rssMb };
}
