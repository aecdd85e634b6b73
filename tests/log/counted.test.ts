import { describe, expect, it } from 'vitest';
import { counted } from '../../src/log/counted.ts';

describe('counted', () => {
  it.each([
    [0, '0 scenes were queued'],
    [1, '1 scene was queued'],
    [2, '2 scenes were queued'],
  ])('puts noun and verb in the number of %d', (count, words) => {
    expect(`${counted(count, 'scene', ['was', 'were'])} queued`).toBe(words);
  });

  it('leaves the verb out where there is none', () => {
    expect([counted(1, 'day'), counted(30, 'day')]).toEqual(['1 day', '30 days']);
  });
});
