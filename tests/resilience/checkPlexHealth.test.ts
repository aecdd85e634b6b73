import { describe, expect, it } from 'vitest';
import type { PlexHttpOptions } from '../../src/plex/PlexHttp.ts';
import { checkPlexHealth, type PlexIdentity } from '../../src/resilience/checkPlexHealth.ts';
import { systemClock } from '../../src/time/clock.ts';
import { connectPlex } from '../support/connectPlex.ts';
import { FakeClock } from '../support/FakeClock.ts';
import type { FaultAction } from '../support/plexDouble/startPlexDouble.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';

const double = useDouble();

const connect = (options: Partial<PlexHttpOptions> = {}) => connectPlex(double(), options);

/** The client, with the time-outs it was given, on a clock by which each answer takes `tookMs`. */
function observed(clock: FakeClock, tookMs = 0) {
  const plex = connect();
  const timeouts: (number | undefined)[] = [];
  const client: PlexIdentity = {
    identity: async (timeoutMs) => {
      timeouts.push(timeoutMs);
      const answer = await plex.identity(timeoutMs);
      clock.advance(tookMs);
      return answer;
    },
  };
  return { client, timeouts };
}

describe('checkPlexHealth', () => {
  it('is healthy when Plex answers one question for its identity, within 5 s or what is given (18.4, HC-1, W-16)', async () => {
    const clock = new FakeClock();
    const { client, timeouts } = observed(clock);
    const health = await checkPlexHealth(client, clock);
    expect(health).toEqual({ healthy: true, latencyMs: expect.any(Number) });
    expect(health.latencyMs).toBeGreaterThan(0);
    await checkPlexHealth(client, clock, 10);
    expect(timeouts).toEqual([5_000, 10_000]);
    expect(double().log.entries.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /identity',
      'GET /identity',
    ]);
  });

  it('measures how long the answer took, also when the wall clock is set meanwhile (18.4, HC-2)', async () => {
    const clock = new FakeClock();
    const { client } = observed(clock, 100);
    expect(await checkPlexHealth(client, clock)).toEqual({ healthy: true, latencyMs: 100 });
    const jumping: PlexIdentity = {
      identity: (timeoutMs) => {
        clock.jump(-3_600_000);
        return client.identity(timeoutMs);
      },
    };
    expect(await checkPlexHealth(jumping, clock)).toEqual({ healthy: true, latencyMs: 100 });
  });

  it('measures real time with the real clock', async () => {
    const { healthy, latencyMs } = await checkPlexHealth(connect(), systemClock);
    expect(healthy).toBe(true);
    expect(latencyMs).toBeGreaterThan(0);
  });

  it.each<[string, FaultAction]>([
    ['a reset connection', { kind: 'resetBefore' }],
    ['an empty reply', { kind: 'emptyReply' }],
    ['503 while Plex starts', { kind: 'maintenance' }],
    ['500', { kind: 'status', status: 500 }],
    ['401', { kind: 'status', status: 401 }],
    ['half an answer', { kind: 'truncatedBody' }],
    ["a proxy's login page", { kind: 'loginPage' }],
  ])('is not healthy on %s, with a latency of exactly 0 (18.4, HC-3)', async (_, action) => {
    double().faults.add({ action });
    const clock = new FakeClock();
    expect(await checkPlexHealth(connect(), clock)).toEqual({
      healthy: false,
      latencyMs: 0,
      error: expect.stringMatching(/\S/),
    });
  });

  it('is not healthy when nobody answers at that address, and says so (18.4, HC-3)', async () => {
    await double().stop();
    expect(await checkPlexHealth(connect(), systemClock)).toEqual({
      healthy: false,
      latencyMs: 0,
      error: `Plex does not answer at ${double().url} (ECONNREFUSED).`,
    });
  });

  it.each([
    ['an error of our own', new TypeError('oops'), 'oops'],
    ['something that is no error', 'bad', 'bad'],
  ])('is not healthy on %s (18.4, HC-3)', async (_, thrown, error) => {
    const client: PlexIdentity = { identity: () => Promise.reject(thrown) };
    expect(await checkPlexHealth(client, new FakeClock())).toEqual({ healthy: false, latencyMs: 0, error });
  });

  it('gives up after the time it was given, whatever the time-outs of the client (18.4, HC-3, W40, W-16)', async () => {
    double().faults.add({ action: { kind: 'delay', ms: 60_000 } });
    const plex = connect({ connectTimeoutMs: 60_000, readTimeoutMs: 60_000 });
    const health = await checkPlexHealth(plex, systemClock, 0.03);
    expect(health).toMatchObject({ healthy: false, latencyMs: 0, error: expect.stringContaining('TIMEOUT') });
  });

  it('repeats no broken connection beyond its time (W40)', async () => {
    const clock = new FakeClock();
    // The pause before a repetition outlasts the probe.
    clock.onSleep = () => new Promise((resolve) => setTimeout(resolve, 60));
    const broken = double().faults.add({ action: { kind: 'resetBefore' } });
    const health = await checkPlexHealth(connect({ clock }), clock, 0.03);
    expect(health).toMatchObject({ healthy: false, error: expect.stringContaining('TIMEOUT') });
    expect(broken.hits).toBe(1);
  });

  it('says nothing about the token: a refused one still finds Plex reachable (W41)', async () => {
    const plex = connect({ token: 'not-the-right-token' });
    expect(await checkPlexHealth(plex, systemClock)).toMatchObject({ healthy: true });
    await expect(plex.sections()).rejects.toMatchObject({ kind: 'unauthorized' });
  });
});
