import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CircuitBreaker, createCircuitBreaker } from '../../src/resilience/CircuitBreaker.ts';
import { createOutageHistory } from '../../src/resilience/OutageHistory.ts';
import {
  createRecoveryScheduler,
  type RecoveryScheduler,
  type RecoveryState,
} from '../../src/resilience/RecoveryScheduler.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const FILE = 'recovery_state.json';
const NEVER: RecoveryState = {
  lastCheckTime: 0,
  consecutiveSuccesses: 0,
  consecutiveFailures: 0,
  lastRecoveryTime: 0,
  recoveryCount: 0,
  recoveryStartedAt: 0,
};

interface Bench {
  scheduler: RecoveryScheduler;
  clock: FakeClock;
  path: string;
  folder: string;
  lines: () => string[];
  nowSecs: () => number;
  stored: () => Record<string, unknown>;
}

/** A scheduler on a file with `content`, or without one. */
function bench(content?: string | Buffer): Bench {
  const folder = tempFolder();
  const path = join(folder, FILE);
  if (content !== undefined) writeFileSync(path, content);
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  return {
    scheduler: createRecoveryScheduler({ path, clock, log }),
    clock,
    path,
    folder,
    lines: () => lines.map(({ level, text }) => `${level}: ${text}`),
    nowSecs: () => clock.now() / 1000,
    stored: () => JSON.parse(readFileSync(path, 'utf8')),
  };
}

interface Counted {
  breaker: CircuitBreaker;
  successes: number;
  failures: number;
}

/** A breaker that has opened just now, and how often it was told something since. */
async function openBreaker(clock: FakeClock, successThreshold = 1): Promise<Counted> {
  const { log } = recordingLog();
  const real = createCircuitBreaker({ clock, log, rules: { failureThreshold: 1, successThreshold } });
  await real.recordFailure();
  const counted: Counted = {
    successes: 0,
    failures: 0,
    breaker: {
      ...real,
      recordSuccess: () => {
        counted.successes += 1;
        return real.recordSuccess();
      },
      recordFailure: () => {
        counted.failures += 1;
        return real.recordFailure();
      },
    },
  };
  return counted;
}

/** A breaker whose recovery time-out has just passed. */
async function trialBreaker(clock: FakeClock, successThreshold = 1): Promise<Counted> {
  const counted = await openBreaker(clock, successThreshold);
  clock.advance(60_000);
  return counted;
}

describe('RecoveryScheduler: state', () => {
  it('starts with zeros (RS-1)', async () => {
    const { log } = recordingLog();
    const inMemory = createRecoveryScheduler({ clock: new FakeClock(), log });
    expect(await inMemory.loadState()).toEqual(NEVER);
    expect(await bench().scheduler.loadState()).toEqual(NEVER);
  });

  it('keeps given values, with or without a file (RS-1)', async () => {
    const { log } = recordingLog();
    const state = { ...NEVER, lastCheckTime: 1000.5, recoveryCount: 3 };
    for (const scheduler of [createRecoveryScheduler({ clock: new FakeClock(), log }), bench().scheduler]) {
      await scheduler.saveState(state);
      expect(await scheduler.loadState()).toEqual(state);
    }
  });

  it.each([
    [
      'a whole file',
      '{"last_check_time": 10.5, "consecutive_successes": 1, "consecutive_failures": 2,' +
        ' "last_recovery_time": 11.5, "recovery_count": 3, "recovery_started_at": 12.5}',
      {
        lastCheckTime: 10.5,
        consecutiveSuccesses: 1,
        consecutiveFailures: 2,
        lastRecoveryTime: 11.5,
        recoveryCount: 3,
        recoveryStartedAt: 12.5,
      },
    ],
    ['a partial file', '{"recovery_count": 3}', { ...NEVER, recoveryCount: 3 }],
    ['an empty object', '{}', NEVER],
    ['broken JSON', '{"recovery_count": 3', NEVER],
    ['a list', '[1, 2]', NEVER],
  ])('reads %s (RS-2)', async (_, content, expected) => {
    expect(await bench(content).scheduler.loadState()).toEqual(expected);
  });

  it.each([
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"closed"'],
    ['nothing', ''],
  ])('sets a file aside that holds %s, and works on (W27)', async (_, content) => {
    const { scheduler, folder, lines, clock } = bench(content);
    expect(await scheduler.loadState()).toEqual(NEVER);
    await scheduler.recordHealthCheck(false, 0, (await openBreaker(clock)).breaker);
    expect(await scheduler.loadState()).toMatchObject({ consecutiveFailures: 1 });
    const [kept = '', ...more] = readdirSync(folder).filter((name) => name !== FILE);
    expect(kept).toContain('damaged');
    expect(more).toEqual([]);
    expect(readFileSync(join(folder, kept))).toEqual(Buffer.from(content));
    expect(lines().filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  it('replaces unusable values one by one and keeps the others, unknown keys too (W27)', async () => {
    const { scheduler, stored, clock } = bench(
      JSON.stringify({
        last_check_time: 'yesterday',
        consecutive_successes: 1.5,
        consecutive_failures: [4],
        last_recovery_time: -1,
        recovery_count: 7,
        recovery_started_at: null,
        written_by: { version: 3 },
      }),
    );
    expect(await scheduler.loadState()).toEqual({ ...NEVER, recoveryCount: 7 });
    expect(await scheduler.shouldCheckRecovery('open')).toBe(true);
    await scheduler.recordHealthCheck(true, 5, (await trialBreaker(clock)).breaker);
    expect(stored()).toMatchObject({ recovery_count: 8, written_by: { version: 3 } });
  });

  it('writes every field under its own key and nothing beside the file (RS-3)', async () => {
    const { scheduler, folder, path, clock, stored } = bench();
    const state: RecoveryState = {
      lastCheckTime: 1700000000.25,
      consecutiveSuccesses: 1,
      consecutiveFailures: 2,
      lastRecoveryTime: 1700000001.5,
      recoveryCount: 3,
      recoveryStartedAt: 1700000002.75,
    };
    await scheduler.saveState(state);
    expect(readdirSync(folder)).toEqual([FILE]);
    expect(stored()).toEqual({
      last_check_time: 1700000000.25,
      consecutive_successes: 1,
      consecutive_failures: 2,
      last_recovery_time: 1700000001.5,
      recovery_count: 3,
      recovery_started_at: 1700000002.75,
    });
    const { log } = recordingLog();
    expect(await createRecoveryScheduler({ path, clock, log }).loadState()).toEqual(state);
  });

  it('does not fail where nothing can be written, and goes on in memory (RS-3)', async () => {
    const blocked = join(tempFolder(), 'file');
    writeFileSync(blocked, '');
    const clock = new FakeClock();
    const { log } = recordingLog();
    const scheduler = createRecoveryScheduler({ path: join(blocked, FILE), clock, log });
    await scheduler.saveState({ ...NEVER, recoveryCount: 2 });
    await scheduler.recordRecovery();
    expect(await scheduler.loadState()).toMatchObject({ recoveryCount: 3 });
  });
});

describe('RecoveryScheduler: when to probe', () => {
  it.each([
    [3, false],
    [4.999, false],
    [5, true],
    [5.001, true],
  ])('probes %d s after the last probe: %s, unless the circuit is closed (RS-4)', async (secs, isDue) => {
    const { scheduler } = bench('{"last_check_time": 1700000000}');
    const now = 1700000000 + secs;
    expect(await scheduler.shouldCheckRecovery('open', now)).toBe(isDue);
    expect(await scheduler.shouldCheckRecovery('half_open', now)).toBe(isDue);
    expect(await scheduler.shouldCheckRecovery('closed', now)).toBe(false);
  });

  it('probes when nobody has yet, and goes by the clock when no time is given (RS-4)', async () => {
    const { scheduler, clock } = bench();
    const { breaker } = await openBreaker(clock);
    expect(await scheduler.shouldCheckRecovery('open')).toBe(true);
    await scheduler.recordHealthCheck(false, 0, breaker);
    clock.advance(4_999);
    expect(await scheduler.shouldCheckRecovery('open')).toBe(false);
    clock.advance(1);
    expect(await scheduler.shouldCheckRecovery('open')).toBe(true);
  });

  it('does not touch the disk while the circuit is closed (RS-4)', async () => {
    const { scheduler, path, folder, lines } = bench('damaged');
    expect(await scheduler.shouldCheckRecovery('closed')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('damaged');
    expect(readdirSync(folder)).toEqual([FILE]);
    expect(lines()).toEqual([]);
    // Any other state does look, and finds it damaged.
    expect(await scheduler.shouldCheckRecovery('open')).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it('does not wait for a probe that lies in the future (W25)', async () => {
    const { scheduler, clock } = bench();
    const { breaker } = await openBreaker(clock);
    await scheduler.recordHealthCheck(false, 0, breaker);
    clock.jump(-3_600_000);
    expect(await scheduler.shouldCheckRecovery('open')).toBe(true);
    expect(await scheduler.loadState()).toMatchObject({ lastCheckTime: 0 });
  });

  it('takes no recovery period over that begins in the future (W25)', async () => {
    const { scheduler, clock } = bench();
    await scheduler.recordRecovery();
    clock.jump(-2_000);
    expect(await scheduler.loadState()).toMatchObject({ recoveryStartedAt: 0 });
  });

  it('is not misled by clocks that differ by less than a second (W25)', async () => {
    const { scheduler, clock } = bench();
    const { breaker } = await openBreaker(clock);
    await scheduler.recordHealthCheck(false, 0, breaker);
    await scheduler.recordRecovery();
    clock.jump(-900);
    expect(await scheduler.shouldCheckRecovery('open')).toBe(false);
    expect((await scheduler.loadState()).recoveryStartedAt).toBeGreaterThan(0);
  });
});

describe('RecoveryScheduler: probes', () => {
  it('counts successes and notes the time, which ends a run of failures (RS-5)', async () => {
    const { scheduler, clock, nowSecs } = bench('{"consecutive_failures": 4}');
    const { breaker } = await openBreaker(clock);
    for (const consecutiveSuccesses of [1, 2]) {
      clock.advance(5_000);
      await scheduler.recordHealthCheck(true, 12, breaker);
      expect(await scheduler.loadState()).toEqual({
        ...NEVER,
        lastCheckTime: nowSecs(),
        consecutiveSuccesses,
      });
    }
  });

  it('reports a success once while half-open, and none while open (RS-5)', async () => {
    const { scheduler, clock, lines } = bench();
    const counted = await openBreaker(clock, 2);
    clock.advance(59_000);
    await scheduler.recordHealthCheck(true, 12, counted.breaker);
    expect(counted).toMatchObject({ successes: 0, failures: 0 });
    expect(lines().at(-1)).toMatch(
      /^debug: .*Health check passed but circuit still OPEN \(awaiting recovery_timeout\)$/,
    );
    clock.advance(1_000);
    await scheduler.recordHealthCheck(true, 12, counted.breaker);
    expect(counted).toMatchObject({ successes: 1, failures: 0 });
    expect(await counted.breaker.state()).toBe('half_open');
  });

  it('counts and announces the success that closes the circuit (RS-6)', async () => {
    const { scheduler, clock, lines, nowSecs } = bench();
    for (const recoveryCount of [1, 2]) {
      const { breaker } = await trialBreaker(clock);
      await scheduler.recordHealthCheck(true, 12, breaker);
      expect(await breaker.state()).toBe('closed');
      expect(await scheduler.loadState()).toEqual({
        ...NEVER,
        lastCheckTime: nowSecs(),
        lastRecoveryTime: nowSecs(),
        recoveryStartedAt: nowSecs(),
        recoveryCount,
      });
      expect(lines().at(-1)).toMatch(
        new RegExp(`^info: .*Recovery detected: Plex is back online \\(recovery #${recoveryCount}\\)$`),
      );
    }
  });

  it('counts no recovery before the success that closes the circuit (RS-6)', async () => {
    const { scheduler, clock } = bench();
    const { breaker } = await trialBreaker(clock, 3);
    for (const recoveryCount of [0, 0, 1]) {
      await scheduler.recordHealthCheck(true, 12, breaker);
      expect(await scheduler.loadState()).toMatchObject({ recoveryCount });
      clock.advance(5_000);
    }
  });

  it('counts failures and notes the time, which ends a run of successes (RS-7)', async () => {
    const { scheduler, clock, nowSecs } = bench('{"consecutive_successes": 4}');
    const { breaker } = await openBreaker(clock);
    for (const consecutiveFailures of [1, 2]) {
      clock.advance(5_000);
      await scheduler.recordHealthCheck(false, 0, breaker);
      expect(await scheduler.loadState()).toEqual({
        ...NEVER,
        lastCheckTime: nowSecs(),
        consecutiveFailures,
      });
    }
  });

  it('reports a failure once while half-open, which opens it again, and none while open (RS-7)', async () => {
    const { scheduler, clock, lines } = bench();
    const counted = await openBreaker(clock);
    await scheduler.recordHealthCheck(false, 0, counted.breaker);
    expect(counted).toMatchObject({ successes: 0, failures: 0 });
    clock.advance(60_000);
    await scheduler.recordHealthCheck(false, 0, counted.breaker);
    expect(counted).toMatchObject({ successes: 0, failures: 1 });
    expect(await counted.breaker.state()).toBe('open');
    expect(lines().at(-1)).toMatch(/^debug: .*2 in a row.*OPEN$/);
  });

  it('tells a closed circuit nothing: only a trial may change it (RS-5, RS-7)', async () => {
    const { scheduler, clock } = bench();
    const counted = await openBreaker(clock);
    await counted.breaker.reset();
    await scheduler.recordHealthCheck(false, 0, counted.breaker);
    await scheduler.recordHealthCheck(true, 12, counted.breaker);
    expect(counted).toMatchObject({ successes: 0, failures: 0 });
    expect(await scheduler.loadState()).toMatchObject({ recoveryCount: 0 });
  });

  it('has every probe on disk at once, each ending the other kind of run (RS-8)', async () => {
    const { scheduler, clock, stored } = bench();
    const { breaker } = await openBreaker(clock);
    for (const [success, successes, failures] of [
      [true, 1, 0],
      [false, 0, 1],
      [true, 1, 0],
    ] as const) {
      await scheduler.recordHealthCheck(success, 0, breaker);
      expect(stored()).toMatchObject({ consecutive_successes: successes, consecutive_failures: failures });
    }
  });

  it('leaves the history of outages to the circuit breaker, which tells it once (RS-9)', async () => {
    const { scheduler, clock } = bench();
    const { log } = recordingLog();
    const told: string[] = [];
    const history = createOutageHistory({ clock, log });
    const breaker = createCircuitBreaker({
      clock,
      log,
      rules: { failureThreshold: 1 },
      outageHistory: {
        ...history,
        started: async (...args) => {
          told.push('started');
          await history.started(...args);
        },
        ended: async (...args) => {
          told.push('ended');
          await history.ended(...args);
        },
      },
    });
    await breaker.recordFailure();
    await scheduler.recordHealthCheck(true, 12, breaker);
    expect(told).toEqual(['started']);
    clock.advance(60_000);
    await scheduler.recordHealthCheck(true, 12, breaker);
    expect(told).toEqual(['started', 'ended']);
  });

  it('loses no probe and no recovery of two processes (W31)', async () => {
    const { scheduler, path, clock } = bench();
    const { log } = recordingLog();
    const other = createRecoveryScheduler({ path, clock, log });
    await scheduler.loadState();
    await other.loadState();
    const { breaker } = await openBreaker(clock);
    await scheduler.recordHealthCheck(false, 0, breaker);
    await other.recordRecovery();
    await scheduler.recordRecovery();
    expect(await other.loadState()).toMatchObject({ consecutiveFailures: 1, recoveryCount: 2 });
  });
});

describe('RecoveryScheduler: recovery period', () => {
  it('counts a recovery by a job like one by a probe (W36)', async () => {
    const { scheduler, clock, lines, nowSecs } = bench('{"recovery_count": 4, "consecutive_successes": 2}');
    const { breaker } = await trialBreaker(clock);
    // What the worker does when a job's trial has succeeded.
    expect(await breaker.canExecute()).toBe(true);
    if (await breaker.recordSuccess()) await scheduler.recordRecovery();
    expect(await scheduler.loadState()).toEqual({
      ...NEVER,
      lastRecoveryTime: nowSecs(),
      recoveryStartedAt: nowSecs(),
      recoveryCount: 5,
    });
    expect(lines().at(-1)).toContain('Recovery detected: Plex is back online (recovery #5)');
  });

  it('remembers its start until it is cleared (RS-10)', async () => {
    const { scheduler, path, clock, nowSecs, stored } = bench();
    await scheduler.recordRecovery();
    const startedAt = nowSecs();
    clock.advance(60_000);
    const { log } = recordingLog();
    const other = createRecoveryScheduler({ path, clock, log });
    expect(await other.loadState()).toMatchObject({ recoveryStartedAt: startedAt });
    await other.clearRecoveryPeriod();
    expect(stored()).toMatchObject({ recovery_started_at: 0, recovery_count: 1 });
    expect(await scheduler.loadState()).toMatchObject({ recoveryStartedAt: 0, lastRecoveryTime: startedAt });
  });

  it('writes nothing when there is no period to clear (W46)', async () => {
    const { scheduler, folder } = bench();
    await scheduler.clearRecoveryPeriod();
    expect(readdirSync(folder)).toEqual([]);
  });
});
