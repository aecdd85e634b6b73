import { describe, expect, it } from 'vitest';
import { createEvidence } from '../../src/failures/Evidence.ts';

describe('Evidence', () => {
  it('knows nothing of a first failure, nor of another one while nothing else happens', () => {
    const evidence = createEvidence();
    expect(evidence.failed('edit', 1, 0)).toBe('first');
    expect(evidence.failed('edit', 1, 0)).toBe('again');
    expect(evidence.failures('edit', 1)).toBe(2);
  });

  it("takes a failure for the scene's own when the same has worked for another one since (A7)", () => {
    const evidence = createEvidence();
    evidence.failed('edit', 1, 0);
    expect(evidence.isProven('edit', 1)).toBe(false);
    evidence.worked(['edit'], 2);
    expect(evidence.isProven('edit', 1)).toBe(true);
    expect(evidence.failed('edit', 1, 0)).toBe('own');
    expect(evidence.isProven('edit', 1)).toBe(false);
  });

  it('does not take success before a failure, or of another operation, for evidence', () => {
    const evidence = createEvidence();
    evidence.worked(['edit', 'read'], 2);
    expect(evidence.failed('edit', 1, 0)).toBe('first');
    evidence.worked(['read'], 2);
    expect(evidence.failed('edit', 1, 0)).toBe('again');
  });

  it('calls widespread what meets three scenes in a row, and forgets the row at the first success (A7)', () => {
    const evidence = createEvidence();
    expect([1, 2, 3, 4].map((scene) => evidence.failed('edit', scene, 0))).toEqual([
      'first',
      'first',
      'widespread',
      'widespread',
    ]);
    expect(evidence.worked(['edit'], 5)).toBe(true);
    expect(evidence.worked(['edit'], 5)).toBe(false);
    expect(evidence.failed('edit', 6, 0)).toBe('first');
    expect(evidence.failed('edit', 1, 0)).toBe('own');
  });

  it('names each scene once that has paid although everybody fails (A7)', () => {
    const evidence = createEvidence();
    evidence.failed('edit', 1, 0);
    evidence.worked(['edit'], 9);
    evidence.failed('edit', 1, 0);
    evidence.charged('edit', 1);
    evidence.failed('edit', 2, 0);
    evidence.failed('edit', 3, 0);
    expect(evidence.unjustlyCharged('edit')).toEqual([1]);
    expect(evidence.unjustlyCharged('edit')).toEqual([]);
  });

  it('blocks what fails for everybody for a minute after each try, and tells of it once', () => {
    const evidence = createEvidence();
    for (const scene of [1, 2, 3]) evidence.failed('picture', scene, 1_000);
    expect(evidence.isBlocked('picture', 60_999)).toBe(true);
    expect(evidence.isBlocked('picture', 61_000)).toBe(false);
    expect([evidence.isNews('picture'), evidence.isNews('picture')]).toEqual([true, false]);
    evidence.worked(['picture'], 4);
    expect(evidence.isBlocked('picture', 1_000)).toBe(false);
    for (const scene of [1, 2, 3]) evidence.failed('picture', scene, 1_000);
    expect(evidence.isNews('picture')).toBe(true);
  });

  it('forgets the scenes that failed longest ago, never those that fail now', () => {
    const evidence = createEvidence();
    for (let scene = 1; scene <= 5_000; scene += 1) evidence.failed('edit', scene, 0);
    expect(evidence.failures('edit', 1)).toBe(0);
    expect(evidence.failures('edit', 5_000)).toBe(1);
    expect(evidence.failed('edit', 6_000, 0)).toBe('widespread');
  });
});
