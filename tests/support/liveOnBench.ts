import { maybeCheckRecovery } from '../../src/drain/maybeCheckRecovery.ts';
import { outlastOutage } from '../../src/drain/outlastOutage.ts';
import { type DrainerEnd, runDrainer } from '../../src/drain/runDrainer.ts';
import { checkPlexHealth } from '../../src/resilience/checkPlexHealth.ts';
import type { Bench } from './startBench.ts';

const LONGEST_LIFE_MS = 4 * 24 * 3_600_000;

/** A drainer's life on the bench: its waits pass on the fake clock. */
export async function liveOnBench(bench: Bench): Promise<DrainerEnd> {
  const { clock, jobs, context, reliability } = bench;
  const probe = async () => checkPlexHealth(bench.context.plex, clock);
  const { log } = context;
  const wait = { clock, random: () => 0.5, log, jobs, reliability, probe };
  // A life that never ends would hang its test.
  const deathAt = clock.now() + LONGEST_LIFE_MS;
  await maybeCheckRecovery(wait);
  return runDrainer({
    ...wait,
    drain: () => {
      if (clock.now() > deathAt) throw new Error('The drainer found no end.');
      return bench.drain();
    },
    isOutdated: () => false,
    outlastOutage: () => outlastOutage(wait),
    yieldLock: async (ms) => {
      await clock.sleep(ms);
      return true;
    },
    hasNewSettings: async () => false,
    keepSignedIn: async () => {},
    tellObstacle: () => {},
    queueVersion: () => Number(bench.db.pragma('data_version', { simple: true })),
    pollIntervalMs: () => 1_000,
  });
}

/** Calls `act` the first time that the clock reaches each of `times`, in order. */
export function schedule(
  { clock }: Bench,
  events: readonly { atMs: number; act: () => void | Promise<void> }[],
): void {
  const rest = [...events].sort((left, right) => left.atMs - right.atMs);
  clock.onSleep = async () => {
    for (let next = rest[0]; next && next.atMs <= clock.now(); next = rest[0]) {
      rest.shift();
      await next.act();
    }
  };
}
