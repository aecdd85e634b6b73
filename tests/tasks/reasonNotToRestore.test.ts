import { describe, expect, it } from 'vitest';
import { reasonNotToRestore } from '../../src/tasks/reasonNotToRestore.ts';
import { FakeClock } from '../support/FakeClock.ts';

const LOCK = { release: () => {} };

/** A drainer that has the lock for so long, and what it waits for after a while. */
function drainer({
  busyMs,
  obstacleAfterMs = Number.POSITIVE_INFINITY,
}: {
  busyMs: number;
  obstacleAfterMs?: number;
}) {
  const clock = new FakeClock();
  const start = clock.monotonic();
  const passed = () => clock.monotonic() - start;
  return {
    passed,
    context: {
      clock,
      tryDrainLock: () => (passed() < busyMs ? undefined : LOCK),
      drainerObstacle: () => (passed() < obstacleAfterMs ? undefined : 'Stash2Plex is switched off.'),
    },
  };
}

describe('a restore', () => {
  it('is not begun while the plugin is on', async () => {
    const { context } = drainer({ busyMs: 0 });
    expect(await reasonNotToRestore(true, context)).toMatch(/switch the setting "enabled" off first/);
  });

  it('is begun at once where nobody works in the background', async () => {
    const { context, passed } = drainer({ busyMs: 0 });
    expect(await reasonNotToRestore(false, context)).toBeUndefined();
    expect(passed()).toBe(0);
  });

  it('waits for a drainer to end, or to see that the plugin is off', async () => {
    const ending = drainer({ busyMs: 20_000 });
    expect(await reasonNotToRestore(false, ending.context)).toBeUndefined();
    expect(ending.passed()).toBe(20_000);
    const stopping = drainer({ busyMs: 1e9, obstacleAfterMs: 40_000 });
    expect(await reasonNotToRestore(false, stopping.context)).toBeUndefined();
    expect(stopping.passed()).toBe(40_000);
  });

  it('is given up where a drainer goes on and on', async () => {
    const { context, passed } = drainer({ busyMs: 1e9 });
    expect(await reasonNotToRestore(false, context)).toMatch(/still writing to Plex; run the task again/);
    expect(passed()).toBe(120_000);
  });
});
