import { describe, expect, it } from 'vitest';
import { drainerLogMaxBytes, isAutodrainOn, maxConcurrentProcesses } from '../../src/config/environment.ts';

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
