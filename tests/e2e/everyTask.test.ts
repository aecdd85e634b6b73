import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { findTask } from '../../src/tasks/taskRegistry.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World, YML_PATH } from '../support/startWorld.ts';

interface YmlTask {
  name: string;
  execArgs?: string[];
  defaultArgs: Record<string, string>;
}

/** What a task does by its arguments, but for how much. */
const deed = ({ defaultArgs }: YmlTask) => `${defaultArgs['mode']} ${defaultArgs['apply']}`;
/** Every task that Stash offers and Node runs, also those of later versions; of those that differ in how much they do, the first. */
const TASKS = (parse(readFileSync(YML_PATH, 'utf8')) as { tasks: YmlTask[] }).tasks.filter(
  // The former are the launcher's own, and install something.
  (task, index, all) =>
    task.execArgs === undefined && all.findIndex((other) => deed(other) === deed(task)) === index,
);
const names = TASKS.map(({ name }) => name);
/** Tasks that need the plugin's own files only: nothing but these may stop them. */
const LOOKING = new Set(
  TASKS.filter(({ defaultArgs }) => findTask(defaultArgs).kind === 'look').map(({ name }) => name),
);
/** Tasks that need Stash, and nothing of Plex. */
const WITHOUT_PLEX = new Set(
  TASKS.filter(({ defaultArgs }) => findTask(defaultArgs).withoutPlex).map(({ name }) => name),
);
/** Tasks that tell of every trouble, and never fail because of it. */
const TELLING = new Set(
  TASKS.filter(({ defaultArgs }) => findTask(defaultArgs).asItIs).map(({ name }) => name),
);
const isUnstoppable = (task: string) => LOOKING.has(task) || TELLING.has(task);
const SEED = Number(process.env['STASH2PLEX_TEST_SEED'] ?? randomInt(2 ** 31));
const WRONG_TOKEN = 'a-wrong-token-of-length';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

/** Nobody works in the background: what a task leaves behind stays. */
const runPaused = (task: string) => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' }).runTask(task);

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ title: `T ${name}`, details: 'D', files: [`/data/films/${name}.mkv`] });
}

/** A data folder with everything in it: jobs in every state, syncs, dead letters of several classes, outages. */
function fill(): void {
  const [due, later, orphan, synced, failed] = ['due', 'later', 'orphan', 'synced', 'failed'].map(scanned);
  const db = openDatabase(join(world.dataFolder, 'stash2plex.db'), { durability: 'normal' });
  for (const id of [due, later, orphan]) recordSceneChange(db, id ?? 0, Date.now());
  db.prepare(
    "UPDATE jobs SET due_at_ms = due_at_ms + 600000, last_error_type = 'PlexNotFound' WHERE scene_id = ?",
  ).run(later);
  db.prepare("UPDATE jobs SET state = 'running', claim_id = 'x', lease_owner = 'x' WHERE scene_id = ?").run(
    orphan,
  );
  db.prepare("INSERT INTO scene_syncs VALUES (?, NULL, 1, 'server', '1', '1', '{}')").run(synced);
  db.close();
  const startSecs = Date.now() / 1000;
  world.writeState('outage_history.json', [
    { started_at: startSecs - 600, ended_at: startSecs - 300, duration: 300, jobs_affected: 2 },
  ]);
  world.giveUp(
    { sceneId: failed ?? 0, type: 'PlexServerDown', agoSecs: 400 },
    { sceneId: 4711, type: 'AmbiguousMatch', agoSecs: 500 },
    { sceneId: 4712, type: 'PlexNotFound', agoSecs: 40 * 86_400 },
  );
}

/** What Stash shows of a run is something that its user understands. */
function expectReadable(run: PluginRun, task: string): void {
  const all = `${run.stdout}\n${run.stderrRaw}`;
  expect(JSON.parse(run.stdout), task).toEqual(run.result);
  expect(Object.keys(run.result), task).toHaveLength(1);
  const { output, error } = run.result;
  expect(run.exitCode, task).toBe(error === undefined ? 0 : 1);
  const sentence = error ?? (output as { summary?: unknown }).summary;
  expect(sentence, task).toMatch(/^["A-Z0-9][^\n]{10,}[.!]$/);
  expect(sentence, task).not.toMatch(/undefined|\bNaN\b|\bnull\b|\[object|unexpectedly/);
  if (error !== undefined)
    expect(
      run.logs.map(({ level }) => level),
      task,
    ).toContain('error');
  expect(all, task).not.toMatch(/^\W*at .+:\d+:\d+\)?$|node:internal|file:\/\//m);
  for (const secret of [world.plex.token, WRONG_TOKEN]) expect(all.includes(secret), task).toBe(false);
  // Every line is one of the log's: Node has nothing to say beside it.
  for (const line of run.stderrRaw.split('\n').filter((text) => text !== '')) {
    const [start, level, end] = [line.charCodeAt(0), line.charAt(1), line.charCodeAt(2)];
    expect({ start, level, end }, line).toEqual({
      start: 1,
      level: expect.stringMatching(/[tdiwep]/),
      end: 2,
    });
  }
  expect(run.progress, task).toEqual([...run.progress].sort((left, right) => left - right));
}

function expectSuccess(run: PluginRun, task: string): void {
  expectReadable(run, task);
  expect(run.result.error, task).toBeUndefined();
}

/** The database is whole, if there is one yet. */
function expectSound(): void {
  const path = join(world.dataFolder, 'stash2plex.db');
  if (!existsSync(path)) return;
  const db = new BetterSqlite3(path);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
}

describe('every task', () => {
  it.each(names)('succeeds on an empty data folder: %s (W38)', async (task) => {
    expectSuccess(await runPaused(task), task);
  });

  it.each(names)('succeeds on a full one, with a drainer beside it: %s (W38, W22)', async (task) => {
    fill();
    expectSuccess(await world.host.runTask(task), task);
    expectSuccess(await world.host.runTask(task), task);
  });

  it.each(names)('ends with a sentence while Plex is down, and loses nothing: %s (W22)', async (task) => {
    fill();
    await world.plex.stop();
    const run = await runPaused(task);
    expectReadable(run, task);
    if (isUnstoppable(task)) expect(run.result.error).toBeUndefined();
    expectSound();
    await world.plex.start();
    expectSuccess(await runPaused(task), task);
  });

  it.each(names)('ends with a sentence while Stash refuses it: %s (W8)', async (task) => {
    fill();
    for (const action of [{ status: 500 }, { status: 401 }, 'loginPage'] as const) {
      world.stash.faults.add({ action });
      const run = await runPaused(task);
      expectReadable(run, task);
      expect(run.result.error === undefined, task).toBe(isUnstoppable(task));
      world.stash.faults.clear();
    }
    expectSuccess(await runPaused(task), task);
  });

  it.each(names)('ends with a sentence when the token is wrong: %s (W41)', async (task) => {
    fill();
    world.stash.settings.set('Stash2Plex', { plex_url: world.plex.url, plex_token: WRONG_TOKEN });
    const run = await runPaused(task);
    expectReadable(run, task);
    if (isUnstoppable(task)) expect(run.result.error).toBeUndefined();
    expect(world.plex.log.where({}).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it.each(names)('ends with a sentence when nothing is set up: %s (W-67)', async (task) => {
    world.stash.settings.delete('Stash2Plex');
    const run = await runPaused(task);
    expectReadable(run, task);
    expect(run.result.error === undefined, task).toBe(isUnstoppable(task) || WITHOUT_PLEX.has(task));
  });

  it('stopped at any moment leaves a sound database, and runs the next time (W5, W15)', async () => {
    fill();
    // Slow enough that a task is caught in the middle of what it does.
    world.plex.switches.latencyMs = 30;
    world.stash.faults.add({ action: { delayMs: 30 } });
    let killed = 0;
    for (const [index, task] of names.entries()) {
      for (let round = 0; round < 2; round += 1) {
        const process = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' }).startTask(task);
        const delayMs = 40 + ((SEED + index * 7_919 + round * 104_729) % 200);
        const timer = setTimeout(() => process.kill(), delayMs);
        const { signal } = await process.finished;
        clearTimeout(timer);
        if (signal === 'SIGKILL') killed += 1;
        expectSound();
      }
      expectSuccess(await runPaused(task), `${task} (STASH2PLEX_TEST_SEED=${SEED})`);
    }
    expect(killed).toBeGreaterThan(names.length / 2);
  }, 60_000);
});

describe('a task that is started otherwise', () => {
  it.each([
    [{ mode: 'nonsense' }, 'Unknown mode "nonsense"'],
    [{ mode: 'all', hours: '24' }, 'Unknown argument "hours" of the mode "all": it takes none.'],
    [{}, 'No mode'],
  ])('with %j is refused in one sentence (W38)', async (args, sentence) => {
    const run = await world.host.runOperation(args);
    expectReadable(run, JSON.stringify(args));
    expect(run.result.error).toContain(sentence);
  });
});
