import { describe, expect, it } from 'vitest';
import { PLACEHOLDERS, parseTitleTemplate, placeholdersOf } from '../../src/config/titleTemplate.ts';

describe('a template for titles', () => {
  it('is text, placeholders and brackets, one in another', () => {
    expect(parseTitleTemplate('{studio} - {title} ({year} [HD, {code}])!')).toEqual({
      slots: [
        { before: '', placeholder: 'studio' },
        { before: ' - ', placeholder: 'title' },
        {
          before: ' ',
          brackets: ['(', ')'],
          inside: {
            slots: [
              { before: '', placeholder: 'year' },
              {
                before: ' ',
                brackets: ['[', ']'],
                inside: { slots: [{ before: 'HD, ', placeholder: 'code' }], after: '' },
              },
            ],
            after: '',
          },
        },
      ],
      after: '!',
    });
  });

  it('takes brackets around mere text for text', () => {
    expect(parseTitleTemplate('(HD) {title} [2 [parts]]')).toEqual({
      slots: [{ before: '(HD) ', placeholder: 'title' }],
      after: ' [2 [parts]]',
    });
  });

  it('knows every placeholder that the guide names', () => {
    const parsed = parseTitleTemplate(PLACEHOLDERS.map((name) => `{${name}}`).join(' '));
    expect('problem' in parsed ? parsed : placeholdersOf(parsed)).toEqual(PLACEHOLDERS);
  });

  it.each([
    ['{studios} {title}', 'has the unknown placeholder {studios}; there are {title} {studio} '],
    ['{Title}', 'has the unknown placeholder {Title}'],
    ['{ title }', 'has the unknown placeholder { title }'],
    ['{} {title}', 'has the unknown placeholder {}'],
    ['{constructor}', 'has the unknown placeholder {constructor}'],
    ['{title', 'has a "{" without its other half'],
    ['title}', 'has a "}" without its other half'],
    ['{{title}}', 'has a "{" without its other half'],
    ['{title} (', 'has a "(" that nothing closes'],
    ['{title} [{year}', 'has a "[" that nothing closes'],
    ['{title} :)', 'has a ")" that closes nothing'],
    ['{title} ({year}]', 'has a "]" that closes nothing'],
    ['Film', 'has no placeholder; there are {title} '],
    ['()', 'has no placeholder'],
  ])('is refused as a whole when it is %s', (text, problem) => {
    const parsed = parseTitleTemplate(text);
    expect('problem' in parsed && parsed.problem).toContain(problem);
  });
});
