import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, queryString } from '../../src/plex/queryString.ts';

describe('queryString', () => {
  it('encodes keys and values and keeps the order, as Plex wants it (plex-http-api 2.6)', () => {
    expect(
      queryString([
        ['type', '1'],
        ['title.value', 'Morning, by the lake'],
        ['genre[0].tag.tag', 'R&B + 100%'],
        ['genre[].tag.tag-', 'A%2C%20B,C%26D'],
        ['addedAt>>', '100'],
        ['type', '2'],
      ]),
    ).toBe(
      'type=1&title.value=Morning%2C%20by%20the%20lake&genre%5B0%5D.tag.tag=R%26B%20%2B%20100%25' +
        '&genre%5B%5D.tag.tag-=A%252C%2520B%2CC%2526D&addedAt%3E%3E=100&type=2',
    );
  });

  it('comes back whole from any decoder, of unreserved characters only', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        const query = queryString(pairs);
        expect(query).toMatch(/^[\w.~%=&-]*$/);
        const decoded =
          query === '' ? [] : query.split('&').map((pair) => pair.split('=').map(decodeURIComponent));
        expect(decoded).toEqual(pairs);
      }),
    );
  });

  it('sends half a character as a replacement character instead of failing', () => {
    expect(encode('a\ud800b')).toBe('a%EF%BF%BDb');
  });
});
