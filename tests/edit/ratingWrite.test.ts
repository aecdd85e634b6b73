import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RatingRule, ratingWrite } from '../../src/edit/ratingWrite.ts';

const rule = (told: Partial<RatingRule>) =>
  ratingWrite({ current: undefined, wanted: undefined, ours: [], preservesPlexEdits: false, ...told });

describe('ratingWrite', () => {
  it.each<[string, Partial<RatingRule>, ReturnType<typeof ratingWrite>]>([
    ['sets a rating where there is none', { wanted: 7.5 }, 7.5],
    ['replaces another one', { current: 3, wanted: 7.5 }, 7.5],
    ['sets nothing that is there', { current: 7.5, wanted: 7.5 }, undefined],
    ['sees through the noise of single precision', { current: 7.699999809265137, wanted: 7.7 }, undefined],
    ['accepts what a server rounded of its own', { current: 8, wanted: 7.7, ours: [7.7] }, undefined],
    ['writes again what did not take effect', { current: 7.5, wanted: 7.7, ours: [7.7, 7.5] }, 7.7],
    ["corrects a user's half star all the same", { current: 8, wanted: 7.7 }, 7.7],
    ['takes a rating of 0 for none', { wanted: 0 }, undefined],
    ['sets 0 over another rating', { current: 5, wanted: 0 }, 0],
    ['takes its own away', { current: 7.5, wanted: null, ours: [7.5] }, 'clear'],
    ['takes its own away, as a server has rounded it', { current: 8, wanted: null, ours: [7.7] }, 'clear'],
    ['never takes away what a user made of its own', { current: 3, wanted: null, ours: [7.5] }, undefined],
    ["never takes a user's away", { current: 7.5, wanted: null }, undefined],
    ['takes away nothing where nothing is', { wanted: null, ours: [7.5] }, undefined],
    ['leaves ratings alone when they are not synced', { current: 5, ours: [5] }, undefined],
    ['fills an empty one when it is to preserve', { wanted: 5, preservesPlexEdits: true }, 5],
  ])('%s (W-35)', (_, told, expected) => {
    expect(rule(told)).toBe(expected);
  });

  it.each([{ wanted: 5 }, { wanted: null, ours: [7.5] }, { wanted: 0, ours: [7.5] }])(
    'changes no rating that is there when it is to preserve: %j (W-29)',
    (told) => {
      expect(rule({ current: 7.5, preservesPlexEdits: true, ...told })).toBeUndefined();
    },
  );

  it('does nothing a second time, on servers of any precision (W-27)', () => {
    const tenth = fc.integer({ min: 0, max: 100 }).map((rating) => rating / 10);
    const precision = fc.constantFrom(
      Math.fround,
      Math.round,
      (rating: number) => Math.round(rating * 2) / 2,
    );
    fc.assert(
      fc.property(tenth, tenth, precision, fc.boolean(), (before, wanted, stored, preservesPlexEdits) => {
        const first = rule({ current: before, wanted, preservesPlexEdits });
        if (typeof first !== 'number') return;
        const current = stored(first) || undefined;
        // A server that rounds to nothing cannot hold it.
        if (current === undefined && first >= 0.05) return;
        expect(rule({ current, wanted, ours: [first], preservesPlexEdits })).toBeUndefined();
      }),
    );
  });
});
