// The main job on real input, watched: 300 films, identified and edited through real hook processes, while Plex
// goes away in the middle and comes back. Exit status 0 only if every Plex item equals what Stash says.
import { tinyJpeg } from '../tests/support/plexDouble/tinyImage.ts';
import { startWorld, type World } from '../tests/support/startWorld.ts';
import { differences } from './demo/compare.ts';
import { type Film, readFilms } from './demo/films.ts';

const FILMS = 300;
/** Hooks of one Stash request run one after another; several requests run side by side. */
const PARALLEL_REQUESTS = 3;
const DEADLINE_MS = 90_000;

interface Tally {
  hooks: number;
  notOk: number;
  slowestHookMs: number;
  /** Scenes in the queue when Plex came back. */
  waited: number;
}

const startedAt = performance.now();
const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
const say = (text: string) => console.log(`${seconds()} s  ${text}`);

const films = readFilms(FILMS);
const world = await startWorld();
let exitStatus = 1;
try {
  exitStatus = await play(world);
} finally {
  await world.close();
}
process.exit(exitStatus);

async function play({ plex, stash, act, sectionKey }: World): Promise<number> {
  const tally: Tally = { hooks: 0, notOk: 0, slowestHookMs: 0, waited: 0 };
  const count = (runs: Awaited<ReturnType<typeof act.editScene>>) => {
    for (const { result, durationMs } of runs) {
      tally.hooks += 1;
      if (result.output !== 'ok') tally.notOk += 1;
      tally.slowestHookMs = Math.max(tally.slowestHookMs, durationMs);
    }
  };
  const identify = async (id: number, film: Film) =>
    count(await act.identify(id, identification(film), tinyJpeg(film.title, 2_000).toString('base64')));

  const ids = films.map(({ fileName }) => {
    plex.library.addItem(sectionKey, {
      title: fileName.replace(/\.mkv$/, ''),
      file: `/media/films/${fileName}`,
    });
    return stash.scenes.add({ files: [`/data/films/${fileName}`] });
  });
  say(`${FILMS} scenes in Stash and as many bare items in Plex.`);

  const pairs = ids.map((id, index) => [id, films[index] as Film] as const);
  await inParallel(pairs.slice(0, 120), ([id, film]) => identify(id, film));
  say(`Identified 120 scenes; ${synced(world, ids)} items are equal so far.`);

  await plex.stop();
  say('Plex is gone.');
  await inParallel(pairs.slice(120, 240), ([id, film]) => identify(id, film));
  await inParallel(ids.slice(0, 30), async (id) =>
    count(await act.editScene(id, { title: `${stash.scenes.get(id)?.title} (edited)` })),
  );
  say(`Meanwhile 120 more were identified and 30 edited; ${world.rows('jobs')} wait in the queue.`);

  // A server that has just started stumbles now and then.
  plex.faults.add({ match: { method: 'PUT' }, nth: 20, times: 3, action: { kind: 'status', status: 500 } });
  tally.waited = world.rows('jobs');
  await plex.start();
  const backAt = performance.now();
  say('Plex is back, and fails at three edits at first. Nobody touches anything.');
  await world.until('the queue to drain by itself', () => world.rows('jobs') === 0, DEADLINE_MS);
  say(`The queue drained by itself within ${((performance.now() - backAt) / 1000).toFixed(1)} s.`);

  await inParallel(pairs.slice(240), ([id, film]) => identify(id, film));
  const reviewed = stash.scenes.tags.idOf('Reviewed');
  count(await act.bulkEdit(ids.slice(0, 60), { tag_ids: { ids: [reviewed], mode: 'ADD' } }));
  count(
    await act.editScenes(
      ids.slice(60, 80).map((id) => ({ id, studio: 'Another Distributor', performers: [] })),
    ),
  );
  count(await act.editScene(ids[80] as number, { details: '', date: null, studio: null }));
  say('Identified the last 60, tagged 60 in bulk, gave 20 another studio, emptied one.');
  await world.until('the queue to drain', () => world.rows('jobs') === 0, DEADLINE_MS);

  return report(world, ids, tally);
}

function identification({ fileName: _, ...fields }: Film) {
  return fields;
}

async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: PARALLEL_REQUESTS }, worker));
}

function unequal({ plex, stash }: World, ids: readonly number[]): string[] {
  return ids.flatMap((id) => {
    const scene = stash.scenes.get(id);
    const path = scene?.files[0]?.path.replace('/data/', '/media/') ?? '';
    const item = plex.library.itemByFile(path);
    if (!scene || !item) return [`scene ${id} has no item`];
    return differences(scene, item).map((difference) => `scene ${id}, ${difference}`);
  });
}

function synced(current: World, ids: readonly number[]): number {
  return ids.filter((id) => current.rows('scene_syncs') > 0 && unequal(current, [id]).length === 0).length;
}

function report(
  current: World,
  ids: readonly number[],
  { hooks, notOk, slowestHookMs, waited }: Tally,
): number {
  const wrong = unequal(current, ids);
  const lost = new Set(wrong.map((text) => /scene (\d+)/.exec(text)?.[1])).size;
  const log = current.drainerLog();
  const sum = (pattern: RegExp) =>
    [...log.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
  const rows: [string, string | number][] = [
    ['events (hook processes)', hooks],
    ['  answered other than "ok"', notOk],
    ['  slowest', `${Math.round(slowestHookMs)} ms`],
    ['scenes synced', sum(/Scenes: (\d+) synced/g)],
    ['waited for Plex', waited],
    ['retried after a failure', sum(/(\d+) to be tried again/g)],
    ['given up', current.rows('dead_letters')],
    ['lost (items unlike their scene)', lost],
    ['drainers', current.drainers().length],
    ['requests to Plex', current.plex.log.count()],
    ['  edits (PUT)', current.plex.log.count({ method: 'PUT' })],
    ['  images (POST)', current.plex.log.count({ method: 'POST' })],
    ['requests to Stash', current.stash.log.count()],
    ['seconds', seconds().trim()],
  ];
  console.log(
    `\n${rows.map(([name, value]) => `${name.padEnd(34)}${String(value).padStart(10)}`).join('\n')}\n`,
  );
  for (const text of wrong.slice(0, 10)) console.log(`WRONG ${text}`);
  for (const text of current.plex.violations.slice(0, 10)) console.log(`BAD MANNERS ${text}`);
  const isFine =
    lost === 0 && notOk === 0 && current.rows('dead_letters') === 0 && current.plex.violations.length === 0;
  console.log(
    isFine ? `All ${ids.length} items are equal to their scenes: 0 lost.` : 'NOT equal: see above.',
  );
  return isFine ? 0 : 1;
}
