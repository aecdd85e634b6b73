import { describe, expect, it } from 'vitest';
import type { PlexHttpOptions } from '../../src/plex/PlexHttp.ts';
import { checkPlexHealth } from '../../src/resilience/checkPlexHealth.ts';
import { checkPlexAccess } from '../../src/scene/checkPlexAccess.ts';
import { systemClock } from '../../src/time/clock.ts';
import { connectPlex } from '../support/connectPlex.ts';
import type { FaultAction } from '../support/plexDouble/startPlexDouble.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';

const double = useDouble();

const connect = (options: Partial<PlexHttpOptions> = {}) =>
  connectPlex(double(), { connectTimeoutMs: 60_000, readTimeoutMs: 60_000, ...options });

describe('checkPlexAccess', () => {
  it('names the libraries that the setting selects, after one question for them and one for an item', async () => {
    double().library.addSection({ title: 'Other clips', locations: ['/data/other'] });
    expect(await checkPlexAccess(connect(), '')).toEqual({
      token: 'accepted',
      libraries: ['Clips', 'Other clips'],
    });
    expect(await checkPlexAccess(connect(), 'other CLIPS')).toEqual({
      token: 'accepted',
      libraries: ['Other clips'],
    });
    expect(double().log.count('GET /library/sections')).toBe(2);
    expect(double().log.count()).toBe(4);
  });

  it('tells a refused token from a Plex that is away, though both probes are healthy (W41)', async () => {
    const plex = connect({ token: 'not-the-right-token' });
    expect(await checkPlexHealth(plex, systemClock)).toMatchObject({ healthy: true });
    expect(await checkPlexAccess(plex, '')).toEqual({
      token: 'refused',
      libraries: [],
      problem: expect.stringContaining('plex_token'),
    });
  });

  it('tells an unknown library from a refused token (W41)', async () => {
    expect(await checkPlexAccess(connect(), 'Films')).toEqual({
      token: 'accepted',
      libraries: [],
      problem: 'plex_library: Plex has no library "Films" (it has "Clips").',
    });
  });

  it("tells the owner's token from one that is shown no files (plex-http-api 9.13)", async () => {
    double().switches.hidePathsFromUser = true;
    const plex = connect({ token: double().userToken });
    expect(await checkPlexAccess(plex, '')).toMatchObject({ token: 'accepted' });
    double().library.addItem('4', { title: 'One', file: '/data/clips/one.mkv' });
    expect(await checkPlexAccess(plex, '')).toEqual({
      token: 'limited',
      libraries: ['Clips'],
      problem: expect.stringContaining("not the token of the server's owner"),
    });
    expect(await checkPlexAccess(connect(), '')).toMatchObject({ token: 'accepted' });
  });

  it.each<[string, FaultAction]>([
    ['500', { kind: 'status', status: 500 }],
    ['503 while Plex starts', { kind: 'maintenance' }],
    ["a proxy's login page", { kind: 'loginPage' }],
  ])('does not judge the token by %s (W41)', async (_, action) => {
    double().faults.add({ action });
    expect(await checkPlexAccess(connect(), '')).toEqual({
      token: 'unknown',
      libraries: [],
      problem: expect.stringMatching(/\S/),
    });
  });

  it('gives up after the time it was given, whatever the time-outs of the client (W40)', async () => {
    double().faults.add({ action: { kind: 'delay', ms: 60_000 } });
    expect(await checkPlexAccess(connect(), '', 0.03)).toMatchObject({
      token: 'unknown',
      problem: expect.stringContaining('TIMEOUT'),
    });
  });

  it('waits 5 s when no time is given', async () => {
    const given: (number | undefined)[] = [];
    const plex = connect();
    const client = {
      sections: (timeoutMs?: number) => {
        given.push(timeoutMs);
        return plex.sections(timeoutMs);
      },
      checkFiles: (sectionKey: string, timeoutMs?: number) => {
        given.push(timeoutMs);
        return plex.checkFiles(sectionKey, timeoutMs);
      },
    };
    await checkPlexAccess(client, '');
    expect(given).toEqual([5_000, 5_000]);
  });
});
