import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits } from '../../src/edit/EditRequest.ts';
import type { ListRule } from '../../src/edit/listEdit.ts';
import { listWrite } from '../../src/edit/listWrite.ts';
import type { QueryPairs } from '../../src/plex/queryString.ts';

type TagMode = 'add' | 'replace';

const noDetails = (): QueryPairs => [];

/** Plex's list after the PUTs, under either reading of an indexed tag (plex-http-api.md 3.6.4). */
function applied(current: readonly string[], puts: readonly QueryPairs[], mode: TagMode): string[] {
  let list = [...current];
  for (const put of puts) {
    const added = put.flatMap(([key, value]) => (key.endsWith('].tag.tag') ? [value] : []));
    const gone = put.flatMap(([key, value]) =>
      key.endsWith('tag-') ? value.split(',').map(decodeURIComponent) : [],
    );
    if (mode === 'replace' && added.length > 0) list = [];
    list.push(...added.filter((name) => !list.includes(name)));
    list = list.filter((name) => !gone.includes(name));
  }
  return list;
}

/** Names of very different lengths, so that lists fit one request, nearly, and not at all. */
const anyName = fc
  .tuple(
    fc.integer({ min: 0, max: 400 }),
    fc.constantFrom('a', 'я', '長い', 'R&B, '),
    fc.integer({ min: 0, max: 60 }),
  )
  .map(([number, text, times]) => `n${number}${text.repeat(times).trim()}`);
const nameList = (maxLength: number) =>
  fc.uniqueArray(anyName, { maxLength, selector: (name) => name.toLowerCase() });
const anyRule: fc.Arbitrary<ListRule> = fc
  .tuple(nameList(120), nameList(120), fc.boolean(), fc.func(fc.boolean()), fc.func(fc.boolean()))
  .map(([current, wanted, keepsOthers, isOurs, isShared]) => ({
    current: [...current, ...wanted.filter((name) => isShared(name) && !current.includes(name))],
    wanted,
    ours: current.filter((name) => isOurs(name)),
    keepsOthers,
  }));
const anyMode = fc.constantFrom<TagMode>('add', 'replace');

describe('listWrite', () => {
  it('sends nothing that does not fit one request (W-36)', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        expect(listWrite('genre', rule, noDetails, false).puts.every((put) => fits(put))).toBe(true);
      }),
    );
  });

  it('makes any list equal in a Plex that adds, or says that it is cut (W-26, W-36)', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        const { puts, shortened, isCut } = listWrite('genre', rule, noDetails, false);
        const result = applied(rule.current, puts, 'add');
        const stay = rule.keepsOthers ? rule.current.filter((name) => !rule.ours.includes(name)) : [];
        const right = new Set([...stay, ...rule.wanted]);
        if (isCut) {
          expect(rule.keepsOthers).toBe(true);
          expect(result.every((name) => right.has(name))).toBe(true);
          expect(shortened).toEqual({ field: 'genre', total: right.size, kept: result.length });
        } else {
          expect(new Set(result)).toEqual(right);
        }
      }),
    );
  });

  it("never loses a name that is to stay, not even between two PUTs: the user's ones are known to Plex only (W-29)", () => {
    fc.assert(
      fc.property(anyRule, anyMode, (rule, mode) => {
        const { puts } = listWrite('genre', { ...rule, keepsOthers: true }, noDetails, false);
        const stay = rule.current.filter((name) => !rule.ours.includes(name));
        for (let sent = 0; sent <= puts.length; sent += 1) {
          expect(applied(rule.current, puts.slice(0, sent), mode)).toEqual(expect.arrayContaining(stay));
        }
      }),
    );
  });

  it('gives a Plex that replaces the first names of Stash, and then leaves it alone (W-27, W-36)', () => {
    fc.assert(
      fc.property(anyRule, (told) => {
        const rule = { ...told, keepsOthers: false };
        const first = listWrite('genre', rule, noDetails, false);
        const current = applied(rule.current, first.puts, 'replace');
        const isWhole = current.length === rule.wanted.length;
        if (!isWhole) {
          expect(first.isInPieces).toBe(true);
          expect(current).toEqual(rule.wanted.slice(0, current.length));
          expect(current.length).toBeGreaterThan(0);
        }
        expect(listWrite('genre', { ...rule, current }, noDetails, !isWhole).puts).toEqual([]);
      }),
    );
  });

  it('is done after one write in a Plex that adds (W-27)', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        const first = listWrite('genre', rule, noDetails, false);
        const current = applied(rule.current, first.puts, 'add');
        const ours = [...rule.ours, ...(first.change?.added ?? [])].filter((name) =>
          rule.wanted.includes(name),
        );
        const second = listWrite('genre', { ...rule, current, ours }, noDetails, first.isCut);
        expect(second.puts).toEqual([]);
      }),
    );
  });

  it('only takes away where nothing is added, in however many requests (W-25, W-36)', () => {
    const current = Array.from({ length: 500 }, (_, index) => `Some, tag ${index} 長い`);
    const rule = { current, wanted: current.slice(0, 2), ours: [], keepsOthers: false };
    const { puts, isInPieces } = listWrite('genre', rule, noDetails, false);
    expect(puts.length).toBeGreaterThan(1);
    expect(isInPieces).toBe(false);
    for (const mode of ['add', 'replace'] as const) {
      expect(applied(current, puts, mode)).toEqual(rule.wanted);
    }
  });
});
