import { onTestFinished } from 'vitest';
import { createPlexClient, type PlexClient } from '../../src/plex/PlexClient.ts';
import { openPlexHttp, type PlexHttpOptions } from '../../src/plex/PlexHttp.ts';
import { FakeClock } from './FakeClock.ts';
import type { PlexDouble } from './plexDouble/startPlexDouble.ts';

/** The plugin's client of a double, closed after the test. */
export function connectPlex(double: PlexDouble, options: Partial<PlexHttpOptions> = {}): PlexClient {
  const http = openPlexHttp({
    baseUrl: double.url,
    token: double.token,
    clientIdentifier: 'c0ffee-1',
    version: '2.0.0',
    connectTimeoutMs: 5_000,
    readTimeoutMs: 5_000,
    clock: new FakeClock(),
    ...options,
  });
  const client = createPlexClient(http);
  onTestFinished(() => client.close());
  return client;
}
