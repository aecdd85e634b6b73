import { describe, expect, it } from 'vitest';
import { outlastOutage } from '../../src/drain/outlastOutage.ts';
import { createCircuitBreaker } from '../../src/resilience/CircuitBreaker.ts';
import type { PlexHealth } from '../../src/resilience/checkPlexHealth.ts';
import { createRecoveryScheduler } from '../../src/resilience/RecoveryScheduler.ts';
import { openStore } from '../queue/openStore.ts';
import { recordingLog } from '../support/recordingLog.ts';

/** A circuit that five failures have opened, and a Plex that is `isWell` or not when it is asked. */
async function opened(operation?: string) {
  const { clock, jobs } = openStore();
  const { log, lines } = recordingLog();
  const breaker = createCircuitBreaker({ clock, log });
  const recovery = createRecoveryScheduler({ clock, log });
  for (let failure = 0; failure < 5; failure += 1) await breaker.recordFailure(operation);
  const world = { clock, lines, breaker, recovery, isWell: true, probes: 0, startedAtMs: clock.now() };
  const probe = async (): Promise<PlexHealth> => {
    world.probes += 1;
    return { healthy: world.isWell, latencyMs: world.isWell ? 3 : 0 };
  };
  const wait = { clock, random: () => 0.5, log, jobs, reliability: { breaker, recovery }, probe };
  return { world, outlast: () => outlastOutage(wait) };
}

describe('waiting for Plex', () => {
  it('ends with the first probe that Plex answers to once the circuit may be tried, and that closes it (W23)', async () => {
    const { world, outlast } = await opened();
    await outlast();
    expect(await world.breaker.state()).toBe('closed');
    expect(world.clock.now() - world.startedAtMs).toBe(60_000);
    expect(world.probes).toBe(12);
  });

  it('for one operation only asks nothing in between and leaves the circuit to a trial of that very operation (A7)', async () => {
    const { world, outlast } = await opened('edit');
    await outlast();
    expect(await world.breaker.state()).toBe('half_open');
    expect(world.clock.now() - world.startedAtMs).toBe(60_000);
    // A healthy answer tells nothing about edits.
    expect(world.probes).toBe(1);
    expect(await world.recovery.loadState()).toMatchObject({ recoveryCount: 0 });
    // The trial is left for a job.
    expect(await world.breaker.canExecute()).toBe(true);
    expect(await world.breaker.recordSuccess(new Set(['edit']))).toBe(true);
  });

  it('returns at once for an operation whose trial is due (A7)', async () => {
    const { world, outlast } = await opened('edit');
    world.clock.advance(60_000);
    await world.breaker.refresh();
    await outlast();
    expect([world.probes, world.clock.sleeps]).toEqual([0, []]);
  });

  it('goes on for an operation when Plex has gone away altogether, and comes back to its trial (A7)', async () => {
    const { world, outlast } = await opened('edit');
    world.isWell = false;
    world.clock.onSleep = () => {
      world.isWell = world.clock.now() - world.startedAtMs >= 600_000;
    };
    await outlast();
    expect(await world.breaker.snapshot()).toMatchObject({ state: 'half_open', operation: 'edit' });
    expect(world.clock.now() - world.startedAtMs).toBeLessThanOrEqual(600_000 + 65_000);
    expect(world.probes).toBeLessThanOrEqual(12);
  });
});
