import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type CircuitBreaker,
  type CircuitBreakerOptions,
  createCircuitBreaker,
} from '../../src/resilience/CircuitBreaker.ts';
import { createOutageHistory, type OutageHistory } from '../../src/resilience/OutageHistory.ts';
import { outageMetrics } from '../../src/resilience/outageMetrics.ts';
import { createRecoveryScheduler } from '../../src/resilience/RecoveryScheduler.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { holdFileLock } from '../support/holdFileLock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const TRANSITIONS = /OPENED|CLOSED|HALF_OPEN/;

/** A world with a clock and a log; with a data folder unless `memory`. */
function setUp(where: 'file' | 'memory' = 'file') {
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  const folder = tempFolder();
  const path = join(folder, 'circuit_breaker.json');
  const place = where === 'file' ? { path } : {};
  return {
    clock,
    log,
    folder,
    path,
    nowSecs: () => clock.now() / 1000,
    /** A breaker as a process makes it at its start. */
    create: (options: Partial<CircuitBreakerOptions> = {}) =>
      createCircuitBreaker({ clock, log, ...place, ...options }),
    store: (content: unknown) =>
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content)),
    stored: () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>,
    texts: (level: string) =>
      lines.filter((line) => line.level === level).map(({ text }) => text.replace('[Stash2Plex] ', '')),
  };
}

async function fail(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await breaker.recordFailure();
}

async function succeed(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await breaker.recordSuccess();
}

const threshold = (failureThreshold: number) => ({ rules: { failureThreshold } });

/** What the history holds, as pairs of start and end. */
const spans = async (history: OutageHistory) =>
  (await history.history()).map(({ startedAtSecs, endedAtSecs }) => [startedAtSecs, endedAtSecs]);

describe('the circuit breaker', () => {
  it('starts closed and lets work go on (CB-1)', async () => {
    const breaker = setUp('memory').create();
    expect(await breaker.state()).toBe('closed');
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.canExecute()).toBe(true);
  });

  it.each([
    [3, threshold(3)],
    [2, threshold(2)],
    [1, threshold(1)],
    [5, {}],
  ])('opens on failure %d in a row, and then keeps everybody away (CB-2)', async (count, options) => {
    const breaker = setUp('memory').create(options);
    for (let n = 1; n < count; n += 1) {
      expect(await breaker.recordFailure()).toBe(false);
      expect(await breaker.canExecute()).toBe(true);
    }
    expect(await breaker.recordFailure()).toBe(true);
    expect(await breaker.state()).toBe('open');
    expect(await breaker.canExecute()).toBe(false);
  });

  it.each([
    [3, 2, 2],
    [5, 3, 4],
  ])('counts from zero after a success: threshold %d (CB-3)', async (failureThreshold, first, second) => {
    const breaker = setUp('memory').create(threshold(failureThreshold));
    await fail(breaker, first);
    await breaker.recordSuccess();
    await fail(breaker, second);
    expect(await breaker.state()).toBe('closed');
    await fail(breaker, 1);
    expect(await breaker.state()).toBe('open');
  });

  it('stays closed when Plex answers between failures, however many there are (W34)', async () => {
    const breaker = setUp('memory').create();
    await fail(breaker, 4);
    await succeed(breaker, 20);
    await fail(breaker, 1);
    expect(await breaker.state()).toBe('closed');
  });

  it.each([
    [70, 'half_open', true],
    [61, 'half_open', true],
    [60, 'half_open', true],
    [59, 'open', false],
    [30, 'open', false],
  ] as const)('is, %d s after it opened, %s (CB-4)', async (secs, state, mayExecute) => {
    const { clock, create } = setUp('memory');
    const breaker = create();
    await fail(breaker, 5);
    clock.advance(secs * 1000);
    expect(await breaker.refresh()).toBe(state);
    expect(await breaker.canExecute()).toBe(mayExecute);
  });

  it('closes when the trial succeeds, and opens again when it fails (CB-5, CB-13)', async () => {
    const { clock, create } = setUp('memory');
    const breaker = create();
    await fail(breaker, 5);
    clock.advance(61_000);
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.recordFailure()).toBe(true);
    expect(await breaker.state()).toBe('open');
    expect(await breaker.canExecute()).toBe(false);

    clock.advance(61_000);
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.recordSuccess()).toBe(true);
    expect(await breaker.state()).toBe('closed');
    expect(await breaker.canExecute()).toBe(true);
    // Only the one that closed it says so.
    expect(await breaker.recordSuccess()).toBe(false);
  });

  it('closes at the third successful trial when three are asked for (CB-5)', async () => {
    const { clock, create } = setUp('memory');
    const breaker = create({ rules: { successThreshold: 3 } });
    await fail(breaker, 5);
    clock.advance(61_000);
    for (const closes of [false, false, true]) {
      expect(await breaker.canExecute()).toBe(true);
      expect(await breaker.recordSuccess()).toBe(closes);
    }
    expect(await breaker.state()).toBe('closed');
  });

  it('grants one trial at a time, and the next one when it has ended in whatever way (CB-5, W35)', async () => {
    const { clock, create } = setUp();
    const breaker = create({ rules: { successThreshold: 9 } });
    await fail(breaker, 5);
    clock.advance(61_000);
    expect(await Promise.all([1, 2, 3].map(() => breaker.canExecute()))).toEqual([true, false, false]);
    // Nothing but its end frees the place.
    clock.advance(3_600_000);
    expect(await breaker.canExecute()).toBe(false);
    breaker.releaseTrial();
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.canExecute()).toBe(false);
    await breaker.recordSuccess();
    expect(await breaker.canExecute()).toBe(true);
    await breaker.recordFailure();
    clock.advance(61_000);
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.canExecute()).toBe(false);
    await breaker.reset();
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.canExecute()).toBe(true);
  });

  it('is closed by hand, and needs the full number of failures again (CB-6)', async () => {
    const breaker = setUp('memory').create();
    await fail(breaker, 5);
    await breaker.reset();
    expect(await breaker.state()).toBe('closed');
    await fail(breaker, 3);
    await breaker.reset();
    await fail(breaker, 4);
    expect(await breaker.state()).toBe('closed');
    await fail(breaker, 1);
    expect(await breaker.state()).toBe('open');
  });

  it('changes nothing on failures and successes of jobs that were running when it opened (W29)', async () => {
    const { clock, create } = setUp('memory');
    const breaker = create();
    await fail(breaker, 5);
    const opened = await breaker.snapshot();
    clock.advance(59_000);
    await fail(breaker, 7);
    expect(await breaker.recordSuccess()).toBe(false);
    expect(await breaker.snapshot()).toEqual(opened);
    clock.advance(1_000);
    expect(await breaker.refresh()).toBe('half_open');
  });
});

describe('a circuit that one operation has opened (A7)', () => {
  const edits = new Set(['edit']);

  async function openedByEdits() {
    const world = setUp('memory');
    const history = createOutageHistory(world);
    const breaker = world.create({ outageHistory: history });
    for (let n = 0; n < 5; n += 1) await breaker.recordFailure('edit');
    expect(await breaker.state()).toBe('open');
    world.clock.advance(60_000);
    return { ...world, history, breaker };
  }

  it('is not closed by what works besides, nor by an answer to a probe', async () => {
    const { clock, log, breaker, history } = await openedByEdits();
    const recovery = createRecoveryScheduler({ clock, log });
    await recovery.recordHealthCheck(true, 3, breaker);
    expect(await breaker.state()).toBe('half_open');
    expect(await breaker.recordSuccess()).toBe(false);
    expect(await breaker.recordSuccess(new Set(['read', 'filter', 'picture']))).toBe(false);
    await recovery.recordHealthCheck(true, 3, breaker);
    expect(await breaker.state()).toBe('half_open');
    expect((await recovery.loadState()).recoveryCount).toBe(0);
    expect(await history.history()).toMatchObject([{ endedAtSecs: null }]);
    expect(await breaker.recordSuccess(edits)).toBe(true);
    expect(await history.history()).toMatchObject([{ endedAtSecs: expect.any(Number) }]);
  });

  it('grants a trial after each scene that did not try it, so that none waits for an edit that nobody makes', async () => {
    const { breaker } = await openedByEdits();
    for (let scene = 0; scene < 5; scene += 1) {
      expect(await breaker.canExecute()).toBe(true);
      expect(await breaker.canExecute()).toBe(false);
      await breaker.recordSuccess(new Set(['read']));
    }
  });

  it('stays one outage, however many trials fail, and whether Plex goes away altogether meanwhile', async () => {
    const { clock, breaker, history } = await openedByEdits();
    for (const operation of ['edit', undefined, 'edit']) {
      expect(await breaker.canExecute()).toBe(true);
      expect(await breaker.recordFailure(operation)).toBe(true);
      clock.advance(60_000);
    }
    expect(await breaker.canExecute()).toBe(true);
    // Nobody has seen an edit work since.
    expect(await breaker.recordSuccess()).toBe(false);
    expect(await breaker.recordSuccess(edits)).toBe(true);
    expect(await history.history()).toHaveLength(1);
  });

  it('counts a run of its failures on, whatever else works between', async () => {
    const breaker = setUp('memory').create();
    for (let n = 0; n < 4; n += 1) {
      expect(await breaker.recordFailure('edit')).toBe(false);
      await breaker.recordSuccess(new Set(['read']));
    }
    expect(await breaker.recordFailure('edit')).toBe(true);
  });

  it('ends a run of its failures by its success', async () => {
    const breaker = setUp('memory').create();
    for (let n = 0; n < 20; n += 1) {
      expect(await breaker.recordFailure('edit')).toBe(false);
      if (n % 4 === 3) await breaker.recordSuccess(edits);
    }
    expect(await breaker.isFlowing()).toBe(true);
  });
});

describe('the state file', () => {
  it('holds every state for the next object (CB-7, CB-14)', async () => {
    const { clock, create, stored, nowSecs } = setUp();
    const breaker = create();
    await fail(breaker, 5);
    expect(stored()).toEqual({
      state: 'open',
      failure_count: 0,
      success_count: 0,
      opened_at: nowSecs(),
      first_failure_at: nowSecs(),
      last_opened_at: nowSecs(),
      failed_operation: null,
    });
    expect(await create().state()).toBe('open');
    expect((await create().snapshot()).openedAtSecs).toBe(nowSecs());
    expect(await create().canExecute()).toBe(false);

    clock.advance(61_000);
    await breaker.refresh();
    expect(stored()).toMatchObject({ state: 'half_open' });
    expect(await create().state()).toBe('half_open');
    expect(await create().canExecute()).toBe(true);

    await breaker.recordSuccess();
    expect(stored()).toEqual({
      state: 'closed',
      failure_count: 0,
      success_count: 0,
      opened_at: null,
      first_failure_at: null,
      last_opened_at: null,
      failed_operation: null,
    });
    expect(await create().state()).toBe('closed');
  });

  it('holds what it was that failed, for the next object as well (A7)', async () => {
    const { clock, create, stored } = setUp();
    for (let n = 0; n < 5; n += 1) await create().recordFailure('edit');
    expect(stored()).toMatchObject({ state: 'open', failed_operation: 'edit' });
    clock.advance(60_000);
    expect(await create().canExecute()).toBe(true);
    expect(await create().recordSuccess(new Set(['read']))).toBe(false);
    expect(stored()).toMatchObject({ state: 'half_open', failed_operation: 'edit' });
    expect(await create().recordSuccess(new Set(['read', 'edit']))).toBe(true);
    expect(stored()).toMatchObject({ state: 'closed', failed_operation: null });
  });

  it('is not made without a path, and the machine works the same (CB-7, CB-14)', async () => {
    const { clock, create, folder } = setUp('memory');
    const breaker = create();
    await fail(breaker, 5);
    expect(await breaker.canExecute()).toBe(false);
    clock.advance(61_000);
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.recordSuccess()).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    expect(await create().state()).toBe('closed');
    expect(await breaker.condition()).toBe('missing');
  });

  it('holds the counts, and says at debug what it loaded (CB-8)', async () => {
    const { clock, create, texts } = setUp();
    await fail(create(), 3);
    await fail(create(), 2);
    expect(await create().state()).toBe('open');
    expect(texts('debug')).toContain('Circuit breaker state loaded: OPEN');

    clock.advance(61_000);
    const rules = { rules: { successThreshold: 3 } };
    await create(rules).refresh();
    await create(rules).recordSuccess();
    expect(await create(rules).recordSuccess()).toBe(false);
    expect(await create(rules).recordSuccess()).toBe(true);
  });

  const open = { state: 'open', failure_count: 0, success_count: 0, opened_at: 1_768_132_800 };
  it.each([
    ['garbage', 'not json {{{'],
    ['nothing', ''],
    ['a missing key', { state: 'open', failure_count: 0, success_count: 0 }],
    ['an unknown state', { ...open, state: 'ajar' }],
    ['a list', [open]],
    ['a number that is none', '{"state": "open", "failure_count": 0, "success_count": 0, "opened_at": NaN}'],
  ])('that is damaged means closed, with one warning: %s (CB-9, W27)', async (_, content) => {
    const { create, folder, store, texts } = setUp();
    store(content);
    const breaker = create();
    expect(await breaker.state()).toBe('closed');
    expect(await breaker.condition()).toBe('damaged');
    await fail(breaker, 5);
    expect(await create().state()).toBe('open');
    expect(texts('warn')).toEqual([
      expect.stringMatching(/^Circuit breaker state corrupted, using defaults: it .*\.$/),
    ]);
    // Nothing was overwritten.
    const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(kept).toContain(typeof content === 'string' ? content : JSON.stringify(content));
  });

  it('that is missing means closed, without a word (CB-9)', async () => {
    const { create, texts } = setUp();
    const breaker = create();
    expect(await breaker.state()).toBe('closed');
    expect(await breaker.condition()).toBe('missing');
    expect(texts('warn')).toEqual([]);
  });

  it('that cannot be written lets the machine work on, with a debug line (CB-9)', async () => {
    const { clock, create, path, texts } = setUp();
    mkdirSync(path);
    const breaker = create();
    await fail(breaker, 5);
    expect(await breaker.state()).toBe('open');
    clock.advance(61_000);
    expect(await breaker.canExecute()).toBe(true);
    expect(await breaker.recordSuccess()).toBe(true);
    expect(await breaker.state()).toBe('closed');
    expect(texts('debug')[0]).toMatch(/^Failed to save circuit breaker state: The file .* cannot be written/);
    expect(texts('warn')).toEqual([]);
  });

  it('with text in place of numbers works on with defaults for these alone (W27)', async () => {
    const { create, store, texts } = setUp();
    store({ state: 'closed', failure_count: 'two', success_count: [], opened_at: 'now', later: 1 });
    const breaker = create();
    await fail(breaker, 4);
    expect(await breaker.state()).toBe('closed');
    await fail(breaker, 1);
    expect(await breaker.state()).toBe('open');
    expect(texts('warn')).toEqual([]);
  });

  it('keeps keys that nobody knows (W27)', async () => {
    const { create, store, stored } = setUp();
    store({ state: 'closed', failure_count: 0, success_count: 0, opened_at: null, later: { x: 1 } });
    await fail(create(), 1);
    expect(stored()).toMatchObject({ failure_count: 1, later: { x: 1 } });
  });

  it('is locked while it is written, and nothing is left beside it (CB-11)', async () => {
    const { create, folder } = setUp();
    await fail(create(), 5);
    expect(readdirSync(folder)).toEqual(['circuit_breaker.json']);
  });

  it('that is locked elsewhere loses no change: it is stored with the next one (CB-11, W28)', async () => {
    const { create, path, texts } = setUp();
    const release = await holdFileLock(path);
    const breaker = create(threshold(1));
    expect(await breaker.recordFailure()).toBe(true);
    expect(await breaker.state()).toBe('open');
    expect(await breaker.canExecute()).toBe(false);
    expect(existsSync(path)).toBe(false);
    expect(texts('trace')).toEqual([expect.stringContaining('state save skipped (locked)')]);

    await release();
    // A success of a job that was already running: no change of its own.
    await breaker.recordSuccess();
    expect(await create().state()).toBe('open');
    expect(texts('info').filter((text) => TRANSITIONS.test(text))).toHaveLength(1);
  });

  it('is not overwritten by a process that has read it earlier (W28)', async () => {
    const { create } = setUp();
    const early = create();
    expect(await early.canExecute()).toBe(true);
    await fail(create(), 5);
    await early.recordSuccess();
    expect(await early.state()).toBe('open');
    expect(await early.canExecute()).toBe(false);
    expect(await create().state()).toBe('open');
  });

  it('adds up the failures of several processes (W28)', async () => {
    const { create, texts } = setUp();
    const breakers = Array.from({ length: 5 }, () => create());
    await Promise.all(breakers.map((breaker) => breaker.state()));
    const opened = await Promise.all(breakers.map((breaker) => breaker.recordFailure()));
    expect(opened.filter(Boolean)).toHaveLength(1);
    expect(texts('info')).toEqual(['Circuit breaker OPENED after 5 consecutive failures']);
  });

  it('is neither written nor locked by a success that changes nothing (W46)', async () => {
    const { create, folder, path, store, texts } = setUp();
    await succeed(create(), 10);
    expect(readdirSync(folder)).toEqual([]);

    store({ state: 'closed', failure_count: 0, success_count: 0, opened_at: null });
    const { ino, mtimeNs } = statSync(path, { bigint: true });
    await holdFileLock(path);
    await succeed(create(), 10);
    expect(statSync(path, { bigint: true })).toMatchObject({ ino, mtimeNs });
    expect(texts('trace')).toEqual([]);
  });
});

describe('an open circuit', () => {
  it.each([
    ['null', null],
    ['text', 'yesterday'],
    ['a list', [1]],
    ['an hour ahead', 1_768_136_400],
    ['a year that never comes', 1e20],
  ])('whose time of opening is %s becomes half-open, with a warning (W20, W25)', async (_, opened_at) => {
    const { create, store, stored, texts } = setUp();
    store({ state: 'open', failure_count: 0, success_count: 0, opened_at });
    const breaker = create();
    expect(await breaker.canExecute()).toBe(true);
    expect(stored()).toMatchObject({ state: 'half_open' });
    expect(texts('warn')).toEqual([expect.stringContaining('HALF_OPEN')]);
    expect(texts('info')).toEqual([]);
    expect(await breaker.recordSuccess()).toBe(true);
  });

  it('gets its trial at once when the clock is set back (W25)', async () => {
    const { clock, create, nowSecs } = setUp();
    const breaker = create();
    await fail(breaker, 5);
    clock.jump(-3_600_000);
    expect(await breaker.canExecute()).toBe(true);
    // And it waits the usual time when that fails.
    await breaker.recordFailure();
    expect((await breaker.snapshot()).openedAtSecs).toBe(nowSecs());
    clock.advance(59_000);
    expect(await breaker.canExecute()).toBe(false);
    clock.advance(1_000);
    expect(await breaker.canExecute()).toBe(true);
  });

  it('of the original waits for the rest of its time (CB-7)', async () => {
    const { clock, create, store, nowSecs } = setUp();
    store({ state: 'open', failure_count: 0, success_count: 0, opened_at: nowSecs() - 20.5 });
    clock.advance(39_000);
    expect(await create().refresh()).toBe('open');
    clock.advance(1_000);
    expect(await create().refresh()).toBe('half_open');
  });

  it('is not changed by looking at it, however late (W55)', async () => {
    const { clock, create, stored, texts } = setUp();
    const breaker = create();
    await fail(breaker, 5);
    clock.advance(3_600_000);
    expect(await breaker.state()).toBe('open');
    expect((await breaker.snapshot()).state).toBe('open');
    expect(stored()).toMatchObject({ state: 'open' });
    expect(texts('info')).toHaveLength(1);
  });

  it('is announced as half-open by one of those who refresh it at the same time (W55)', async () => {
    const { clock, create, texts } = setUp();
    const breakers = [create(), create(), create()];
    await fail(create(), 5);
    clock.advance(61_000);
    const states = await Promise.all([...breakers, ...breakers].map((breaker) => breaker.refresh()));
    expect(new Set(states)).toEqual(new Set(['half_open']));
    expect(texts('info')).toEqual([
      'Circuit breaker OPENED after 5 consecutive failures',
      'Circuit breaker entering HALF_OPEN state after 60.0s timeout',
    ]);
  });

  it('that another process opens anew just now gets its own time (W28)', async () => {
    const { clock, create, path, stored, nowSecs, texts } = setUp();
    await fail(create(), 5);
    clock.advance(61_000);
    // Between the look and the change: a trial elsewhere, which failed.
    const reopened = JSON.stringify({ ...stored(), last_opened_at: nowSecs() + 2 });
    const late = {
      now: () => {
        writeFileSync(path, reopened);
        return clock.now();
      },
      monotonic: () => clock.monotonic(),
      sleep: (ms: number) => clock.sleep(ms),
    };
    expect(await create({ clock: late }).refresh()).toBe('open');
    expect(stored()).toMatchObject({ state: 'open', last_opened_at: nowSecs() + 2 });
    expect(texts('info')).toHaveLength(1);
    expect(texts('warn')).toEqual([]);
  });

  it('is settled by the first of two results that come at the same time (W55)', async () => {
    const { clock, create, texts } = setUp();
    const [one, other] = [create(), create()];
    await fail(one, 5);
    clock.advance(61_000);
    await one.refresh();
    const [closed, opened] = await Promise.all([one.recordSuccess(), other.recordFailure()]);
    // Success first: closed, with one failure since. Failure first: open, and the success came too late.
    expect(await one.snapshot()).toMatchObject(
      closed ? { state: 'closed', failureCount: 1 } : { state: 'open', failureCount: 0 },
    );
    expect(opened).toBe(!closed);
    expect(texts('info').slice(2)).toEqual([
      closed
        ? 'Circuit breaker CLOSED after successful recovery'
        : 'Circuit breaker OPENED again: the trial failed',
    ]);
  });
});

describe('the log', () => {
  it('has one line per transition, and none for what is none (CB-10)', async () => {
    const { clock, create, texts } = setUp();
    const breaker = create({ rules: { recoveryTimeoutSecs: 60.5 } });
    await fail(breaker, 4);
    expect(texts('info')).toEqual([]);
    await fail(breaker, 3);
    clock.advance(61_000);
    await breaker.canExecute();
    await breaker.canExecute();
    await breaker.recordFailure();
    clock.advance(61_000);
    await breaker.refresh();
    await succeed(breaker, 2);
    await fail(breaker, 1);
    await breaker.reset();
    await breaker.reset();
    expect(texts('info')).toEqual([
      'Circuit breaker OPENED after 5 consecutive failures',
      'Circuit breaker entering HALF_OPEN state after 60.5s timeout',
      'Circuit breaker OPENED again: the trial failed',
      'Circuit breaker entering HALF_OPEN state after 60.5s timeout',
      'Circuit breaker CLOSED after successful recovery',
      'Circuit breaker manually reset to CLOSED',
    ]);
    expect(texts('warn')).toEqual([]);
  });

  it('names whole seconds with a decimal, and the threshold in force (CB-10)', async () => {
    const { clock, create, texts } = setUp('memory');
    const breaker = create(threshold(2));
    await fail(breaker, 2);
    clock.advance(60_000);
    await breaker.refresh();
    expect(texts('info')).toEqual([
      'Circuit breaker OPENED after 2 consecutive failures',
      'Circuit breaker entering HALF_OPEN state after 60.0s timeout',
    ]);
  });
});

describe('the outage history', () => {
  const withHistory = (where: 'file' | 'memory' = 'memory') => {
    const world = setUp(where);
    const outageHistory = createOutageHistory({ clock: world.clock, log: world.log });
    return { ...world, outageHistory };
  };

  it('is told of the outage from its first failure on (CB-12, W30)', async () => {
    const { clock, create, nowSecs, outageHistory } = withHistory();
    const breaker = create({ outageHistory });
    await fail(breaker, 1);
    await breaker.recordSuccess();
    clock.advance(100_000);
    const firstFailure = nowSecs();
    for (let n = 0; n < 5; n += 1) {
      expect(await outageHistory.history()).toEqual([]);
      await breaker.recordFailure();
      clock.advance(10_000);
    }
    expect(await spans(outageHistory)).toEqual([[firstFailure, null]]);
    expect(await breaker.snapshot()).toMatchObject({
      firstFailureAtSecs: firstFailure,
      openedAtSecs: firstFailure + 40,
    });
  });

  it('knows the first failure also when other processes counted the rest (W30)', async () => {
    const { clock, create, nowSecs, outageHistory } = withHistory('file');
    const firstFailure = nowSecs();
    for (let n = 0; n < 5; n += 1) {
      await create({ outageHistory }).recordFailure();
      clock.advance(10_000);
    }
    expect(await spans(outageHistory)).toEqual([[firstFailure, null]]);
  });

  it('is not told of an outage by loading an open state (CB-12)', async () => {
    const { clock, create, outageHistory } = withHistory('file');
    await fail(create(), 5);
    const breaker = create({ outageHistory });
    await breaker.state();
    await breaker.canExecute();
    clock.advance(61_000);
    await breaker.canExecute();
    await breaker.recordFailure();
    expect(await outageHistory.history()).toEqual([]);
  });

  it('is told of the end, with the number of jobs that waited (CB-12)', async () => {
    const { clock, create, nowSecs, outageHistory } = withHistory();
    const breaker = create({ outageHistory, affectedJobs: () => 7 });
    const startedAtSecs = nowSecs();
    await fail(breaker, 5);
    clock.advance(65_000);
    await breaker.canExecute();
    await breaker.recordSuccess();
    expect(await outageHistory.history()).toEqual([
      { startedAtSecs, endedAtSecs: startedAtSecs + 65, durationSecs: 65, jobsAffected: 7 },
    ]);
  });

  it('is told of the end also when the jobs cannot be counted, or the circuit is closed by hand', async () => {
    const { clock, create, outageHistory } = withHistory();
    const affectedJobs = () => {
      throw new Error('database is locked');
    };
    const breaker = create({ outageHistory, affectedJobs });
    await fail(breaker, 5);
    clock.advance(10_000);
    await breaker.reset();
    expect(await outageHistory.history()).toMatchObject([{ durationSecs: 10, jobsAffected: 0 }]);
    await breaker.reset();
    expect(await outageHistory.history()).toHaveLength(1);
  });

  it('holds one record for an hour with a failed trial per minute (W29)', async () => {
    const { clock, create, nowSecs, outageHistory, texts } = withHistory('file');
    const breaker = create({ outageHistory });
    const startedAtSecs = nowSecs();
    await fail(breaker, 5);
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(60_000);
      expect(await breaker.canExecute()).toBe(true);
      await breaker.recordFailure();
      await breaker.recordFailure();
    }
    expect(await breaker.snapshot()).toMatchObject({
      openedAtSecs: startedAtSecs,
      lastOpenedAtSecs: startedAtSecs + 3600,
    });
    clock.advance(60_000);
    expect(await breaker.canExecute()).toBe(true);
    await breaker.recordSuccess();
    expect(await spans(outageHistory)).toEqual([[startedAtSecs, startedAtSecs + 3660]]);
    expect(await outageHistory.current()).toBeUndefined();
    expect(outageMetrics(await outageHistory.history())).toMatchObject({ mttrSecs: 3660, outageCount: 1 });
    expect(texts('info').filter((text) => text.includes('OPENED again'))).toHaveLength(60);
  });

  it('starts a record of its own for the next outage (W29)', async () => {
    const { clock, create, nowSecs, outageHistory } = withHistory();
    const breaker = create({ outageHistory });
    const startedAtSecs = nowSecs();
    for (let outage = 0; outage < 2; outage += 1) {
      await fail(breaker, 5);
      clock.advance(60_000);
      await breaker.canExecute();
      await breaker.recordSuccess();
      clock.advance(40_000);
    }
    expect(await spans(outageHistory)).toEqual([
      [startedAtSecs, startedAtSecs + 60],
      [startedAtSecs + 100, startedAtSecs + 160],
    ]);
  });
});

describe('a worker with a data folder', () => {
  it('is blocked by five failures and goes on 61 s later, across restarts (CB-13, CB-14)', async () => {
    const { clock, create, path } = setUp();
    await fail(create(), 5);
    expect(existsSync(path)).toBe(true);
    expect(await create().canExecute()).toBe(false);
    clock.advance(61_000);
    const next = create();
    expect(await next.canExecute()).toBe(true);
    expect(await next.recordSuccess()).toBe(true);
    expect(await create().canExecute()).toBe(true);
    expect(await create().state()).toBe('closed');
  });
});
