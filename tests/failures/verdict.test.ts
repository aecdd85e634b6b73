import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../src/config/settings.ts';
import { localTrouble, obstacleOf } from '../../src/failures/obstacles.ts';
import { SyncError } from '../../src/failures/SyncError.ts';
import { type VerdictSettings, verdict } from '../../src/failures/verdict.ts';
import { PlexError, type PlexErrorKind } from '../../src/plex/PlexError.ts';
import { StashError, type StashErrorKind } from '../../src/stash/StashError.ts';
import { StorageError } from '../../src/storage/StorageError.ts';

const SETTINGS: VerdictSettings = { max_retries: 5, skip_not_found: false };

const plex = (kind: PlexErrorKind) => new PlexError(kind, `Plex: ${kind}.`, { retryAfterMs: 7_000 });
const stash = (kind: StashErrorKind) => new StashError(kind, `Stash: ${kind}.`);
const coded = (code: string) => Object.assign(new Error(`it says ${code}`), { code });

describe('verdict', () => {
  it('leaves the job alone and tells how long to wait when Plex is away (W9, WK-5)', () => {
    expect(verdict(plex('unavailable'), SETTINGS)).toEqual({
      action: 'giveBack',
      obstacle: { kind: 'plexDown', message: 'Plex: unavailable.', retryAfterMs: 7_000 },
    });
  });

  it.each(['unauthorized', 'misconfigured'] as const)(
    'leaves the job alone when the user has to act: Plex %s (W11, ERR-9)',
    (kind) => {
      expect(verdict(plex(kind), SETTINGS)).toEqual({
        action: 'giveBack',
        obstacle: { kind: 'setup', message: `Plex: ${kind}.` },
      });
    },
  );

  it('gives up what Plex rejects for good (ERR-1, WK-3)', () => {
    expect(verdict(plex('rejected'), SETTINGS)).toEqual({ action: 'bury', type: 'PlexPermanentError' });
  });

  it.each(['notFound', 'serverError'] as const)(
    'tries again after Plex %s, as often as max_retries says (W14, WK-4)',
    (kind) => {
      for (const max_retries of [1, 5, 20]) {
        expect(verdict(plex(kind), { ...SETTINGS, max_retries })).toEqual({
          action: 'retry',
          type: 'PlexTemporaryError',
          backoff: { baseSecs: 5, capSecs: 80 },
          limit: max_retries,
        });
      }
    },
  );

  it('never gives up a job because Stash is away or does not let us in (W8)', () => {
    expect(verdict(stash('unavailable'), SETTINGS)).toEqual({
      action: 'giveBack',
      obstacle: { kind: 'stashDown', message: 'Stash: unavailable.' },
    });
    expect(verdict(stash('unauthorized'), SETTINGS)).toMatchObject({
      action: 'giveBack',
      obstacle: { kind: 'setup' },
    });
    expect(verdict(stash('rejected'), SETTINGS)).toMatchObject({ action: 'retry', limit: 5 });
  });

  it('gives a scene that is not in Plex twelve attempts, whatever max_retries says (WK-6)', () => {
    expect(verdict(new SyncError('notInPlex', 'Not there.'), { ...SETTINGS, max_retries: 1 })).toEqual({
      action: 'retry',
      type: 'PlexNotFound',
      backoff: { baseSecs: 30, capSecs: 600 },
      limit: 12,
    });
  });

  it('drops it with skip_not_found, but an ambiguous one is shown to the user (WK-6, W-11)', () => {
    const settings = { ...SETTINGS, skip_not_found: true };
    expect(verdict(new SyncError('notInPlex', 'Not there.'), settings)).toEqual({
      action: 'drop',
      type: 'PlexNotFound',
    });
    expect(verdict(new SyncError('ambiguous', 'Twice.'), settings)).toEqual({
      action: 'bury',
      type: 'AmbiguousMatch',
    });
    expect(verdict(plex('notFound'), settings)).toMatchObject({ action: 'retry' });
  });

  it('tries what is outstanding a few times more, minutes apart, and then shows it (18.11, W-37)', () => {
    for (const settings of [SETTINGS, { max_retries: 20, skip_not_found: true }]) {
      expect(verdict(new SyncError('partial', 'Not all.'), settings)).toEqual({
        action: 'retry',
        type: 'PlexPartialError',
        backoff: { baseSecs: 300, capSecs: 3_600 },
        limit: 4,
      });
    }
  });

  it.each([
    [new TypeError('x is undefined'), 'TypeError'],
    [new Error(''), 'Error'],
    ['a text', 'UnknownError'],
    [undefined, 'UnknownError'],
    [null, 'UnknownError'],
  ])('tries an error of unknown class again, under its own name (WK-8, ERR-6): %s', (error, type) => {
    expect(verdict(error, SETTINGS)).toMatchObject({ action: 'retry', type, limit: 5 });
  });
});

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
