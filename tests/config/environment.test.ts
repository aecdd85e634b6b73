import { describe, expect, it } from 'vitest';
import {
  drainerLogMaxBytes,
  isAutodrainOn,
  maxConcurrentProcesses,
  reconcileEnvironment,
} from '../../src/config/environment.ts';

describe('isAutodrainOn', () => {
  it.each([
    [undefined, true],
    ['', true],
    ['1', true],
    ['true', true],
    ['sometimes', true],
    ['0', false],
    [' False ', false],
    ['NO', false],
    ['off', false],
  ])('reads %j as %s', (value, expected) => {
    expect(isAutodrainOn({ STASH2PLEX_HOOK_AUTODRAIN: value })).toBe(expected);
  });
});

describe('drainerLogMaxBytes', () => {
  it.each([
    [undefined, 1_048_576],
    [' ', 1_048_576],
    ['1 MB', 1_048_576],
    ['Infinity', 1_048_576],
    ['2048', 2048],
    ['0', 0],
    ['-1', -1],
  ])('reads %j as %d bytes (W48)', (value, expected) => {
    expect(drainerLogMaxBytes({ STASH2PLEX_HOOK_AUTODRAIN_LOG_MAX_BYTES: value })).toBe(expected);
  });
});

describe('maxConcurrentProcesses', () => {
  it.each([
    [undefined, 5],
    [' ', 5],
    ['many', 5],
    ['2.5', 5],
    ['Infinity', 5],
    ['2', 2],
    [' 12 ', 12],
    ['0', 1],
    ['-3', 1],
  ])('reads %j as %d (PG-3)', (value, expected) => {
    expect(maxConcurrentProcesses({ STASH2PLEX_MAX_CONCURRENT_PROCESSES: value })).toBe(expected);
  });
});

describe('reconcileEnvironment', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['250', 250],
    [' 12.7 ', 12],
    ['-3', 0],
  ])('reads a cap of %j as %d scenes', (value, maxScenes) => {
    expect(reconcileEnvironment({ STASH2PLEX_RECONCILE_MAX_SCENES: value })).toEqual({
      usesPlexUnmatched: true,
      maxScenes,
    });
  });

  it('warns about a cap that is no number and goes on without one', () => {
    expect(reconcileEnvironment({ STASH2PLEX_RECONCILE_MAX_SCENES: 'many' })).toMatchObject({
      maxScenes: 0,
      warning: 'STASH2PLEX_RECONCILE_MAX_SCENES must be a number, not "many"; every scene is checked.',
    });
  });

  it.each([
    [undefined, true],
    ['1', true],
    ['yes', true],
    ['0', false],
    ['False', false],
    ['no', false],
  ])('reads STASH2PLEX_RECONCILE_USE_PLEX_UNMATCHED=%j as %s', (value, expected) => {
    const env = { STASH2PLEX_RECONCILE_USE_PLEX_UNMATCHED: value };
    expect(reconcileEnvironment(env).usesPlexUnmatched).toBe(expected);
  });
});
