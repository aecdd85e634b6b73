import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, usualHookPath, type World } from '../support/startWorld.ts';

/** `npm run test:kills` does 10 000. */
const KILLS = Number(process.env['STASH2PLEX_TEST_KILLS'] ?? 250);
/** Far more than that many kills need. */
const MOST_HOOKS = KILLS * 10;
const PARALLEL = 4;
/** Kills come until so many times what a hook takes here: they fall into every part of its life, and some hooks finish. */
const LIVES = 1.5;
/** So often somebody opens the queue. */
const LOOK_AFTER_HOOKS = 200;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe('a hook killed at a random moment', () => {
  it(
    'has its event in the queue whenever it has answered, and never breaks the queue for others',
    async () => {
      const host = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
      const hookOf = (id: number) => ({ id, input: { id: String(id) }, inputFields: ['title'] });
      const answered: number[] = [];
      let killed = 0;
      let hookMs = 0;
      const warmUp = async () => {
        const { durationMs } = await host.runHook('Scene.Update.Post', hookOf(1_000_000));
        hookMs = Math.max(hookMs, durationMs);
      };
      await Promise.all(Array.from({ length: PARALLEL }, warmUp));
      expect(world.spooled().length > 0).toBe(usualHookPath() === 'launcher');
      const round = async (id: number) => {
        const hook = host.startHook('Scene.Update.Post', hookOf(id));
        const timer = setTimeout(() => hook.kill(), randomInt(Math.ceil(hookMs * LIVES)));
        const run = await hook.finished;
        clearTimeout(timer);
        if (run.signal === 'SIGKILL') killed += 1;
        else hookMs += (run.durationMs - hookMs) / 20;
        if (run.stdout === '{"output":"ok"}') answered.push(id);
        if (id % LOOK_AFTER_HOOKS === 0) world.waitingScenes();
      };
      let next = 1;
      await Promise.all(
        Array.from({ length: PARALLEL }, async () => {
          while (killed < KILLS && next <= MOST_HOOKS) await round(next++);
        }),
      );
      const recorded = new Set(world.waitingScenes());
      expect(answered.filter((id) => !recorded.has(id))).toEqual([]);
      // The rounds were worth something only if both happened often.
      expect(killed).toBeGreaterThanOrEqual(KILLS);
      expect(answered.length).toBeGreaterThan(KILLS / 20);
      // What a killed one left is no event, and in nobody's way.
      expect(readdirSync(world.dataFolder)).not.toContain('refused_events');
      const after = await host.runHook('Scene.Update.Post', hookOf(2_000_000));
      expect(after.result).toEqual({ output: 'ok' });
      expect(world.waitingScenes()).toContain(2_000_000);
      expect(readdirSync(world.dataFolder).filter((name) => name.endsWith('.db'))).toHaveLength(1);
    },
    120_000 + KILLS * 400,
  );
});
