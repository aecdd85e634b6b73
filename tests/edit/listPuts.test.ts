import { describe, expect, it } from 'vitest';
import { fits } from '../../src/edit/EditRequest.ts';
import { headAndTails, namesPut, removalPuts, wholeListPut } from '../../src/edit/listPuts.ts';
import type { QueryPairs } from '../../src/plex/queryString.ts';

const noDetails = (): QueryPairs => [];
const names = (text: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${text} ${index}`);

describe('wholeListPut', () => {
  it('sends the whole list, one removal and the lock (plex-http-api 3.6.4)', () => {
    const change = { desired: ['A', 'B, C'], gone: ['A, B', 'C&D', '100%'], added: [] };
    expect(wholeListPut('genre', change, noDetails)).toEqual([
      ['genre[0].tag.tag', 'A'],
      ['genre[1].tag.tag', 'B, C'],
      ['genre[].tag.tag-', 'A%2C%20B,C%26D,100%25'],
      ['genre.locked', '1'],
    ]);
  });

  it('sends no removal when nothing goes, and details behind the name that they belong to', () => {
    const role = (name: string, index: number): QueryPairs =>
      name === 'B' ? [[`actor[${index}].tagging.text`, 'The walker']] : [];
    expect(wholeListPut('actor', { desired: ['A', 'B'], gone: [], added: ['A'] }, role)).toEqual([
      ['actor[0].tag.tag', 'A'],
      ['actor[1].tag.tag', 'B'],
      ['actor[1].tagging.text', 'The walker'],
      ['actor.locked', '1'],
    ]);
  });

  it('removes every name of a list that is to be empty: a lock alone clears nothing (W-25)', () => {
    expect(wholeListPut('genre', { desired: [], gone: ['A', 'B'], added: [] }, noDetails)).toEqual([
      ['genre[].tag.tag-', 'A,B'],
      ['genre.locked', '1'],
    ]);
  });

  it('is not there for a list that no request can carry (W-36)', () => {
    const change = { desired: names('слово', 500), gone: [], added: [] };
    expect(wholeListPut('genre', change, noDetails)).toBeUndefined();
  });
});

describe('removalPuts', () => {
  it('names everybody once, in requests that fit, each with its own one removal (W-36)', () => {
    const gone = names('Some, tag & more', 800);
    const puts = removalPuts('genre', gone);
    expect(puts.length).toBeGreaterThan(1);
    expect(puts.every((put) => fits(put))).toBe(true);
    for (const put of puts) {
      expect(put.map(([key]) => key)).toEqual(['genre[].tag.tag-', 'genre.locked']);
    }
    const removed = puts.flatMap(([[, value] = ['', '']]) => value.split(',').map(decodeURIComponent));
    expect(removed).toEqual(gone);
  });
});

describe('headAndTails', () => {
  it('cuts a list into runs that fit, in order (W-36)', () => {
    const list = names('Довольно длинная метка', 200);
    const runs = headAndTails('genre', list, noDetails);
    expect(runs.flat()).toEqual(list);
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.every((run) => fits(namesPut('genre', run, noDetails)))).toBe(true);
    // Fewest: no run could take the next one's first name as well.
    for (const [index, run] of runs.slice(0, -1).entries()) {
      expect(fits(namesPut('genre', [...run, runs[index + 1]?.[0] ?? ''], noDetails))).toBe(false);
    }
  });

  it('leaves a name that fits nowhere for Plex to refuse, and carries the others (W-37)', () => {
    const huge = '長'.repeat(2_000);
    expect(headAndTails('actor', ['A', huge, 'B'], noDetails)).toEqual([['A'], [huge], ['B']]);
  });
});
