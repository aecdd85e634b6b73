import { describe, expect, it } from 'vitest';
import {
  type EditMemory,
  intendedMemory,
  ownCollections,
  ownRatings,
  partialMemory,
  rememberedCollection,
  rememberedLists,
} from '../../src/edit/EditMemory.ts';

const change = (...added: string[]) => ({ desired: added, gone: [], added });

describe('rememberedLists', () => {
  it.each([
    ['names added now', ['A', 'B'], [], change('A', 'B'), { genres: ['A', 'B'] }],
    ['names added earlier that are still wanted', ['A', 'b'], ['B', 'C'], undefined, { genres: ['b'] }],
    ["nothing of the user's", ['A', 'B'], [], change('B'), { genres: ['B'] }],
    ['nothing when nothing is ours', ['A'], [], undefined, {}],
    ['everything while the list is left alone', undefined, ['A'], undefined, { genres: ['A'] }],
  ])('keeps %s (W-26)', (_, wanted, ours, listed, expected) => {
    const lists = wanted ? { genres: wanted } : {};
    expect(rememberedLists(lists, { genres: ours }, new Map([['genre', listed]]))).toEqual(expected);
  });

  it('knows a collection for its own, for whichever reason it was added (W-26)', () => {
    const memory = { collection: 'Acme', parentCollections: ['Acme Group'] };
    const wanted = { parentCollections: [], groupCollections: ['acme', 'Acme Group', 'Theirs'] };
    expect(rememberedLists(wanted, memory, new Map())).toEqual({ groupCollections: ['acme', 'Acme Group'] });
    expect(rememberedCollection('Acme Group', memory, undefined, true)).toEqual({ collection: 'Acme Group' });
  });
});

describe('rememberedCollection', () => {
  it.each<[string, string | undefined, EditMemory, ReturnType<typeof change> | undefined, boolean, object]>([
    ['added now', 'Beta', { collection: 'Acme' }, change('Beta'), true, { collection: 'Beta' }],
    ['added earlier', 'Acme', { collection: 'acme' }, undefined, true, { collection: 'Acme' }],
    [
      'perhaps not gone yet',
      'Acme',
      { formerCollections: ['Acme'] },
      undefined,
      true,
      { collection: 'Acme' },
    ],
    ["the user's own, when it is to stay his", 'Acme', {}, undefined, true, {}],
    ['the one of the Python plugin', 'Acme', {}, undefined, false, { collection: 'Acme' }],
    ['none', '', { collection: 'Acme' }, undefined, false, {}],
    ['left alone', undefined, { collection: 'Acme' }, undefined, true, { collection: 'Acme' }],
    [
      'left alone, with one before it that may be there',
      undefined,
      { collection: 'Acme', formerCollections: ['Beta'] },
      undefined,
      true,
      { collection: 'Acme', formerCollections: ['Beta'] },
    ],
  ])('of a collection that is %s (W-26, W-29)', (_, wanted, memory, listed, keepsOthers, expected) => {
    expect(rememberedCollection(wanted, memory, listed, keepsOthers)).toEqual(expected);
  });
});

describe('intendedMemory', () => {
  const before: EditMemory = {
    collection: 'Acme',
    genres: ['Old', 'Both'],
    actors: ['Old Actor'],
    posterHash: 'h',
    outstanding: ['summary'],
  };

  it('has the names of before and after, and leaves the rest as it was (W-26, W-29)', () => {
    const after = { collection: 'Beta', genres: ['Both', 'New'] };
    expect(intendedMemory(before, after)).toEqual({
      collection: 'Beta',
      formerCollections: ['Acme'],
      genres: ['Old', 'Both', 'New'],
      actors: ['Old Actor'],
      posterHash: 'h',
      outstanding: ['summary'],
    });
    expect(ownCollections(intendedMemory(before, after))).toEqual(['Beta', 'Acme']);
  });

  it('does not forget the collection before the last one, as long as no edit is certain', () => {
    const once = intendedMemory({ collection: 'Acme' }, { collection: 'Beta' });
    const again = intendedMemory(once, { collection: 'Beta' });
    expect(ownCollections(again)).toEqual(['Beta', 'Acme']);
    const third = intendedMemory(again, { collection: 'Gamma' });
    expect(ownCollections(third)).toEqual(['Gamma', 'Beta', 'Acme']);
    expect(ownCollections(intendedMemory(third, {}))).toEqual(['Gamma', 'Beta', 'Acme']);
  });

  it('does not forget the ratings before the last one either (W-35)', () => {
    const once = intendedMemory({ userRating: 3 }, { userRating: 5 });
    expect(ownRatings(once)).toEqual([5, 3]);
    expect(ownRatings(intendedMemory(once, { userRating: 7 }))).toEqual([7, 5, 3]);
    expect(ownRatings(intendedMemory(once, {}))).toEqual([5, 3]);
  });
});

describe('partialMemory', () => {
  const before: EditMemory = {
    collection: 'Acme',
    formerCollections: ['First'],
    genres: ['Old'],
    actors: ['Old Actor'],
    userRating: 3,
  };
  const after = { collection: 'Beta', genres: ['New'], actors: ['New Actor'], userRating: 7 };

  it('remembers what was written as written, and of what was refused what it was and what it may be (W-37)', () => {
    expect(partialMemory(before, after, ['summary'])).toEqual({ ...after, outstanding: ['summary'] });
    expect(partialMemory(before, after, ['collection', 'userRating'])).toEqual({
      ...after,
      collection: 'Beta',
      formerCollections: ['Acme', 'First'],
      userRating: 7,
      formerRatings: [3],
      outstanding: ['collection', 'userRating'],
    });
  });

  it('takes names of a refused list for the own ones, there before or perhaps there now (W-26, W-37)', () => {
    expect(partialMemory(before, after, ['genre', 'actor'])).toMatchObject({
      genres: ['Old', 'New'],
      actors: ['Old Actor', 'New Actor'],
    });
  });

  it('forgets what the edit took away, unless that was refused', () => {
    expect(partialMemory(before, {}, ['title'])).toEqual({ outstanding: ['title'] });
  });
});
