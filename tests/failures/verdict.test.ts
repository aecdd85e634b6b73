import { describe, expect, it } from 'vitest';
import { SyncError } from '../../src/failures/SyncError.ts';
import { type VerdictSettings, verdict } from '../../src/failures/verdict.ts';
import { PlexError, type PlexErrorKind } from '../../src/plex/PlexError.ts';
import { StashError, type StashErrorKind } from '../../src/stash/StashError.ts';

const SETTINGS: VerdictSettings = { max_retries: 5, skip_not_found: false };

const plex = (kind: PlexErrorKind) => new PlexError(kind, `Plex: ${kind}.`, { retryAfterMs: 7_000 });
const stash = (kind: StashErrorKind) => new StashError(kind, `Stash: ${kind}.`);

describe('verdict', () => {
  it('is patient where a request gets no proper answer though everything else does (W9, WK-5)', () => {
    for (const error of [plex('unavailable'), stash('unavailable')]) {
      expect(verdict(error, SETTINGS)).toMatchObject({
        action: 'retry',
        backoff: { baseSecs: 30, capSecs: 600 },
        limit: 12,
      });
    }
  });

  it.each(['rejected', 'unauthorized', 'misconfigured'] as const)(
    'tries what is refused for one scene only, Plex %s, three times in minutes (ERR-1, WK-3, W11, ERR-9)',
    (kind) => {
      const refused = {
        action: 'retry',
        type: 'PlexPermanentError',
        backoff: { baseSecs: 30, capSecs: 600 },
      };
      expect(verdict(plex(kind), SETTINGS)).toEqual({ ...refused, limit: 3 });
      // Less patience is granted, more would only repeat the refusal.
      expect(verdict(plex(kind), { ...SETTINGS, max_retries: 1 })).toEqual({ ...refused, limit: 1 });
      expect(verdict(plex(kind), { ...SETTINGS, max_retries: 20 })).toEqual({ ...refused, limit: 3 });
    },
  );

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

  it('tries a scene that Stash cannot read, or an image that it refuses, under its name (W8)', () => {
    expect(verdict(stash('rejected'), SETTINGS)).toMatchObject({
      action: 'retry',
      type: 'StashError',
      backoff: { baseSecs: 5, capSecs: 80 },
      limit: 5,
    });
    for (const kind of ['unavailable', 'unauthorized'] as const)
      expect(verdict(stash(kind), SETTINGS)).toMatchObject({
        action: 'retry',
        type: 'StashError',
        limit: 12,
      });
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
      for (const kind of ['partial', 'picturesWait'] as const) {
        expect(verdict(new SyncError(kind, 'Not all.'), settings)).toEqual({
          action: 'retry',
          type: 'PlexPartialError',
          backoff: { baseSecs: 300, capSecs: 3_600 },
          limit: 4,
        });
      }
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
