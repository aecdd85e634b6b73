import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildEdit } from '../../src/edit/buildEdit.ts';
import { fits, pairsOf } from '../../src/edit/EditRequest.ts';
import { fitTexts } from '../../src/edit/fitTexts.ts';
import { plexItem } from '../support/samples.ts';

const text = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', ' ', 'я', '字', '&'), maxLength });

describe('fitTexts', () => {
  it('changes nothing that fits', () => {
    const wanted = { title: 'One', summary: 'x'.repeat(7_000), genres: ['A'] };
    expect(fitTexts(wanted, 7_800)).toEqual(wanted);
  });

  it('counts from the whole text, also where that was cut before', () => {
    const wanted = {
      summary: 'x'.repeat(3_000),
      shortened: [{ field: 'summary', loss: 'characters' as const, total: 9_000, kept: 3_000 }],
    };
    const { summary = '', shortened } = fitTexts(wanted, 1_120);
    expect(summary).toHaveLength(1_000);
    expect(shortened).toEqual([{ field: 'summary', loss: 'characters', total: 9_000, kept: 1_000 }]);
  });

  it('keeps every request of an edit within the limit, and the edit right at once', () => {
    const wanted = fc.record({
      title: text(255).map((title) => title.trim() || 'T'),
      studio: text(255),
      summary: text(6_000),
      genres: fc.uniqueArray(
        fc.integer({ min: 0, max: 300 }).map((id) => `Tag number ${id}`),
        { maxLength: 90 },
      ),
    });
    fc.assert(
      fc.property(wanted, fc.integer({ min: 460, max: 8_000 }), (whole, longestEdit) => {
        const options = { preservesPlexEdits: false, longestEdit };
        const { requests, changed } = buildEdit(plexItem(), whole, {}, options);
        expect(requests.every((request) => fits(pairsOf(request), longestEdit))).toBe(true);
        const { title = '', studio = '', summary = '' } = fitTexts(whole, longestEdit);
        const after = { ...plexItem(), title, studio, summary, genres: whole.genres };
        expect(buildEdit(after, whole, {}, options).requests).toEqual([]);
        expect(changed).toContain('title');
      }),
    );
  });
});
