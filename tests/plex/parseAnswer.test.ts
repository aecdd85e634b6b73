import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../src/plex/parseAnswer.ts';

/** JSON as a server writes it that escapes nothing but quotes and backslashes. */
function carelessly(document: unknown): string {
  return JSON.stringify(document).replace(/\\(?:u00([01][\da-f])|([bfnrt])|(.))/g, (whole, code, short) => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16));
    return short ? JSON.parse(`"\\${short}"`) : whole;
  });
}

describe('parseAnswer', () => {
  it('reads any document exactly, however many raw control characters are in its texts', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\u0001', '\n', '"', '\\', '\u007f', 'a', '{'), fc.string()),
    });
    const document = fc.array(fc.record({ title: text, file: text, list: fc.array(text) }));
    fc.assert(
      fc.property(document, fc.boolean(), (value, isPretty) => {
        const careless = carelessly(value);
        const body = isPretty ? `\n\t${careless}\r\n` : careless;
        expect(parseAnswer(body)).toEqual(value);
      }),
    );
  });

  it('takes no stack for a long text', () => {
    const title = `${'\\ "'.repeat(500_000)}\u0001`;
    expect(parseAnswer(carelessly({ title }))).toEqual({ title });
  });

  it.each(['', '{"a": "\u0001', '<html>\u0001', '{"a": \u0001}'])('refuses %j', (body) => {
    expect(() => parseAnswer(body)).toThrow(SyntaxError);
  });
});
