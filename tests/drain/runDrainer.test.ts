import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DrainResult } from '../../src/drain/DrainResult.ts';
import { LINGER_MS, runDrainer } from '../../src/drain/runDrainer.ts';
import type { Obstacle } from '../../src/failures/Obstacle.ts';
import { createJobStore } from '../../src/queue/JobStore.ts';
import { recordSceneChange } from '../../src/queue/recordSceneChange.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const NOTHING: DrainResult = { synced: 0, unchanged: 0, skipped: 0, shared: 0, retried: 0, buried: 0 };

/** A drainer whose servers and queue the test plays; a real job store says what waits. */
function drainer() {
  const clock = new FakeClock();
  const db = openDatabase(join(tempFolder(), 'data.db'), { durability: 'normal' });
  const jobs = createJobStore(db, clock);
  const { log, lines } = recordingLog();
  const world = {
    clock,
    jobs,
    lines,
    passes: [] as number[],
    waits: [] as number[],
    told: [] as (string | undefined)[],
    keptSignedIn: 0,
    isReplaced: false,
    version: 0,
    pollIntervalMs: 1_000,
    obstacle: undefined as Obstacle | undefined,
    isCircuitOpen: false,
    hasNewSettings: false,
    outdatedAtMs: Number.POSITIVE_INFINITY,
    looks: [] as number[],
    /** What happens right after a look at the settings. */
    onLook: () => {},
    record(sceneId: number) {
      recordSceneChange(db, sceneId, clock.now());
      world.version += 1;
    },
    /** What a pass does to the jobs that are due. */
    onPass: () => {
      for (const waiting of jobs.peekDue(100)) {
        const job = jobs.take(waiting);
        if (job) jobs.complete(job);
      }
    },
    run: () =>
      runDrainer({
        clock,
        random: () => 0.5,
        log,
        jobs,
        drain: async () => {
          world.passes.push(clock.now());
          if (world.obstacle) return { ...NOTHING, obstacle: world.obstacle };
          const due = jobs.counts().due;
          world.onPass();
          return { ...NOTHING, synced: due };
        },
        isOutdated: () => clock.now() >= world.outdatedAtMs,
        outlastOutage: async () => {
          world.waits.push(clock.now());
          while (world.isCircuitOpen) await clock.sleep(60_000);
        },
        yieldLock: async (ms) => {
          await clock.sleep(ms);
          return !world.isReplaced;
        },
        hasNewSettings: async () => {
          world.looks.push(clock.now());
          const { hasNewSettings } = world;
          world.onLook();
          return hasNewSettings;
        },
        keepSignedIn: async () => {
          world.keptSignedIn += 1;
        },
        tellObstacle: (sentence) => void world.told.push(sentence),
        queueVersion: () => world.version,
        pollIntervalMs: () => world.pollIntervalMs,
      }),
  };
  return world;
}

const PLEX_DOWN: Obstacle = { kind: 'plexDown', message: 'Plex does not answer.' };
const BAD_TOKEN: Obstacle = { kind: 'setup', message: 'Plex refuses the token.' };

describe('runDrainer', () => {
  it('works off what waits, stays a while for more, and leaves', async () => {
    const world = drainer();
    const start = world.clock.now();
    world.record(1);
    expect(await world.run()).toEqual({ reason: 'idle' });
    expect(world.jobs.nextDueAtMs()).toBeUndefined();
    expect(world.clock.now() - start).toBe(LINGER_MS);
    expect(world.passes).toHaveLength(1);
  });

  it('sees an event that comes in while it lingers, and lingers anew (W13)', async () => {
    const world = drainer();
    const start = world.clock.now();
    world.clock.onSleep = () => {
      if (world.clock.now() - start === 20_000) world.record(2);
    };
    await world.run();
    expect(world.passes).toEqual([start, start + 20_000]);
    expect(world.clock.now()).toBe(start + 20_000 + LINGER_MS);
  });

  it('sleeps until a waiting job is due and touches nothing before (W18)', async () => {
    const world = drainer();
    const start = world.clock.now();
    world.record(1);
    world.onPass = () => {
      const [waiting] = world.jobs.peekDue(1);
      const job = waiting && world.jobs.take(waiting);
      if (!job) return;
      if (job.attempts === 1)
        world.jobs.retry(job, 600_000, { type: 'PlexNotFound', message: 'not there yet' });
      else world.jobs.complete(job);
    };
    await world.run();
    expect(world.passes).toEqual([start, start + 600_000]);
  });

  it('never leaves while the circuit is open, and goes on when it closes (W23)', async () => {
    const world = drainer();
    const backAt = world.clock.now() + 2 * 24 * 3_600_000;
    world.record(1);
    world.obstacle = PLEX_DOWN;
    world.isCircuitOpen = true;
    world.clock.onSleep = () => {
      if (world.clock.now() < backAt) return;
      world.isCircuitOpen = false;
      world.obstacle = undefined;
    };
    await world.run();
    expect((world.passes.at(-1) ?? 0) - backAt).toBeLessThan(65_000);
    expect(world.passes).toHaveLength(2);
    expect(world.jobs.counts().due).toBe(0);
  });

  it('looks again after seconds while the circuit is closed, so that a blip opens nothing (W42)', async () => {
    const world = drainer();
    world.obstacle = PLEX_DOWN;
    world.clock.onSleep = () => {
      if (world.passes.length >= 5) world.obstacle = undefined;
    };
    await world.run();
    const gaps = world.passes.slice(1).map((at, index) => at - (world.passes[index] ?? 0));
    expect(gaps).toEqual([750, 1_500, 3_000, 6_000, 6_000]);
  });

  it('says once what is in the way', async () => {
    const world = drainer();
    world.obstacle = { kind: 'stashDown', message: 'Stash does not answer.' };
    world.clock.onSleep = () => {
      if (world.passes.length >= 5) world.obstacle = undefined;
    };
    await world.run();
    expect(world.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(world.told.at(0)).toBe('Stash does not answer.');
    expect(world.told.at(-1)).toBeUndefined();
  });

  it('waits as long as Plex asks, within its own longest pause', async () => {
    const world = drainer();
    const start = world.clock.now();
    world.obstacle = { ...PLEX_DOWN, kind: 'plexDown', retryAfterMs: 40_000 };
    world.clock.onSleep = () => {
      world.obstacle = undefined;
    };
    await world.run();
    expect(world.waits[0]).toBe(start + 40_000);
  });

  it('looks again by itself at what only the user can settle, at 5 s growing to 5 min, after one message (W11)', async () => {
    const world = drainer();
    world.record(1);
    world.obstacle = BAD_TOKEN;
    world.clock.onSleep = () => {
      if (world.passes.length >= 10) world.obstacle = undefined;
    };
    expect(await world.run()).toEqual({ reason: 'idle' });
    const gaps = world.passes.slice(1).map((at, index) => at - (world.passes[index] ?? 0));
    expect(gaps.slice(0, 3)).toEqual([3_750, 7_500, 15_000]);
    expect(Math.max(...gaps)).toBe(225_000);
    expect(world.jobs.counts().due).toBe(0);
    expect(world.lines.filter(({ text }) => text.includes('token'))).toHaveLength(1);
  });

  it('goes on within 60 s when the settings were corrected, without any event', async () => {
    const world = drainer();
    world.record(1);
    world.obstacle = BAD_TOKEN;
    let correctedAt = 0;
    world.clock.onSleep = () => {
      if (world.passes.length < 9 || correctedAt > 0) return;
      correctedAt = world.clock.now();
      world.hasNewSettings = true;
      world.obstacle = undefined;
    };
    await world.run();
    expect((world.passes.at(-1) ?? 0) - correctedAt).toBeLessThanOrEqual(60_000);
    expect(world.jobs.counts().due).toBe(0);
    const gaps = world.looks.slice(1).map((at, index) => at - (world.looks[index] ?? 0));
    // Never more than two questions to Stash in a minute, once the first half minute is over.
    expect(gaps.filter((gap) => gap < 30_000 && gap > 0).length).toBeLessThanOrEqual(world.passes.length);
  });

  it('goes on within seconds when the settings were corrected and scenes were queued, without asking Stash at each event', async () => {
    const world = drainer();
    world.record(1);
    world.obstacle = BAD_TOKEN;
    let correctedAt = 0;
    // Somebody edits one scene after the other, and corrects the settings in the middle of it.
    world.clock.onSleep = () => {
      if (world.obstacle) world.record(2);
    };
    world.onLook = () => {
      if (correctedAt > 0 || world.passes.length < 9) return;
      correctedAt = world.clock.now();
      world.hasNewSettings = true;
      world.obstacle = undefined;
      world.record(3);
    };
    await world.run();
    expect(world.passes.find((at) => at > correctedAt)).toBeLessThanOrEqual(correctedAt + 5_000);
    const gaps = world.looks.slice(1).map((at, index) => at - (world.looks[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(10);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
    expect(world.jobs.counts().due).toBe(0);
  });

  it('leaves although the token is wrong when nobody waits for it', async () => {
    const world = drainer();
    world.obstacle = BAD_TOKEN;
    expect(await world.run()).toEqual({ reason: 'idle' });
  });

  it('lets a process with a fresh session take over when Stash refuses its own', async () => {
    const world = drainer();
    world.record(1);
    world.obstacle = { kind: 'setup', message: 'Stash refuses the session.', needsNewSession: true };
    world.isReplaced = true;
    expect(await world.run()).toEqual({ reason: 'replaced' });
    expect(world.looks).toEqual([]);
  });

  it('keeps the session with Stash alive while it waits for a scene (W23)', async () => {
    const world = drainer();
    world.record(1);
    world.onPass = () => {
      const [waiting] = world.jobs.peekDue(1);
      const job = waiting && world.jobs.take(waiting);
      if (job?.attempts === 1)
        world.jobs.retry(job, 600_000, { type: 'PlexNotFound', message: 'not there yet' });
      else if (job) world.jobs.complete(job);
    };
    await world.run();
    expect(world.keptSignedIn).toBeGreaterThan(500);
  });

  it.each([
    ['for more', undefined],
    ['for a scene', 'retry'],
    ['for the user', 'setup'],
  ])('leaves its work to its new version while it waits %s, and begins no pass more', async (_, what) => {
    const world = drainer();
    const start = world.clock.now();
    world.record(1);
    if (what === 'setup') {
      world.obstacle = { kind: 'setup', message: 'Plex refuses the token.' };
    }
    if (what === 'retry') {
      world.onPass = () => {
        const [waiting] = world.jobs.peekDue(1);
        const job = waiting && world.jobs.take(waiting);
        if (job) world.jobs.retry(job, 600_000, { type: 'PlexNotFound', message: 'not there yet' });
      };
    }
    world.clock.onSleep = () => {
      if (world.clock.now() - start >= 3_000) world.outdatedAtMs = start;
    };
    expect(await world.run()).toEqual({ reason: 'outdated' });
    expect(world.passes).toEqual([start]);
    expect(world.clock.now() - start).toBeLessThan(10_000);
  });

  it('looks for news exactly as often as the setting says, also below half a second (W21)', async () => {
    const world = drainer();
    world.pollIntervalMs = 100;
    await world.run();
    expect(world.clock.sleeps).toHaveLength(LINGER_MS / 100);
    expect(new Set(world.clock.sleeps)).toEqual(new Set([100]));
  });

  it('lets another one work while it cannot reach Stash, and leaves when there is one', async () => {
    const world = drainer();
    world.record(1);
    world.obstacle = { kind: 'stashDown', message: 'Stash does not answer.' };
    world.isReplaced = true;
    expect(await world.run()).toEqual({ reason: 'replaced' });
    expect(world.passes).toHaveLength(1);
    expect(world.jobs.counts().due).toBe(1);
  });
});
