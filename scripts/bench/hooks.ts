import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive, startWorld, type World } from '../../tests/support/startWorld.ts';
import { median, timeProcess } from './measure.ts';
import type { Row } from './Row.ts';

const LAUNCHER = fileURLToPath(new URL('../../src/launcher.cjs', import.meta.url));
const PAIRS = 101;
const START_PAIRS = 31;
const HERD = 500;
const AT_A_TIME = 16;

/** The hook rows of the design's budgets. */
export async function benchHooks(): Promise<Row[]> {
  const world = await startWorld();
  try {
    const rows = [await aliveRow(world), ...ignoredRows(world), await startRow(world)];
    return [...rows, ...(await herdRows())];
  } finally {
    await world.close();
  }
}

function hookDocument(world: World, id: number, fields: readonly string[] | undefined): string {
  const input = fields ? { id: String(id), title: 'T' } : null;
  const hookContext = { id, type: 'Scene.Update.Post', input, ...(fields ? { inputFields: fields } : {}) };
  return JSON.stringify({ server_connection: world.stash.serverConnection(), args: { hookContext } });
}

const environment = (world: World, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...more,
  STASH_PLUGIN_DATA: world.dataFolder,
});

/** Median of the ratios of pairs that ran one right after the other. */
function pairedRatio(pairs: number, hook: () => number): { ratio: number; baseMs: number } {
  const bases: number[] = [];
  const ratios = Array.from({ length: pairs }, () => {
    const baseMs = timeProcess(process.execPath, ['-e', '0'], '', process.env);
    bases.push(baseMs);
    return hook() / baseMs;
  });
  return { ratio: median(ratios), baseMs: median(bases) };
}

async function aliveRow(world: World): Promise<Row> {
  const env = environment(world);
  // A scene without files: the drainer is alive, and quiet while the next pair runs.
  const id = world.stash.scenes.add({ title: 'quiet', details: 'D' });
  timeProcess(process.execPath, [LAUNCHER], hookDocument(world, id, ['title']), env);
  await world.until('the drainer', () => world.drainers().length === 1 && world.rows('jobs') === 0);
  const { ratio } = pairedRatio(PAIRS, () =>
    timeProcess(process.execPath, [LAUNCHER], hookDocument(world, id, ['title']), env),
  );
  return { what: 'hook, event recorded, a drainer alive', value: ratio, unit: 'x node -e 0', budget: 1.5 };
}

function ignoredRows(world: World): Row[] {
  const env = environment(world);
  const document = hookDocument(world, 1, undefined);
  const { ratio, baseMs } = pairedRatio(PAIRS, () =>
    timeProcess(process.execPath, [LAUNCHER], document, env),
  );
  return [
    { what: 'hook that does not matter', value: ratio, unit: 'x node -e 0', budget: 1.15 },
    { what: 'node -e 0 here', value: baseMs, unit: 'ms' },
  ];
}

/** Each round has its drainer to start: the one before is killed, outside of the measured time. */
async function startRow(world: World): Promise<Row> {
  const env = environment(world);
  const id = world.stash.scenes.add({ title: 'quiet', details: 'D' });
  const ratios: number[] = [];
  for (let round = 0; round < START_PAIRS; round += 1) {
    world.killDrainers();
    await world.until('the lock to be free', () => world.drainers().every((pid) => !isAlive(pid)));
    const before = world.drainers().length;
    const baseMs = timeProcess(process.execPath, ['-e', '0'], '', process.env);
    ratios.push(timeProcess(process.execPath, [LAUNCHER], hookDocument(world, id, ['title']), env) / baseMs);
    await world.until('the started drainer', () => world.drainers().length === before + 1);
  }
  return {
    what: 'hook, event recorded, drainer started',
    value: median(ratios),
    unit: 'x node -e 0',
    budget: 1.9,
  };
}

/** Many hooks at once, each for a scene of its own, on an empty data folder. */
async function herdRows(): Promise<Row[]> {
  const world = await startWorld();
  const measured = mkdtempSync(join(tmpdir(), 'stash2plex-rss-'));
  try {
    const ids = Array.from({ length: HERD }, (_, index) => {
      const file = `/data/films/${index}.mkv`;
      world.plex.library.addItem(world.sectionKey, {
        title: `${index}`,
        file: file.replace('/data/', '/media/'),
      });
      return world.stash.scenes.add({ title: `Title ${index}`, details: 'D', files: [file] });
    });
    const preload = join(measured, 'rss.cjs');
    writeFileSync(preload, RSS_REPORTER);
    const env = environment(world, { NODE_OPTIONS: `--require=${preload}`, RSS_FOLDER: measured });
    const rest = [...ids];
    const worker = async () => {
      for (let id = rest.shift(); id !== undefined; id = rest.shift()) {
        await runHook(hookDocument(world, id, ['title']), env);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    await world.until('the queue to drain', () => world.rows('jobs') === 0, 120_000);
    const lost = ids.filter((id, index) => {
      return (
        world.plex.library.itemByFile(`/media/films/${index}.mkv`)?.title !==
        world.stash.scenes.get(id)?.title
      );
    });
    return [
      { what: `${HERD} hooks, ${AT_A_TIME} at a time: events lost`, value: lost.length, unit: '', budget: 0 },
      { what: '  drainers started', value: world.drainers().length, unit: '', budget: 1 },
      { what: '  largest RSS of a hook', value: largestRssMb(measured), unit: 'MB', budget: 65 },
    ];
  } finally {
    await world.close();
    rmSync(measured, { recursive: true, force: true });
  }
}

/** Writes the process's largest resident set, in kilobytes, when it ends; a drainer (with an argument) does not. */
const RSS_REPORTER = `process.on('exit', () => {
  if (process.argv[2] === undefined) require('node:fs').writeFileSync(
    require('node:path').join(process.env.RSS_FOLDER, process.pid + '.kb'), String(process.resourceUsage().maxRSS));
});`;

function largestRssMb(folder: string): number {
  const sizes = readdirSync(folder)
    .filter((name) => name.endsWith('.kb'))
    .map((name) => Number(readFileSync(join(folder, name), 'utf8')) / 1024);
  if (sizes.length < HERD) throw new Error(`Only ${sizes.length} of ${HERD} hooks reported their memory.`);
  return Math.max(...sizes);
}

function runHook(stdin: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve();
      else reject(new Error(`A hook ended with ${status ?? signal}: ${answer}`));
    });
    child.stdin.end(stdin);
  });
}
