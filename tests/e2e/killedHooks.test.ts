import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../support/startWorld.ts';

const ROUNDS = 500;
const PARALLEL = 4;
/** Kills come until twice the time that a hook takes here: they fall into every part of its life, and some hooks finish. */
const LIVES = 2;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe('a hook killed at a random moment', () => {
  it('has its event in the queue whenever it has answered, and never breaks the queue for others', async () => {
    const host = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
    const answered: number[] = [];
    let killed = 0;
    const startedAt = performance.now();
    const first = { id: ROUNDS + 1, input: { id: String(ROUNDS + 1) }, inputFields: ['title'] };
    await Promise.all(Array.from({ length: PARALLEL }, () => host.runHook('Scene.Update.Post', first)));
    const latestKillMs = Math.ceil((performance.now() - startedAt) * LIVES);
    const round = async (id: number) => {
      const hook = host.startHook('Scene.Update.Post', {
        id,
        input: { id: String(id) },
        inputFields: ['title'],
      });
      const timer = setTimeout(() => hook.kill(), randomInt(latestKillMs));
      const run = await hook.finished;
      clearTimeout(timer);
      if (run.signal === 'SIGKILL') killed += 1;
      if (run.stdout === '{"output":"ok"}') answered.push(id);
    };
    let next = 1;
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        while (next <= ROUNDS) await round(next++);
      }),
    );
    const recorded = new Set(world.waitingScenes());
    expect(answered.filter((id) => !recorded.has(id))).toEqual([]);
    // The rounds were worth something only if both happened often.
    expect(killed).toBeGreaterThan(ROUNDS / 20);
    expect(answered.length).toBeGreaterThan(ROUNDS / 20);
    const after = await host.runHook('Scene.Update.Post', {
      id: 9_999,
      input: { id: '9999' },
      inputFields: ['title'],
    });
    expect(after.result).toEqual({ output: 'ok' });
    expect(world.waitingScenes()).toContain(9_999);
  }, 120_000);
});
