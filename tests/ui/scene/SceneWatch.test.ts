import { expect, it } from 'vitest';
import type { SceneStatusReport } from '../../../src/tasks/pageReports.ts';
import { StashTrouble } from '../../../src/ui/api/StashTrouble.ts';
import { createSceneWatch } from '../../../src/ui/scene/SceneWatch.ts';

function bench(status: SceneStatusReport['status']) {
  const state = {
    status,
    asked: 0,
    delays: [] as number[],
    isWatched: true,
    error: undefined as Error | undefined,
  };
  let timers: (() => void)[] = [];
  const watch = createSceneWatch({
    ask: async () => {
      state.asked += 1;
      if (state.error) throw state.error;
      return { summary: '', sceneId: 1, status: state.status, items: [] };
    },
    isWatched: () => state.isWatched,
    later(callBack, delayMs) {
      state.delays.push(delayMs);
      timers.push(callBack);
      return () => {
        timers = timers.filter((each) => each !== callBack);
      };
    },
  });
  const settle = async () => {
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  };
  const ring = async () => {
    for (const callBack of timers.splice(0)) callBack();
    await settle();
  };
  return { watch, state, ring, settle, timers: () => timers.length };
}

it('asks once for all who look, and no more while the scene rests', async () => {
  const { watch, state, settle, timers } = bench('equal');
  let told = 0;
  for (let index = 0; index < 3; index++) watch.subscribe(() => told++);
  await settle();
  expect([state.asked, told, timers()]).toEqual([1, 3, 0]);
  expect(watch.current().report?.status).toBe('equal');
});

it('asks again and again while the scene is on its way and somebody looks', async () => {
  const { watch, state, ring, settle, timers } = bench('waiting');
  const end = watch.subscribe(() => {});
  await settle();
  await ring();
  expect(state.asked).toBe(2);
  state.isWatched = false;
  await ring();
  expect([state.asked, timers()]).toEqual([2, 1]);
  state.isWatched = true;
  state.status = 'equal';
  await ring();
  expect([state.asked, timers()]).toEqual([3, 0]);
  state.status = 'waiting';
  await watch.refresh();
  expect(timers()).toBe(1);
  end();
  expect(timers()).toBe(0);
});

it('keeps what it knows when an answer fails, and says why', async () => {
  const { watch, state } = bench('equal');
  await watch.refresh();
  state.error = new StashTrouble('Stash does not answer.');
  await watch.refresh();
  expect(watch.current()).toMatchObject({ report: { status: 'equal' }, problem: 'Stash does not answer.' });
  state.error = undefined;
  await watch.refresh();
  expect(watch.current().problem).toBeUndefined();
});

it('looks soon after it was told to, and less often while the scene stays on its way', async () => {
  const { watch, state, ring } = bench('waiting');
  watch.subscribe(() => {});
  await watch.refresh();
  for (let times = 0; times < 4; times++) await ring();
  expect(state.delays).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  await watch.refresh();
  expect(state.delays.at(-1)).toBe(1_000);
});
