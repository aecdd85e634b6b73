import { describe, expect, it } from 'vitest';
import { checkClocks } from '../../src/setup/checkClocks.ts';
import { timed } from '../../src/setup/ServerClock.ts';
import { FakeClock } from '../support/FakeClock.ts';

/** What is said of a server whose clock is ahead by so much, when the way there and back takes so long. */
async function saidOf(aheadMs: number, tripMs: number) {
  const clock = new FakeClock();
  const { serverClock } = await timed(clock, async () => {
    clock.advance(tripMs / 2);
    const dateMs = Math.floor((clock.now() + aheadMs) / 1000) * 1000;
    clock.advance(tripMs / 2);
    return { dateMs };
  });
  return checkClocks({ Stash: serverClock, Plex: undefined }).map(({ status, text }) => `${status}: ${text}`);
}

describe('clocks', () => {
  it.each([
    [0, 20],
    [59_000, 20],
    [-59_000, 20],
    // Half of a long way may be all of the difference.
    [68_000, 20_000],
  ])('that are %i ms apart, over a way of %i ms, agree', async (aheadMs, tripMs) => {
    expect(await saidOf(aheadMs, tripMs)).toEqual(["ok: agrees with this machine's"]);
  });

  it.each([
    [75_500, 20, "The clock of Stash is 1m 15s ahead of this machine's."],
    [-3_600_500, 20, "The clock of Stash is 1h 0m behind this machine's."],
  ])('that are %i ms apart, over a way of %i ms, do not', async (aheadMs, tripMs, text) => {
    expect(await saidOf(aheadMs, tripMs)).toEqual([`warning: ${text}`]);
  });

  it('are not compared where a server is away or tells no time', () => {
    expect(checkClocks({ Stash: undefined, Plex: 'untold' })).toEqual([
      { area: 'Clocks', name: 'Plex', status: 'info', text: 'does not tell its time' },
    ]);
  });
});
