import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  PLACEHOLDERS,
  type Placeholder,
  parseTitleTemplate,
  placeholdersOf,
} from '../../src/config/titleTemplate.ts';
import { fillTemplate, type TemplateValues } from '../../src/edit/fillTemplate.ts';

const NOTHING = Object.fromEntries(PLACEHOLDERS.map((name) => [name, ''])) as TemplateValues;

function fill(text: string, values: Partial<TemplateValues>): string {
  const parsed = parseTitleTemplate(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return fillTemplate(parsed, { ...NOTHING, ...values });
}

describe('filling a template', () => {
  const T = { title: 'Walk' };
  const S = { studio: 'Acme' };
  const Y = { year: '2021' };
  const C = { code: 'HW-1' };
  it.each<[string, Partial<TemplateValues>, string]>([
    ['{studio} - {title} ({year})', { ...T, ...S, ...Y }, 'Acme - Walk (2021)'],
    ['{studio} - {title} ({year})', { ...T, ...Y }, 'Walk (2021)'],
    ['{studio} - {title} ({year})', { ...T, ...S }, 'Acme - Walk'],
    ['{studio} - {title} ({year})', T, 'Walk'],
    // Without a title, other fields would name many scenes alike.
    ['{studio} - {title} ({year})', { ...S, ...Y }, ''],
    ['{code}', S, ''],
    ['{studio} {code}', S, 'Acme'],
    // Text belongs to what comes behind it.
    ['Studio: {studio}, code: {code}, {title}', T, 'Walk'],
    ['Studio: {studio}, code: {code}, {title}', { ...T, ...C }, 'HW-1, Walk'],
    ['Studio: {studio}, code: {code}, {title}', { ...T, ...S }, 'Studio: Acme, Walk'],
    ['{studio} - {code}: {title}', { ...T, ...S }, 'Acme: Walk'],
    // And at the end to the last placeholder.
    ['{title}, code {code}!', T, 'Walk'],
    ['{title}, code {code}!', { ...T, ...C }, 'Walk, code HW-1!'],
    // Brackets go as a whole, one in another too.
    ['{title} ({year}) [{code}]', { ...T, ...C }, 'Walk [HW-1]'],
    ['{title} ({studio}, {year})', { ...T, ...Y }, 'Walk (2021)'],
    ['{title} ({studio}, {year})', { ...T, ...S }, 'Walk (Acme)'],
    ['{title} ({studio} [{code}])', T, 'Walk'],
    ['{title} ({studio} [{code}])', { ...T, ...C }, 'Walk ([HW-1])'],
    ['({year}) {title}', T, 'Walk'],
    ['{title} ({year} HD)', T, 'Walk'],
    // Brackets of text stay with the text.
    ['{title} (HD)', T, 'Walk (HD)'],
    // A value is a value, whatever it looks like.
    ['{studio} - {title}', { title: '{studio} ()', studio: '[]' }, '[] - {studio} ()'],
  ])('%s with %j is "%s"', (text, values, expected) => {
    expect(fill(text, values)).toBe(expected);
  });
});

/** A template as a user might write one, with what it would be with every value there. */
const SEPARATORS = [' - ', ', ', ' ', ': ', ' | '];
const placeholder = fc.constantFrom(...PLACEHOLDERS).map((name) => `{${name}}`);
const { part } = fc.letrec<{ part: string; list: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    placeholder,
    fc.tuple(fc.constantFrom('()', '[]'), tie('list')).map(([pair, list]) => pair[0] + list + pair[1]),
  ),
  list: fc
    .tuple(tie('part'), fc.array(fc.tuple(fc.constantFrom(...SEPARATORS), tie('part')), { maxLength: 4 }))
    .map(([first, rest]) => first + rest.flat().join('')),
}));
const anyTemplate = fc
  .tuple(part, fc.array(fc.tuple(fc.constantFrom(...SEPARATORS), part), { maxLength: 5 }))
  .map(([first, rest]) => first + rest.flat().join(''));
const anyValues = fc.record(
  Object.fromEntries(PLACEHOLDERS.map((name) => [name, fc.constantFrom('', `<${name}>`)])) as Record<
    Placeholder,
    fc.Arbitrary<string>
  >,
);

describe('filling any template with any values', () => {
  it('leaves no separator and no bracket dangling, and no value out', () => {
    fc.assert(
      fc.property(anyTemplate, anyValues, (text, values) => {
        const filled = fill(text, values);
        const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as Placeholder);
        const isUnnamed = names.includes('title') && values.title === '';
        const expected = isUnnamed ? [] : names.map((name) => values[name]).filter((value) => value !== '');
        expect(filled.match(/<\w+>/g) ?? []).toEqual(expected);
        // Between any two neighbours at most one separator; none at an end or inside of a bracket's edge.
        const bare = filled.replace(/<\w+>/g, 'V');
        expect(bare).not.toMatch(/\(\)|\[\]/);
        expect(bare).not.toMatch(/^[-,:| ]|[-,:| ]$|[([][-,:| ]|[-,:| ][)\]]/);
        const gaps = bare.split(/[V()[\]]+/).filter((gap) => gap !== '');
        expect(gaps.filter((gap) => !SEPARATORS.includes(gap))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is plain replacement where every value is there', () => {
    fc.assert(
      fc.property(anyTemplate, (text) => {
        const values = Object.fromEntries(PLACEHOLDERS.map((name) => [name, `<${name}>`]));
        expect(fill(text, values)).toBe(text.replace(/\{(\w+)\}/g, '<$1>'));
      }),
    );
  });

  it('never fails, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, value) => {
        const parsed = parseTitleTemplate(text);
        if ('problem' in parsed) return;
        const values = Object.fromEntries(PLACEHOLDERS.map((name) => [name, value])) as TemplateValues;
        const filled = fillTemplate(parsed, values);
        expect(filled === '' || filled.includes(value)).toBe(true);
        expect(placeholdersOf(parsed).length).toBeGreaterThan(0);
      }),
    );
  });
});
