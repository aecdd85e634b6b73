import { describe, expect, it } from 'vitest';
import { fold, listChange, memberOf } from '../../src/edit/listEdit.ts';

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

describe('fold', () => {
  it.each([
    ['Straße', 'STRAßE'],
    ['ßeta', 'SSeta'],
    ['ςigma', 'Σigma'],
    ['ǆ', 'Ǆ'],
    ['', ''],
  ])('makes %s and %s one name, as Plex does', (left, right) => {
    expect(fold(left)).toBe(fold(right));
  });

  it.each([
    ['é', 'e'],
    ['a b', 'ab'],
    ['0', 'O'],
  ])('keeps %s and %s apart', (left, right) => {
    expect(fold(left)).not.toBe(fold(right));
  });
});
