import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../src/config/settings.ts';
import type { Operation } from '../../src/failures/Operation.ts';
import {
  certainObstacle,
  localTrouble,
  obstacleOf,
  widespreadObstacle,
} from '../../src/failures/obstacles.ts';
import { SyncError } from '../../src/failures/SyncError.ts';
import { PlexError, type PlexErrorKind } from '../../src/plex/PlexError.ts';
import { StashError, type StashErrorKind } from '../../src/stash/StashError.ts';
import { StorageError } from '../../src/storage/StorageError.ts';

const plex = (kind: PlexErrorKind, status?: number) =>
  new PlexError(kind, `Plex: ${kind}.`, { retryAfterMs: 7_000, status });
const stash = (kind: StashErrorKind) => new StashError(kind, `Stash: ${kind}.`);
const coded = (code: string) => Object.assign(new Error(`it says ${code}`), { code });

describe('obstacleOf', () => {
  it.each<[string, unknown, string]>([
    ['Plex is away', plex('unavailable'), 'plexDown'],
    ['Plex fails at a listing', plex('serverError'), 'plexDown'],
    ['the token is wrong', plex('unauthorized'), 'setup'],
    ['a library is unknown', plex('misconfigured'), 'setup'],
    ['Stash is away', stash('unavailable'), 'stashDown'],
    ['Stash does not let us in', stash('unauthorized'), 'setup'],
    ['Stash is too old', stash('rejected'), 'setup'],
    ['a setting is missing', new SettingsError('plex_url: enter it.'), 'setup'],
    ['the disk is full', coded('SQLITE_FULL'), 'localTrouble'],
    ['a file cannot be locked', new StorageError('busy', 'Locked.'), 'localTrouble'],
    ['something unknown happened', new RangeError('?'), 'localTrouble'],
    ['nothing sensible was thrown', undefined, 'localTrouble'],
  ])('when %s (W10, W12)', (_, error, kind) => {
    expect(obstacleOf(error)).toMatchObject({ kind, message: expect.stringMatching(/./) });
  });

  it('keeps how long Plex asks to wait (W9)', () => {
    expect(obstacleOf(plex('unavailable'))).toMatchObject({ retryAfterMs: 7_000 });
  });
});

describe('localTrouble', () => {
  it.each(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE', 'SQLITE_CORRUPT', 'SQLITE_READONLY'])(
    'is what SQLite throws: %s (W7)',
    (code) => {
      expect(localTrouble(coded(code))).toMatchObject({
        kind: 'localTrouble',
        message: expect.stringContaining(code),
      });
    },
  );

  it.each([
    plex('unavailable'),
    stash('unavailable'),
    coded('ECONNREFUSED'),
    new Error('SQLITE_FULL'),
    'SQLITE_FULL',
    null,
  ])('is nothing else: %s (W12)', (error) => {
    expect(localTrouble(error)).toBeUndefined();
  });
});

describe('what is certain at the first failure already', () => {
  it.each<[string, unknown, string]>([
    ['nobody is at the address', plex('unavailable'), 'plexDown'],
    ['the address is none', plex('misconfigured'), 'setup'],
    ['the token hides where files are', plex('unauthorized'), 'setup'],
    ['Stash is away', stash('unavailable'), 'stashDown'],
    ['Stash does not let us in', stash('unauthorized'), 'setup'],
    ['a setting is missing', new SettingsError('plex_url: enter it.'), 'setup'],
    ['the disk is full', coded('SQLITE_FULL'), 'localTrouble'],
  ])('is an obstacle for everybody: %s (W7, W8, W10, W11)', (_, error, kind) => {
    expect(certainObstacle(error)).toMatchObject({ kind });
  });

  it.each<[string, unknown]>([
    ...[401, 403, 407, 498].map((status): [string, unknown] => [
      `status ${status}`,
      plex('unauthorized', status),
    ]),
    ...[408, 429, 502, 503, 504].map((status): [string, unknown] => [
      `status ${status}`,
      plex('unavailable', status),
    ]),
    ['status 302', plex('misconfigured', 302)],
    ['status 400', plex('rejected', 400)],
    ['status 404', plex('notFound', 404)],
    ['status 500', plex('serverError', 500)],
    ['no answer to a request', new PlexError('unavailable', 'No answer.', { isUnanswered: true })],
    ['a scene that Stash cannot read', stash('rejected')],
    ['a scene that is not in Plex', new SyncError('notInPlex', 'Not there.')],
    ['anything unexpected', new TypeError('x is undefined')],
  ])('is not what an answer says, which may be about one scene: %s (A7)', (_, error) => {
    expect(certainObstacle(error)).toBeUndefined();
  });
});

describe('what fails for one scene after the other', () => {
  it.each<[Operation, PlexError, string, string]>([
    [
      'edit',
      plex('serverError', 500),
      'plexDown',
      'Plex answers with status 500 to every edit, whatever the scene.',
    ],
    [
      'edit',
      plex('rejected', 405),
      'plexDown',
      'Plex answers with status 405 to every edit, whatever the scene: a proxy between Stash and Plex may forbid the method PUT.',
    ],
    [
      'edit',
      plex('rejected', 400),
      'plexDown',
      'Plex answers with status 400 to every edit, whatever the scene: a proxy between Stash and Plex may forbid it.',
    ],
    [
      'edit',
      plex('unauthorized', 401),
      'setup',
      "Plex answers with status 401 to every edit, whatever the scene: plex_token must be a token of the server's owner.",
    ],
    [
      'read',
      plex('unavailable', 503),
      'plexDown',
      'Plex answers with status 503 to reading an item, whatever the scene.',
    ],
    [
      'filter',
      plex('notFound', 404),
      'plexDown',
      'Plex answers with status 404 to looking for a file, whatever the scene.',
    ],
    [
      'listing',
      plex('unavailable'),
      'plexDown',
      'Plex gives no answer to listing the library, whatever the scene.',
    ],
    [
      'picture',
      plex('serverError', 500),
      'plexDown',
      'Plex answers with status 500 to every picture, whatever the scene.',
    ],
  ])('is told by what and how: %s (A7)', (operation, error, kind, message) => {
    expect(widespreadObstacle(operation, error)).toMatchObject({ kind, message });
  });

  it('is an outage of Stash, whatever it says of each scene (W8)', () => {
    for (const kind of ['rejected', 'unavailable', 'unauthorized'] as const) {
      expect(widespreadObstacle('scene', stash(kind))).toEqual({
        kind: 'stashDown',
        message: expect.stringContaining("Stash's own log"),
      });
    }
  });

  it('keeps how long Plex asks to wait, unless it is for the user to settle', () => {
    expect(widespreadObstacle('edit', plex('unavailable', 503))).toMatchObject({ retryAfterMs: 7_000 });
    expect(widespreadObstacle('edit', plex('unauthorized', 401))).not.toHaveProperty('retryAfterMs');
  });

  it('is trouble of our own when no server threw it', () => {
    expect(widespreadObstacle('internal', new TypeError('x is undefined'))).toEqual({
      kind: 'localTrouble',
      message: 'x is undefined',
    });
  });
});
