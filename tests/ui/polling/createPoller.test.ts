import { expect, it } from 'vitest';
import { createPoller } from '../../../src/ui/polling/createPoller.ts';

/** A poller in a time of its own. */
function bench() {
  let nowMs = 0;
  let timers: { atMs: number; callBack: () => void }[] = [];
  const state = {
    runs: 0,
    isWatched: true,
    hold: undefined as (() => void) | undefined,
    fails: false,
    holds: false,
  };
  const poller = createPoller({
    run: async () => {
      state.runs += 1;
      if (state.holds) await new Promise<void>((resolve) => (state.hold = resolve));
      if (state.fails) throw new Error('not now');
    },
    isWatched: () => state.isWatched,
    intervalMs: 5_000,
    longestMs: 60_000,
    now: () => nowMs,
    later(callBack, delayMs) {
      const timer = { atMs: nowMs + delayMs, callBack };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
  });
  const settle = async () => {
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  };
  /** Lets time pass, timer by timer. */
  const pass = async (ms: number) => {
    const endMs = nowMs + ms;
    for (;;) {
      await settle();
      const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      timers = timers.filter((each) => each !== next);
      nowMs = Math.max(nowMs, next.atMs);
      next.callBack();
    }
    nowMs = endMs;
  };
  return { poller, state, pass, settle, timers: () => timers.length };
}

it('refreshes at once, then an interval after the end of the last refresh', async () => {
  const { state, pass } = bench();
  await pass(0);
  expect(state.runs).toBe(1);
  await pass(4_999);
  expect(state.runs).toBe(1);
  await pass(1);
  expect(state.runs).toBe(2);
});

it('never runs two refreshes at a time, however often it is told to', async () => {
  const { poller, state, pass, settle } = bench();
  state.holds = true;
  await pass(0);
  poller.refresh();
  poller.look();
  await pass(60_000);
  expect(state.runs).toBe(1);
  state.holds = false;
  state.hold?.();
  await settle();
  poller.refresh();
  await settle();
  expect(state.runs).toBe(2);
});

it('plans nothing while nobody looks, and is fresh when somebody comes back', async () => {
  const { poller, state, pass, timers } = bench();
  await pass(0);
  state.isWatched = false;
  poller.look();
  expect(timers()).toBe(0);
  await pass(60_000);
  expect(state.runs).toBe(1);
  state.isWatched = true;
  poller.look();
  await pass(0);
  expect(state.runs).toBe(2);
});

it('does not ask again for a short look away', async () => {
  const { poller, state, pass } = bench();
  await pass(0);
  for (let turns = 0; turns < 4; turns++) {
    state.isWatched = turns % 2 === 1;
    poller.look();
    await pass(500);
  }
  expect(state.runs).toBe(1);
});

it('doubles its wait with each failure in a row up to its longest, and forgets that with a success', async () => {
  const { state, pass } = bench();
  state.fails = true;
  const runsAfter = async (ms: number) => {
    const before = state.runs;
    await pass(ms);
    return state.runs - before;
  };
  expect(await runsAfter(0)).toBe(1);
  expect(await runsAfter(9_999)).toBe(0);
  expect(await runsAfter(1)).toBe(1);
  expect(await runsAfter(20_000)).toBe(1);
  expect(await runsAfter(40_000)).toBe(1);
  expect(await runsAfter(60_000)).toBe(1);
  expect(await runsAfter(60_000)).toBe(1);
  state.fails = false;
  expect(await runsAfter(60_000)).toBe(1);
  expect(await runsAfter(5_000)).toBe(1);
});

it('does nothing any more once it is stopped', async () => {
  const { poller, state, pass, timers } = bench();
  await pass(0);
  poller.stop();
  poller.refresh();
  poller.look();
  await pass(60_000);
  expect([state.runs, timers()]).toEqual([1, 0]);
});
