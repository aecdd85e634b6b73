import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlexHttp } from '../../src/plex/PlexHttp.ts';
import { createPlexInspector } from '../../src/plex/PlexInspector.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';

const double = useDouble();
const TIMEOUT_MS = 5_000;

function inspect() {
  const http = openPlexHttp({
    baseUrl: double().url,
    token: double().token,
    clientIdentifier: 'c0ffee-1',
    version: '2.0.0',
    connectTimeoutMs: TIMEOUT_MS,
    readTimeoutMs: TIMEOUT_MS,
    clock: new FakeClock(),
  });
  onTestFinished(() => http.close());
  return createPlexInspector(http);
}

describe('an inspector of Plex', () => {
  it('asks for identity, version and name', async () => {
    const inspector = inspect();
    expect(await inspector.server(TIMEOUT_MS)).toMatchObject({
      serverId: double().library.machineIdentifier,
      version: expect.stringMatching(/^1\.43/),
    });
    expect(await inspector.name(TIMEOUT_MS)).toBe('Plex double');
  });

  it("asks for the server's time, which a proxy may have taken away", async () => {
    const inspector = inspect();
    double().switches.clockSkewMs = 3_600_000;
    const aheadMs = ((await inspector.server(TIMEOUT_MS)).dateMs ?? 0) - Date.now();
    expect(Math.abs(aheadMs - 3_600_000)).toBeLessThan(60_000);
    double().switches.clockSkewMs = null;
    expect((await inspector.server(TIMEOUT_MS)).dateMs).toBeUndefined();
  });

  it('counts a library without asking for a row of it', async () => {
    const inspector = inspect();
    for (const name of ['a', 'b', 'c'])
      double().library.addItem('4', { title: name, file: `/data/clips/${name}.mkv` });
    expect(await inspector.count('4', TIMEOUT_MS)).toBe(3);
    expect(double().log.entries.at(-1)?.headers['x-plex-container-size']).toBe('0');
    double().switches.totals = false;
    expect(await inspector.count('4', TIMEOUT_MS)).toBeUndefined();
    expect(double().violations).toEqual([]);
  });

  it('refuses an answer of another form, and a key that is none', async () => {
    const inspector = inspect();
    await expect(inspector.count('4/all?x=', TIMEOUT_MS)).rejects.toMatchObject({ kind: 'rejected' });
    double().faults.add({ action: { kind: 'status', status: 500 } });
    await expect(inspector.server(TIMEOUT_MS)).rejects.toMatchObject({ kind: 'serverError' });
  });
});
