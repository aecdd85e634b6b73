import { describe, expect, it } from 'vitest';
import { listChange, listFields, memberOf } from '../../src/sync/listEdit.ts';

const EQUAL = { ours: [], keepsOthers: false };

describe('listChange', () => {
  it.each([
    [[], []],
    [
      ['A', 'B'],
      ['B', 'A'],
    ],
    [['Nature'], ['nature']],
    [
      ['ÉTÉ', 'Я'],
      ['été', 'я'],
    ],
  ])('finds nothing to do from %j to %j (W-25)', (current, wanted) => {
    expect(listChange({ ...EQUAL, current, wanted })).toBeUndefined();
  });

  it('adds and removes, and keeps the spelling that Plex has (W-26)', () => {
    expect(
      listChange({ ...EQUAL, current: ['Old', 'NATURE', 'Both'], wanted: ['New', 'nature', 'Both'] }),
    ).toEqual({
      desired: ['NATURE', 'Both', 'New'],
      gone: ['Old'],
      added: ['New'],
    });
  });

  it('names everything that goes when nothing is wanted (W-25)', () => {
    expect(listChange({ ...EQUAL, current: ['A', 'B'], wanted: [] })).toEqual({
      desired: [],
      gone: ['A', 'B'],
      added: [],
    });
  });

  it('takes away only what is ours when others are kept (W-26, W-29)', () => {
    const rule = {
      current: ['Theirs', 'Ours', 'OURS TOO'],
      ours: ['ours', 'Ours too', 'Gone'],
      keepsOthers: true,
    };
    expect(listChange({ ...rule, wanted: ['ours too', 'New'] })).toEqual({
      desired: ['Theirs', 'OURS TOO', 'New'],
      gone: ['Ours'],
      added: ['New'],
    });
    expect(listChange({ ...rule, current: ['Theirs'], wanted: ['theirs'] })).toBeUndefined();
  });
});

describe('listFields', () => {
  it('sends the whole list, one removal and the lock (plex-http-api 3.6.4)', () => {
    expect(listFields('genre', { desired: ['A', 'B, C'], gone: ['A, B', 'C&D', '100%'], added: [] })).toEqual(
      [
        ['genre[0].tag.tag', 'A'],
        ['genre[1].tag.tag', 'B, C'],
        ['genre[].tag.tag-', 'A%2C%20B,C%26D,100%25'],
        ['genre.locked', '1'],
      ],
    );
  });

  it('sends no removal when nothing goes', () => {
    expect(listFields('actor', { desired: ['A'], gone: [], added: ['A'] })).toEqual([
      ['actor[0].tag.tag', 'A'],
      ['actor.locked', '1'],
    ]);
  });
});

describe('memberOf', () => {
  it('ignores letter case only', () => {
    const isMember = memberOf(['Été', 'b']);
    expect(['été', 'ÉTÉ', 'B', 'ete', ' b', ''].map(isMember)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
