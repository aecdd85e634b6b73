import { describe, expect, it, onTestFinished } from 'vitest';
import { createPlexClient, type PlexClient } from '../../src/plex/PlexClient.ts';
import type { PlexErrorKind } from '../../src/plex/PlexError.ts';
import { openPlexHttp } from '../../src/plex/PlexHttp.ts';
import { allRows } from '../support/allRows.ts';
import { FakeClock } from '../support/FakeClock.ts';
import type { FaultAction } from '../support/plexDouble/startPlexDouble.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';

const double = useDouble();
const SECTION = '4';

async function walk(plex: PlexClient): Promise<unknown[]> {
  const rows = [];
  for await (const row of allRows(plex, SECTION)) rows.push(row);
  return rows;
}

/** Every request that the plugin knows (plex-http-api.md section 3). */
const ENDPOINTS: Record<string, (plex: PlexClient, key: string) => Promise<unknown>> = {
  identity: (plex) => plex.identity(),
  sections: (plex) => plex.sections(),
  listing: (plex) => walk(plex),
  'file filter': (plex) => plex.rowsByFile(SECTION, 'one.mkv'),
  items: (plex, key) => plex.items([key]),
  edit: (plex, key) => plex.edit(SECTION, key, [['title.value', 'New']]),
  unrate: (plex, key) => plex.unrate(key),
  upload: (plex, key) => plex.uploadImage(key, 'poster', tinyJpeg(), 'image/jpeg'),
  images: (plex, key) => plex.images(key, 'art'),
  select: (plex, key) =>
    plex.selectImage(key, 'poster', `media://${key}.bundle/Contents/Thumbnails/thumb1.jpg`),
  deselect: (plex, key) => plex.deselectImage(key, 'poster'),
  scan: (plex) => plex.scan(SECTION, '/data/clips'),
};

interface Expected {
  kind: PlexErrorKind;
  /** Requests that Plex sees: only trouble with the connection is worth a repetition. */
  requests: 1 | 3;
  /** Nothing is known of what Plex did with the request. */
  isUnanswered?: true;
  retryAfterMs?: number;
}

const answered = (kind: PlexErrorKind): Expected => ({ kind, requests: 1 });
const BROKEN: Expected = { kind: 'unavailable', requests: 3, isUnanswered: true };
const SILENT: Expected = { kind: 'unavailable', requests: 1, isUnanswered: true };

/** What each fault of the double (plex-http-api.md 6.1, row 23) is for the client, at any endpoint (2.8, section 8). */
const FAULTS: readonly (readonly [name: string, FaultAction, Expected])[] = [
  ['status 400', { kind: 'status', status: 400 }, answered('rejected')],
  ['status 401', { kind: 'status', status: 401 }, answered('unauthorized')],
  ['status 403', { kind: 'status', status: 403 }, answered('unauthorized')],
  ['status 404', { kind: 'status', status: 404 }, answered('notFound')],
  ['status 405', { kind: 'status', status: 405 }, answered('rejected')],
  ['status 408', { kind: 'status', status: 408 }, answered('unavailable')],
  ['status 413', { kind: 'status', status: 413 }, answered('rejected')],
  ['status 414', { kind: 'status', status: 414 }, answered('rejected')],
  ['status 500', { kind: 'status', status: 500 }, answered('serverError')],
  ['status 500 after the effect', { kind: 'status', status: 500, applied: true }, answered('serverError')],
  ['status 502', { kind: 'status', status: 502 }, answered('unavailable')],
  ['status 504', { kind: 'status', status: 504 }, answered('unavailable')],
  ['maintenance', { kind: 'maintenance' }, answered('unavailable')],
  [
    'status 429 with Retry-After',
    { kind: 'retryAfter', status: 429, retryAfter: 17 },
    { ...answered('unavailable'), retryAfterMs: 17_000 },
  ],
  [
    'status 503 with Retry-After',
    { kind: 'retryAfter', status: 503, retryAfter: 17 },
    { ...answered('unavailable'), retryAfterMs: 17_000 },
  ],
  ['a login page', { kind: 'loginPage' }, answered('unavailable')],
  ['a reset', { kind: 'resetBefore' }, BROKEN],
  ['a reset after the effect', { kind: 'resetAfter' }, BROKEN],
  ['an empty reply', { kind: 'emptyReply' }, BROKEN],
  ['half an answer', { kind: 'truncatedBody' }, BROKEN],
  ['an answer after the time-out', { kind: 'delay', ms: 60_000 }, SILENT],
  ['an effect with an answer after the time-out', { kind: 'delay', ms: 60_000, applied: true }, SILENT],
];

const TABLE = FAULTS.flatMap(([fault, action, expected]) =>
  Object.entries(ENDPOINTS)
    // An upload has two minutes, which no test waits for.
    .filter(([endpoint]) => !(action.kind === 'delay' && endpoint === 'upload'))
    .map(([endpoint, request]) => ({ fault, endpoint, kind: expected.kind, action, expected, request })),
);

describe('what a fault of Plex is for the client (18.1, 18.2, W-14, W-17)', () => {
  it.each(TABLE)('$fault at $endpoint: $kind', async ({ endpoint, action, expected, request }) => {
    const http = openPlexHttp({
      baseUrl: double().url,
      token: double().token,
      clientIdentifier: 'c0ffee-1',
      version: '2.0.0',
      connectTimeoutMs: 60,
      readTimeoutMs: 60,
      clock: new FakeClock(),
    });
    const plex = createPlexClient(http);
    onTestFinished(() => plex.close());
    const { ratingKey } = double().library.addItem(SECTION, { title: 'One', file: '/data/clips/one.mkv' });
    double().faults.add({ action });

    const { requests, ...error } = expected;
    if (endpoint === 'items' && error.kind === 'notFound') {
      // Not a single one of them exists: an answer like any other.
      expect(await request(plex, ratingKey)).toEqual([]);
    } else {
      await expect(request(plex, ratingKey)).rejects.toMatchObject({
        name: 'PlexError',
        isUnanswered: false,
        message: expect.not.stringContaining(double().token),
        ...error,
      });
    }
    expect(double().log.count()).toBe(requests);

    double().faults.clear();
    double().advance(120_000);
    await request(plex, ratingKey);
    expect(double().violations).toEqual([]);
  });
});
