import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

const SCENES = 100;
/** By Node each hook takes several times as long, and differs in nothing but how it records; of an older Node nothing is special here. */
const SHARE =
  process.env['STASH2PLEX_TEST_HOOKS'] === 'node' || process.env['STASH2PLEX_TEST_NODE'] ? 0.3 : 1;
const EVENTS = 2_000 * SHARE;
const WRITERS = 8;
const HOOK_KILLS = 100 * SHARE;
const DRAINER_KILLS = 100 * SHARE;
/** Kills come one by one along the events; what a slow machine has missed of them is made up for at the end, within this. */
const MOST_EVENTS = 10 * EVENTS;
/** Longer than a drainer needs for some scenes, so that kills fall into its start, its reading, its edits and its waiting. */
const LATEST_DRAINER_KILL_MS = 300;
/** Slow enough that there is always work when a drainer is killed. */
const PLEX_LATENCY_MS = 15;
/** One kill more than the hand-outs that a job gets. */
const TOO_MANY_STARTS = 41;

const SEED = Number(process.env['STASH2PLEX_TEST_SEED'] ?? randomInt(2 ** 31));

/** Mulberry32: 0 (inclusive) to 1 (exclusive), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

const item = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`);

/** Changes the scene in Stash. @returns what its hook is told. */
function edit(id: number, mark: string): HookContext {
  const fields = { title: `Title ${mark}`, details: `Details ${mark}.` };
  world.stash.scenes.update(id, fields);
  return { id, input: { id: String(id), ...fields }, inputFields: ['id', 'title', 'details'] };
}

/** Whatever goes wrong tells how to make it go wrong again. */
async function seeded(run: (random: () => number) => Promise<void>): Promise<void> {
  try {
    await run(randomFrom(SEED));
  } catch (error) {
    throw new Error(`With STASH2PLEX_TEST_SEED=${SEED}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** SIGKILL for the drainer that works now, `delayMs` after it was found, if there is still work then. */
async function killDrainer(known: Set<number>, delayMs: number): Promise<boolean> {
  const pid = world.liveDrainers().find((live) => !known.has(live));
  if (pid === undefined) return false;
  await pause(delayMs);
  if (world.rows('jobs') === 0 || !world.liveDrainers().includes(pid)) return false;
  process.kill(pid, 'SIGKILL');
  known.add(pid);
  return true;
}

describe('many writers, one drainer, and kills', () => {
  it('record an event also while another process is just creating the data file (W1)', async () => {
    const db = new BetterSqlite3(join(world.dataFolder, 'stash2plex.db'));
    db.exec('BEGIN IMMEDIATE');
    const hook = world.host.startHook('Scene.Update.Post', edit(scanned('first'), 'first'));
    const timer = setTimeout(() => db.exec('COMMIT'), 500);
    const run = await hook.finished;
    clearTimeout(timer);
    db.close();
    expect(run.result).toEqual({ output: 'ok' });
  });

  it('bring every last state to Plex, lose nothing and do nothing twice (W5, W6, W13, W14, W15, W50, W51)', async () => {
    await seeded(async (random) => {
      const ids = Array.from({ length: SCENES }, (_, index) => scanned(`scene ${index}`));
      world.plex.switches.latencyMs = PLEX_LATENCY_MS;
      let events = 0;
      let hooksKilled = 0;
      const killed = new Set<number>();
      let hasFailed = false;
      const isDone = () => {
        if (hasFailed || events >= MOST_EVENTS) return true;
        return events >= EVENTS && hooksKilled >= HOOK_KILLS && killed.size >= DRAINER_KILLS;
      };
      /** How long a hook takes here, among so many. */
      let hookMs = 100;

      const send = async (context: HookContext): Promise<void> => {
        for (;;) {
          const isVictim = hooksKilled < Math.ceil((events / EVENTS) * HOOK_KILLS);
          const hook = world.host.startHook('Scene.Update.Post', context);
          const timer = isVictim && setTimeout(() => hook.kill(), random() * random() * hookMs);
          const run = await hook.finished;
          if (timer) clearTimeout(timer);
          if (run.signal === 'SIGKILL') hooksKilled += 1;
          else hookMs += (run.durationMs - hookMs) / 20;
          if (run.stdout === '{"output":"ok"}') return;
          // Only a kill keeps an event from being answered; Stash's user would edit again.
          expect(run.signal, run.stdout + run.stderrRaw).toBe('SIGKILL');
        }
      };
      const writer = async () => {
        while (!isDone()) {
          events += 1;
          // Each scene at least once.
          const id = ids[events <= SCENES ? events - 1 : Math.floor(random() * SCENES)] ?? 0;
          await send(edit(id, `${id}, event ${events}`));
        }
      };
      const killer = async () => {
        while (!isDone()) {
          const isTime = killed.size < (events / EVENTS) * DRAINER_KILLS;
          // What is missing at the end is not hit by waiting long: the queue may be empty by then.
          const latestMs = events > EVENTS ? LATEST_DRAINER_KILL_MS / 6 : LATEST_DRAINER_KILL_MS;
          if (!isTime || !(await killDrainer(killed, random() * latestMs))) await pause(20);
          const doubles = world.query('SELECT scene_id FROM jobs GROUP BY scene_id HAVING count(*) > 1');
          expect(doubles).toEqual([]);
        }
      };
      const everybody = [killer(), ...Array.from({ length: WRITERS }, writer)];
      for (const one of everybody) one.catch(() => (hasFailed = true));
      const ends = await Promise.allSettled(everybody);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      expect(hooksKilled).toBeGreaterThanOrEqual(HOOK_KILLS);
      expect(killed.size).toBeGreaterThanOrEqual(DRAINER_KILLS);

      // The last drainer may have been killed after the last hook had seen it at work, and a hook that was killed may have
      // promised one: a promise is believed for half a second.
      world.plex.switches.latencyMs = 0;
      const claimedAtMs = () => Number(world.query('SELECT start_claimed_at_ms FROM drainer')[0]);
      await world.until('the last promise of a drainer to be void', () => claimedAtMs() + 500 < Date.now());
      await send(edit(ids[0] ?? 0, 'of the end'));
      await world.until('an empty queue', () => world.rows('jobs') === 0, 60_000);
      const wanted = ids
        .map((id) => world.stash.scenes.get(id))
        .map((scene) => [scene?.title, scene?.details]);
      const found = ids.map((_, index) => item(`scene ${index}`)).map((one) => [one?.title, one?.summary]);
      expect(found).toEqual(wanted);
      expect(world.rows('dead_letters')).toBe(0);
      expect(world.rows('scene_syncs')).toBe(SCENES);
      // Whoever took over waited for the end of its predecessor.
      expect(world.plex.log.peakWrites).toBe(1);
      expect(world.plex.violations).toEqual([]);
      // One drainer after the other, no herd.
      expect(world.drainers().length).toBeLessThanOrEqual(killed.size + 2);
    });
  }, 180_000);

  it('leave every scene that is given up either in the queue or among the dead letters (W6)', async () => {
    await seeded(async (random) => {
      world.plex.switches.latencyMs = PLEX_LATENCY_MS;
      const paused = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
      // Two items of one library for each file: that is for the user to settle, and each is given up at its first turn. Side by side, so that
      // no listing that is killed in the middle has seen one of them only.
      const ids = Array.from({ length: 100 }, (_, index) => {
        const id = scanned(`double ${index}`);
        const file = `/media/films/double ${index}.mkv`;
        world.plex.library.addItem(world.sectionKey, { title: `Again ${index}`, file });
        return id;
      });
      for (const id of ids) await paused.runHook('Scene.Update.Post', edit(id, 'new'));
      const killed = new Set<number>();
      let round = 0;
      for (; round < 200 && (round === 0 || world.rows('jobs') > 0); round += 1) {
        const task = world.host.startTask('Process Queue');
        // Later from round to round: on a busy machine the first ones come before a task has begun.
        const killAtMs = (150 + random() * LATEST_DRAINER_KILL_MS) * (1 + round / 40);
        const timer = setTimeout(() => task.kill(), killAtMs);
        await task.finished;
        clearTimeout(timer);
        // The drainer on standby takes over at once, and has the same end.
        await killDrainer(killed, random() * 50);
        const accounted = new Set(
          world.query('SELECT scene_id FROM jobs UNION ALL SELECT scene_id FROM dead_letters').map(Number),
        );
        expect([...accounted].sort((left, right) => left - right)).toEqual(ids);
      }
      expect(world.rows('dead_letters')).toBe(ids.length);
    });
  }, 120_000);

  it('give a scene up that no process survives, and go on with the others (W14)', async () => {
    world.plex.switches.latencyMs = 0;
    const paused = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
    const deadly = scanned('deadly');
    await paused.runHook('Scene.Update.Post', edit(deadly, 'deadly'));
    const harmless = scanned('harmless');
    await paused.runHook('Scene.Update.Post', edit(harmless, 'harmless'));
    // Its edit is never answered: by then its process is dead.
    const key = item('deadly')?.ratingKey;
    const isDeadly = ({ method, url }: { method: string; url: string }) =>
      method === 'PUT' && url.includes(`id=${key}&`);
    world.plex.faults.add({ match: isDeadly, action: { kind: 'delay', ms: 3_600_000 } });
    for (let start = 1; start < TOO_MANY_STARTS; start += 1) {
      const task = paused.startTask('Process Queue');
      await world.until(`start ${start}`, () => world.plex.log.count(isDeadly) === start);
      task.kill();
      await task.finished;
      expect(world.waitingScenes()).toContain(deadly);
    }
    const run = await paused.runTask('Process Queue');
    expect(run.result.error).toBeUndefined();
    expect(world.query('SELECT scene_id FROM dead_letters')).toEqual([deadly]);
    expect(world.query('SELECT error_type FROM dead_letters')).toEqual(['ProcessKilled']);
    expect(item('harmless')?.title).toBe('Title harmless');
    expect(world.rows('jobs')).toBe(0);
  }, 60_000);
});
