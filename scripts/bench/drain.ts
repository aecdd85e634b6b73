import { join } from 'node:path';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { startWorld, type World } from '../../tests/support/startWorld.ts';
import type { Row } from './Row.ts';

const SIZES = [1_000, 10_000];
const LATENCIES_MS = [0, 5, 50];
/** The design's budget of 100 scenes a second, for a Plex that takes 5 ms to answer. */
const BUDGET_MS_PER_SCENE = new Map([[5, 10]]);
const DEADLINE_MS = 3_600_000;

/** What is drained: scenes that Plex has but nobody synced, synced ones that changed, synced ones that did not. */
interface Drain {
  name: string;
  /** Most requests to Plex per scene, by the design. */
  requestsBudget?: number;
  change: (world: World, ids: readonly number[]) => void;
}

const DRAINS: readonly Drain[] = [
  { name: 'cold', change: () => {} },
  {
    name: 'warm, changed',
    requestsBudget: 2,
    change: (world, ids) => {
      for (const id of ids) world.stash.scenes.update(id, { title: `Changed ${id}` });
    },
  },
  { name: 'warm, unchanged', requestsBudget: 0.05, change: () => {} },
];

/** The rows about draining a queue, by number of scenes and by Plex's latency. Pictures are left out: each is one upload more. */
export async function benchDrain(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    for (const latencyMs of LATENCIES_MS) rows.push(...(await drainRows(size, latencyMs)));
  }
  return rows;
}

async function drainRows(size: number, latencyMs: number): Promise<Row[]> {
  const world = await startWorld();
  try {
    world.plex.log.enabled = false;
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: world.plex.token,
      sync_poster: false,
      sync_background: false,
    });
    const ids = Array.from({ length: size }, (_, index) => addScene(world, index));
    world.plex.switches.latencyMs = latencyMs;
    const rows: Row[] = [];
    for (const { name, change, requestsBudget } of DRAINS) {
      change(world, ids);
      const { msPerScene, requestsPerScene } = await drain(world, ids);
      const budgetMs = name === 'warm, unchanged' ? undefined : BUDGET_MS_PER_SCENE.get(latencyMs);
      const what = `drain ${size} scenes, ${latencyMs} ms, ${name}`;
      rows.push(
        {
          what,
          value: msPerScene,
          unit: 'ms/scene',
          ...(budgetMs === undefined ? {} : { budget: budgetMs }),
        },
        {
          what: '  requests to Plex per scene',
          value: requestsPerScene,
          unit: '',
          ...(requestsBudget === undefined ? {} : { budget: requestsBudget }),
        },
      );
    }
    const wrong = ids.filter((id, index) => titleInPlex(world, index) !== world.stash.scenes.get(id)?.title);
    rows.push({ what: '  items unlike their scenes', value: wrong.length, unit: '', budget: 0 });
    return rows;
  } finally {
    await world.close();
  }
}

export function addScene(world: World, index: number): number {
  const name = `Film ${index}`;
  world.plex.library.addItem(world.sectionKey, { title: name, file: plexPath(index) });
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: `What happens in ${name}.`,
    date: '2024-05-17',
    files: [`/data/films/${index % 100}/${name}.mkv`],
  });
}

const plexPath = (index: number) => `/media/films/${index % 100}/Film ${index}.mkv`;
const titleInPlex = (world: World, index: number) => world.plex.library.itemByFile(plexPath(index))?.title;

/** Records an event for every scene, starts the drainer, and waits until the queue is empty. */
export async function drain(world: World, ids: readonly number[]) {
  const db = openDatabase(join(world.dataFolder, 'stash2plex.db'), { durability: 'normal' });
  try {
    world.killDrainers();
    db.transaction(() => {
      for (const id of ids) recordSceneChange(db, id, Date.now());
    }).immediate();
    world.plex.log.clear();
    const waiting = db.prepare('SELECT count(*) FROM jobs').pluck();
    const startedAt = performance.now();
    const [first = 0] = ids;
    await world.host.runHook('Scene.Update.Post', {
      id: first,
      input: { id: String(first) },
      inputFields: ['title'],
    });
    await world.until('the queue to drain', () => waiting.get() === 0, DEADLINE_MS);
    return {
      msPerScene: (performance.now() - startedAt) / ids.length,
      requestsPerScene: world.plex.log.count() / ids.length,
    };
  } finally {
    db.close();
  }
}
