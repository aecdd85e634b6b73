import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SceneCondition, statusOf } from '../../src/tasks/sceneStatus.ts';
import { titleFor } from '../../src/tasks/titleFor.ts';

const NOW = 1_000_000;
const BARE: SceneCondition = { syncs: [], shared: [], gate: undefined, isDrainerAlive: true, nowMs: NOW };
const JOB = { state: 'pending', dueAtMs: NOW + 5, errorType: null, message: null } as const;
const DEAD = { errorType: 'PlexNotFound', message: 'Plex has no item.' };
const SYNC = {
  serverId: 's',
  ratingKey: '1',
  syncedAtMs: 1,
  sceneUpdatedAt: '2026-01-01',
  isRestored: false,
};
const SHARED = { serverId: 's', ratingKey: '2', ownerId: 9 };

describe('the status of a scene', () => {
  it('is the first that is true, in this order', () => {
    const all: SceneCondition = {
      ...BARE,
      job: { ...JOB, state: 'running' },
      deadLetter: DEAD,
      shared: [SHARED],
      gate: 'tag',
    };
    expect(statusOf(all)).toEqual({ status: 'running' });
    const { job: _, ...idle } = all;
    expect(statusOf({ ...idle, job: JOB })).toEqual({ status: 'waiting', dueAtMs: NOW + 5 });
    expect(statusOf(idle)).toMatchObject({ status: 'not_in_plex', errorType: 'PlexNotFound' });
    const { deadLetter: __, ...alive } = idle;
    expect(statusOf(alive)).toEqual({ status: 'shared', ownerId: 9 });
    expect(statusOf({ ...alive, shared: [] })).toEqual({ status: 'held_back', gate: 'tag' });
    expect(statusOf({ ...BARE, syncs: [SYNC, { ...SYNC, isRestored: true }] })).toEqual({
      status: 'restored',
    });
    expect(statusOf({ ...BARE, syncs: [SYNC] })).toEqual({ status: 'equal' });
    expect(statusOf(BARE)).toEqual({ status: 'never_synced' });
  });

  it('waits, due now, where a dead process was working on it', () => {
    const job = { ...JOB, state: 'running' as const, dueAtMs: 7 };
    expect(statusOf({ ...BARE, job, isDrainerAlive: false })).toEqual({ status: 'waiting', dueAtMs: NOW });
  });

  it('has the reason and what helps, for who was given up or waits for another try', () => {
    const message = 'Plex answered with status 500.';
    const failed = { errorType: 'PlexTemporaryError', message };
    const told = { ...failed, remedy: expect.stringContaining("Plex's own log") };
    expect(statusOf({ ...BARE, deadLetter: failed })).toEqual({ status: 'failed', ...told });
    expect(statusOf({ ...BARE, job: { ...JOB, ...failed } })).toMatchObject({ status: 'waiting', ...told });
  });

  it('is equal for a scene that has an item of its own beside a shared one, and not while a part is missing', () => {
    expect(statusOf({ ...BARE, syncs: [SYNC], shared: [SHARED] }).status).toBe('equal');
    expect(statusOf({ ...BARE, syncs: [{ ...SYNC, sceneUpdatedAt: null }] }).status).toBe('never_synced');
    expect(statusOf({ ...BARE, shared: [{ ...SHARED, ownerId: null }] })).toEqual({ status: 'shared' });
  });

  it('is not equal for a scene whose item was restored since', () => {
    const restored = { ...BARE, syncs: [SYNC, { ...SYNC, isRestored: true }] };
    expect(statusOf(restored)).toEqual({ status: 'restored' });
    expect(statusOf({ ...restored, gate: 'tag' }).status).toBe('held_back');
    expect(statusOf({ ...restored, job: JOB }).status).toBe('waiting');
  });

  it('hides no failure and no waiting behind anything that is older', () => {
    const condition = fc.record({
      syncs: fc.constantFrom<SceneCondition['syncs'][]>([], [SYNC]),
      shared: fc.constantFrom<SceneCondition['shared'][]>([], [SHARED]),
      gate: fc.constantFrom(undefined, 'tag'),
      isDrainerAlive: fc.boolean(),
      nowMs: fc.constant(NOW),
    });
    fc.assert(
      fc.property(condition, fc.boolean(), (rest, isWaiting) => {
        const { status } = statusOf({ ...rest, ...(isWaiting ? { job: JOB } : {}), deadLetter: DEAD });
        expect(status).toBe(isWaiting ? 'waiting' : 'not_in_plex');
      }),
    );
  });
});

describe('the heading of a class of errors', () => {
  it('is some words, also for a class that nobody knows', () => {
    expect(titleFor('PlexNotFound')).toBe('Not in Plex');
    for (const type of ['TypeError', '__proto__', 'constructor']) expect(titleFor(type)).toContain(type);
  });
});
