import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive, startWorld, type World } from '../../tests/support/startWorld.ts';
import { median, timeProcess } from './measure.ts';
import type { Row } from './Row.ts';

const PLUGIN = fileURLToPath(new URL('../../', import.meta.url));

/** How a hook is started. */
interface HookPath {
  name: string;
  command: string;
  args: string[];
  /** Largest ratios to `node -e 0`. */
  budgets: { alive: number; ignored: number; start: number };
}

/** As Stash does it, except on Windows. */
const BY_LAUNCHER: HookPath = {
  name: 'hook',
  command: join(PLUGIN, 'stash2plex'),
  args: [PLUGIN, 'hook'],
  budgets: { alive: 0.35, ignored: 0.35, start: 0.6 },
};
/** As it is done on Windows, and where the launcher cannot do it surely. */
const BY_NODE: HookPath = {
  name: 'hook by Node',
  command: process.execPath,
  args: [join(PLUGIN, 'src/launcher.cjs')],
  budgets: { alive: 1.3, ignored: 1.15, start: 1.6 },
};
const PAIRS = 101;
const START_PAIRS = 31;
const HERD = 500;
const AT_A_TIME = 16;

/** The hook rows of the design's budgets. */
export async function benchHooks(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of [BY_LAUNCHER, BY_NODE]) {
    const world = await startWorld({ hooks: path === BY_NODE ? 'node' : 'launcher' });
    try {
      rows.push(await aliveRow(world, path), ignoredRow(world, path), await startRow(world, path));
    } finally {
      await world.close();
    }
    rows.push(...(await herdRows(path)));
  }
  const bases = Array.from({ length: PAIRS }, nodeMs);
  return [...rows, { what: 'node -e 0 here', value: median(bases), unit: 'ms' }];
}

const nodeMs = () => timeProcess(process.execPath, ['-e', '0'], '', process.env);

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
function pairedRatio(pairs: number, hook: () => number): number {
  return median(
    Array.from({ length: pairs }, () => {
      const baseMs = nodeMs();
      return hook() / baseMs;
    }),
  );
}

async function aliveRow(world: World, { name, command, args, budgets }: HookPath): Promise<Row> {
  const env = environment(world);
  // A scene without files: the drainer is alive, and quiet while the next pair runs.
  const id = world.stash.scenes.add({ title: 'quiet', details: 'D' });
  timeProcess(command, args, hookDocument(world, id, ['title']), env);
  await world.until('the drainer', () => world.drainers().length === 1 && world.rows('jobs') === 0);
  const ratio = pairedRatio(PAIRS, () => timeProcess(command, args, hookDocument(world, id, ['title']), env));
  return {
    what: `${name}, event recorded, a drainer alive`,
    value: ratio,
    unit: 'x node -e 0',
    budget: budgets.alive,
  };
}

function ignoredRow(world: World, { name, command, args, budgets }: HookPath): Row {
  const env = environment(world);
  const document = hookDocument(world, 1, undefined);
  const ratio = pairedRatio(PAIRS, () => timeProcess(command, args, document, env));
  return {
    what: `${name}, that does not matter`,
    value: ratio,
    unit: 'x node -e 0',
    budget: budgets.ignored,
  };
}

/** Each round has its drainer to start: the one before is killed, outside of the measured time. */
async function startRow(world: World, { name, command, args, budgets }: HookPath): Promise<Row> {
  const env = environment(world);
  const id = world.stash.scenes.add({ title: 'quiet', details: 'D' });
  const ratios: number[] = [];
  for (let round = 0; round < START_PAIRS; round += 1) {
    world.killDrainers();
    await world.until('the lock to be free', () => world.drainers().every((pid) => !isAlive(pid)));
    const before = world.drainers().length;
    const baseMs = nodeMs();
    ratios.push(timeProcess(command, args, hookDocument(world, id, ['title']), env) / baseMs);
    await world.until('the started drainer', () => world.drainers().length === before + 1);
  }
  return {
    what: `${name}, event recorded, drainer started`,
    value: median(ratios),
    unit: 'x node -e 0',
    budget: budgets.start,
  };
}

/** Many hooks at once, each for a scene of its own, on an empty data folder. */
async function herdRows(path: HookPath): Promise<Row[]> {
  const isByNode = path === BY_NODE;
  const world = await startWorld({ hooks: isByNode ? 'node' : 'launcher' });
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
        await runHook(path, hookDocument(world, id, ['title']), env);
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
      {
        what: `${path.name}, ${HERD}, ${AT_A_TIME} at a time: events lost`,
        value: lost.length,
        unit: '',
        budget: 0,
      },
      { what: '  drainers started', value: world.drainers().length, unit: '', budget: 1 },
      ...(isByNode
        ? [{ what: '  largest RSS of a hook', value: largestRssMb(measured), unit: 'MB', budget: 65 }]
        : []),
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

function runHook({ command, args }: HookPath, stdin: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
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
