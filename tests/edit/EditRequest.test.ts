import { describe, expect, it } from 'vitest';
import { type FieldWrite, fits, groupWrites, MAX_QUERY_BYTES, pairsOf } from '../../src/edit/EditRequest.ts';
import { type QueryPairs, queryString } from '../../src/plex/queryString.ts';

const put = (field: string, bytes = 10): QueryPairs => [[`${field}.value`, 'x'.repeat(bytes)]];
const write = (field: string, ...puts: QueryPairs[]): FieldWrite => ({ field, puts, empties: false });
const fieldsOf = (writes: FieldWrite[], alone: string[] = []) =>
  groupWrites(writes, alone).map((request) => request.map(({ field }) => field).join(' '));

describe('groupWrites', () => {
  it('puts everything that fits into one request (W-24)', () => {
    expect(fieldsOf([write('a', put('a')), write('b', put('b')), write('c', put('c'))])).toEqual(['a b c']);
    expect(fieldsOf([])).toEqual([]);
  });

  it('begins another request where one is full, and no earlier (W-36)', () => {
    const half = MAX_QUERY_BYTES / 2 - 20;
    expect(
      fieldsOf([write('a', put('a', half)), write('b', put('b', half)), write('c', put('c', half))]),
    ).toEqual(['a b', 'c']);
  });

  it('keeps the requests of one field apart and in order (W-36)', () => {
    const writes = [write('a', put('a')), write('list', put('one'), put('two')), write('b', put('b'))];
    expect(fieldsOf(writes)).toEqual(['a b', 'list', 'list']);
    expect(groupWrites(writes, []).slice(1).map(pairsOf)).toEqual([put('one'), put('two')]);
  });

  it('sends a field alone that was refused last time (W-37)', () => {
    const writes = [write('a', put('a')), write('b', put('b')), write('c', put('c'))];
    expect(fieldsOf(writes, ['b', 'poster'])).toEqual(['a c', 'b']);
  });
});

describe('fits', () => {
  it('measures the encoded parameters (W-36)', () => {
    const longest = put('a', MAX_QUERY_BYTES - 'a.value='.length);
    expect(queryString(longest)).toHaveLength(MAX_QUERY_BYTES);
    expect(fits(longest)).toBe(true);
    expect(fits(put('a', MAX_QUERY_BYTES))).toBe(false);
    expect(fits([['a', 'я'.repeat(MAX_QUERY_BYTES / 6 + 1)]])).toBe(false);
  });
});
