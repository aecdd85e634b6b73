import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CircuitBreaker, createCircuitBreaker } from '../../src/resilience/CircuitBreaker.ts';
import { createOutageHistory, type OutageHistory } from '../../src/resilience/OutageHistory.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const RULES = { failureThreshold: 2, recoveryTimeoutSecs: 60, successThreshold: 2 };
const AFFECTED_JOBS = 4;

/** What the table of states says, in the simplest form. */
interface Model {
  state: 'closed' | 'open' | 'half_open';
  /** Times of the failures since the last success, while closed. */
  failures: number[];
  /** Trials that succeeded, while half-open. */
  successes: number;
  /** When it opened first in this outage, and when last. */
  openedFirst: number;
  openSince: number;
  /** Start and end of every outage. */
  outages: { start: number; end?: number }[];
  /** Per breaker: whether its trial is on its way. */
  trials: boolean[];
}

interface Real {
  clock: FakeClock;
  breakers: CircuitBreaker[];
  history: OutageHistory;
  /** What a process does at its start, in place of one that ended. */
  restart(index: number): Promise<void>;
}

type Step = fc.AsyncCommand<Model, Real>;

const secs = ({ clock }: Real) => clock.now() / 1000;

function closeModel(model: Model, now: number): void {
  const outage = model.outages.at(-1);
  if (model.state !== 'closed' && outage) outage.end = now;
  Object.assign(model, { state: 'closed', failures: [], successes: 0 });
}

function openModel(model: Model, now: number): void {
  // A trial that fails is part of the same outage.
  if (model.state === 'closed') {
    model.outages.push({ start: Math.min(...model.failures, now) });
    model.openedFirst = now;
  }
  const openedFirst = Math.min(model.openedFirst, now);
  Object.assign(model, { state: 'open', failures: [], successes: 0, openedFirst, openSince: now });
}

/** Time passes only when somebody looks. */
function refreshModel(model: Model, now: number): void {
  const isOver = now - model.openSince >= RULES.recoveryTimeoutSecs;
  const isImpossible = model.openSince > now + 1;
  if (model.state === 'open' && (isOver || isImpossible)) model.state = 'half_open';
}

function firstFailure({ state, failures, outages }: Model): number | null {
  if (state !== 'closed') return outages.at(-1)?.start ?? null;
  return failures.length > 0 ? Math.min(...failures) : null;
}

/** All objects see what the model says, and there is one record per outage. */
async function checkInvariants(model: Model, { breakers, history }: Real): Promise<void> {
  for (const breaker of breakers) {
    expect(await breaker.snapshot()).toMatchObject({
      state: model.state,
      failureCount: model.failures.length,
      successCount: model.successes,
      openedAtSecs: model.state === 'closed' ? null : model.openedFirst,
      firstFailureAtSecs: firstFailure(model),
      lastOpenedAtSecs: model.state === 'closed' ? null : model.openSince,
    });
  }
  expect(await history.history()).toEqual(
    model.outages.map(({ start, end }) => ({
      startedAtSecs: start,
      endedAtSecs: end ?? null,
      durationSecs: end !== undefined && end >= start ? end - start : null,
      jobsAffected: end === undefined ? 0 : AFFECTED_JOBS,
    })),
  );
}

/** @param index which breaker, of as many as there are. */
function step(
  name: string,
  index: number,
  run: (model: Model, breaker: CircuitBreaker, which: number, real: Real) => Promise<void> | void,
): Step {
  return {
    check: () => true,
    async run(model, real) {
      const which = index % real.breakers.length;
      const breaker = real.breakers[which];
      if (breaker) await run(model, breaker, which, real);
      await checkInvariants(model, real);
    },
    toString: () => `${name} ${index}`,
  };
}

const failure = (index: number) =>
  step('failure', index, async (model, breaker, which, real) => {
    const isOpen = await breaker.recordFailure();
    const now = secs(real);
    if (model.state === 'half_open') openModel(model, now);
    else if (model.state === 'closed') {
      model.failures.push(now);
      if (model.failures.length === RULES.failureThreshold) openModel(model, now);
    }
    model.trials[which] = false;
    expect(isOpen).toBe(model.state === 'open');
  });

const success = (index: number) =>
  step('success', index, async (model, breaker, which, real) => {
    const hasClosed = await breaker.recordSuccess();
    let closes = false;
    if (model.state === 'half_open') {
      model.successes += 1;
      closes = model.successes === RULES.successThreshold;
    }
    if (closes || model.state === 'closed') closeModel(model, secs(real));
    model.trials[which] = false;
    expect(hasClosed).toBe(closes);
  });

const ask = (index: number) =>
  step('ask', index, async (model, breaker, which, real) => {
    const mayExecute = await breaker.canExecute();
    refreshModel(model, secs(real));
    const isTrial = model.state === 'half_open' && !model.trials[which];
    if (isTrial) model.trials[which] = true;
    expect(mayExecute).toBe(model.state === 'closed' || isTrial);
  });

const refresh = (index: number) =>
  step('refresh', index, async (model, breaker, _which, real) => {
    const state = await breaker.refresh();
    refreshModel(model, secs(real));
    expect(state).toBe(model.state);
  });

const release = (index: number) =>
  step('release', index, (model, breaker, which) => {
    breaker.releaseTrial();
    model.trials[which] = false;
  });

const reset = (index: number) =>
  step('reset', index, async (model, breaker, which, real) => {
    await breaker.reset();
    closeModel(model, secs(real));
    model.trials[which] = false;
  });

const restart = (index: number) =>
  step('restart', index, async (model, _breaker, which, real) => {
    await real.restart(which);
    model.trials[which] = false;
  });

const wait = (seconds: number) =>
  step(`wait ${seconds} s`, 0, (_model, _breaker, _which, { clock }) => clock.advance(seconds * 1000));

const setClock = (seconds: number) =>
  step(`set the clock by ${seconds} s`, 0, (_model, _breaker, _which, { clock }) =>
    clock.jump(seconds * 1000),
  );

const which = fc.nat(1);
const often = [which.map(failure), which.map(ask), fc.constantFrom(30, 60, 60, 3_600).map(wait)];
const STEPS = [
  // Trials come about only when these follow each other.
  ...often,
  ...often,
  ...often,
  which.map(success),
  which.map(success),
  which.map(refresh),
  which.map(release),
  which.map(reset),
  fc.constantFrom(-3_600, -60, -1, 3_600).map(setClock),
];

async function runModel(real: Real, steps: Iterable<Step>): Promise<void> {
  const trials = real.breakers.map(() => false);
  const model: Model = {
    state: 'closed',
    failures: [],
    successes: 0,
    openedFirst: 0,
    openSince: 0,
    outages: [],
    trials,
  };
  await fc.asyncModelRun(() => ({ model, real }), steps);
  // Once somebody has looked, the time-out is the longest that it stays open.
  for (const breaker of real.breakers) await breaker.refresh();
  real.clock.advance(RULES.recoveryTimeoutSecs * 1000 + 1_000);
  for (const breaker of real.breakers) expect(await breaker.refresh()).not.toBe('open');
}

const affectedJobs = () => AFFECTED_JOBS;

describe('the circuit breaker against a model', () => {
  it('follows the table, whatever the order, and however the clock is set (CB-13, W20, W25, W29, W30, W35)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(STEPS, { maxCommands: 60, size: 'max' }), async (steps) => {
        const clock = new FakeClock();
        const { log } = recordingLog();
        const history = createOutageHistory({ clock, log });
        const breaker = createCircuitBreaker({
          clock,
          log,
          rules: RULES,
          outageHistory: history,
          affectedJobs,
        });
        await runModel({ clock, history, breakers: [breaker], restart: async () => {} }, steps);
      }),
      { numRuns: 300 },
    );
  });

  it('follows it just as well with two processes on one file, and restarts (CB-8, CB-13, W28, W29, W31, W55)', async () => {
    const commands = fc.commands([...STEPS, which.map(restart)], { maxCommands: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(commands, async (steps) => {
        const clock = new FakeClock();
        const { log } = recordingLog();
        const folder = tempFolder();
        const openHistory = () =>
          createOutageHistory({ clock, log, path: join(folder, 'outage_history.json') });
        const start = () => {
          const outageHistory = openHistory();
          const path = join(folder, 'circuit_breaker.json');
          return createCircuitBreaker({ clock, log, path, rules: RULES, outageHistory, affectedJobs });
        };
        const breakers = [start(), start()];
        const restartOne = async (index: number) => {
          const breaker = start();
          const { state, firstFailureAtSecs } = await breaker.snapshot();
          // Nothing contradicts the circuit, so this changes nothing.
          await openHistory().align(state, firstFailureAtSecs);
          breakers[index] = breaker;
        };
        await runModel({ clock, history: openHistory(), breakers, restart: restartOne }, steps);
      }),
      { numRuns: 50 },
    );
  });
});
