import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToEncodedLength, sanitizeLine, sanitizeParagraphs } from '../../src/edit/sanitizeText.ts';
import { encode } from '../../src/plex/queryString.ts';

const line = (text: string | null | undefined) => sanitizeLine(text, 255);
const paragraphs = (text: string | null | undefined) => sanitizeParagraphs(text, 10_000);

/** Texts with everything that sanitising looks at. */
const wildText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('\n', '\r\n', '\t', ' ', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u0000', '\u2028'),
      fc.constantFrom(
        '“',
        '’',
        '—',
        '…',
        'e\u0301',
        '\u0301',
        '\ud800',
        '\udc00',
        '👩‍👩‍👧',
        'שלום',
        '\u202eabc',
      ),
      fc.constantFrom(
        'می‌خواهم',
        '\u200c',
        '\u200f',
        '\u061c',
        '\u00a0',
        '\u3000',
        '\u2066x\u2069',
        '❤️',
        '\u0007',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('sanitizeLine', () => {
  it.each([
    [null, ''],
    [undefined, ''],
    ['', ''],
    [' \t\n ', ''],
    ['\u0000\u200b\u0007', ''],
    ['\u200e \u2060\ufe0f', ''],
    ['x', 'x'],
    ['Ünïcödé 日本 שלום 123 (a) & "b"; 100%', 'Ünïcödé 日本 שלום 123 (a) & "b"; 100%'],
    ['\u0000a\u0001b\u0007c\u007fd\u009fe', 'abcde'],
    ['\u202aa\u202bb\u202cc\u202dd\u202ee', 'abcde'],
    ['\u2066a\u2067b\u2068c\u2069d', 'abcd'],
    ['  a   b \t\n c ', 'a b c'],
    ['a \u0007 b', 'a b'],
    ['e\u0301', '\u00e9'],
    ['party 🎉 😀', 'party 🎉 😀'],
    ['half \ud83d', 'half'],
    ['\ud83d\ufeff\ude00', ''],
    ['end \u200b ', 'end'],
    ['\u{e0000}', ''],
    ['end \u{e0001} \u{1d173}', 'end'],
  ])('turns %j into %j (18.15, A1)', (text, expected) => {
    expect(line(text)).toBe(expected);
  });

  it.each([
    'می‌خواهم',
    '👩‍👩‍👧 🏳️‍🌈 👨‍👩‍👧‍👦 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '\u200eleft\u200e \u200fימין\u200f \u061cعربي\u061c',
    'zero\u200bwidth soft\u00adhyphen word\u2060joiner',
    '“a” ‘b’ c’s d–e—f−g‑h…',
    '12\u00a0km 5\u202f%',
    '日本\u3000映画',
    'a \u00a0 b',
  ])('leaves %j as it is: only what is harmful goes (A1, A8)', (text) => {
    expect(line(text)).toBe(text);
    expect(paragraphs(text)).toBe(text);
  });

  it.each(['a\nb', 'a\r\nb', 'a\rb', 'a\tb', 'a\n\n\tb', 'a\u2028b', 'a\u0085b'])(
    'puts a blank where %j breaks the line (18.15, W-28)',
    (text) => {
      expect(line(text)).toBe('a b');
    },
  );

  it('removes a byte-order mark without leaving a blank (18.15, A1)', () => {
    expect(line('\ufeffHello\ufeffWorld')).toBe('HelloWorld');
  });

  it.each([
    ['a'.repeat(10), 10, 'a'.repeat(10)],
    ['a'.repeat(11), 10, 'a'.repeat(10)],
    ['aaaaaaaa bbbb', 10, 'aaaaaaaa b'],
    ['aaaaaaaaa bbb', 10, 'aaaaaaaaa'],
    ['aaa bbbbbbbbbb', 10, 'aaa bbbbbb'],
    ['😀'.repeat(12), 10, '😀'.repeat(10)],
    ['a'.repeat(3000), 0, 'a'.repeat(3000)],
    ['aaaaaaaaa👩‍👩‍👧', 10, 'aaaaaaaaa'],
    ['aaaaaaaaa❤️', 10, 'aaaaaaaaa'],
    [`a${'\u0301'.repeat(20)}`, 10, `\u00e1${'\u0301'.repeat(9)}`],
    ['\u200b'.repeat(20), 10, ''],
    [`${'\u200b'.repeat(20)}a`, 10, ''],
  ])('cuts %j at %d characters to %j (18.15)', (text, limit, expected) => {
    expect(sanitizeLine(text, limit)).toBe(expected);
  });

  it('gives one clean line within the limit, whatever comes in (18.15)', () => {
    fc.assert(
      fc.property(wildText, fc.integer({ min: 1, max: 30 }), (text, limit) => {
        const clean = sanitizeLine(text, limit);
        expect([...clean].length).toBeLessThanOrEqual(limit);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]|^\s|\s$| {2}/u);
        expect(clean).not.toMatch(/^\p{Default_Ignorable_Code_Point}+$/u);
        expect(clean.isWellFormed()).toBe(true);
      }),
    );
  });

  it('takes nothing away that can be seen (A1, A8)', () => {
    const seen = (text: string) =>
      text.replace(/\s|\p{Cc}|\p{Cs}|\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFC');
    fc.assert(
      fc.property(wildText, (text) => {
        expect(seen(sanitizeLine(text, 0))).toBe(seen(text));
      }),
    );
  });

  it('leaves a clean text as it is, so that a second sync finds nothing to do', () => {
    fc.assert(
      fc.property(wildText, fc.integer({ min: 0, max: 30 }), (text, limit) => {
        const once = sanitizeLine(text, limit);
        expect(sanitizeLine(once, limit)).toBe(once);
      }),
      { examples: [['e\u200d\u0301', 0]] },
    );
  });
});

describe('sanitizeParagraphs', () => {
  it.each([
    ['Line one\nLine two', 'Line one\nLine two'],
    ['one\r\ntwo\rthree\u2028four', 'one\ntwo\nthree\nfour'],
    ['one\n\n\n\n two \n \n\t\nthree', 'one\n\ntwo\n\nthree'],
    ['\n\n a\tb \n', 'a b'],
    ['“one”\n\u200b\ntwo…', '“one”\n\ntwo…'],
    ['یک\u2067 می‌خواهم\u2069\n\u200fدو', 'یک می‌خواهم\n\u200fدو'],
    [null, ''],
    [' \r\n\u0000', ''],
  ])('keeps line breaks and cleans the lines of %j (18.15, W-28)', (text, expected) => {
    expect(paragraphs(text)).toBe(expected);
  });

  it('keeps a description of 10 000 characters and cuts a longer one', () => {
    const longest = 'x'.repeat(10_000);
    expect(paragraphs(longest)).toBe(longest);
    expect(paragraphs(`${longest}x`)).toBe(longest);
  });

  it('is the same as a line for a text of one line, and repeatable (W-28)', () => {
    fc.assert(
      fc.property(wildText, fc.integer({ min: 0, max: 30 }), (text, limit) => {
        const clean = sanitizeParagraphs(text, limit);
        expect(sanitizeParagraphs(clean, limit)).toBe(clean);
        expect(clean).not.toMatch(/\n{3}|^\s|\s$/);
        if (!clean.includes('\n')) expect(sanitizeLine(clean, limit)).toBe(clean);
      }),
    );
  });
});

describe('cutToEncodedLength', () => {
  it.each([
    ['short', 10, 'short'],
    ['aaaaaaaaa bbb', 10, 'aaaaaaaaa'],
    ['яяяя', 12, 'яя'],
    ['яяяя', 13, 'яя'],
    ['😀😀', 12, '😀'],
    ['abcdefgh👩‍👩‍👧', 35, 'abcdefgh'],
    ['%%%', 6, '%%'],
    ['a', 0, 'a'],
    ['', 5, ''],
  ])('keeps of %j what is encoded in %d bytes: %j (W-36)', (text, bytes, expected) => {
    expect(cutToEncodedLength(text, bytes)).toBe(expected);
  });

  it('fits and is a beginning of the text, whatever comes in (W-36)', () => {
    fc.assert(
      fc.property(wildText, fc.integer({ min: 12, max: 80 }), (text, bytes) => {
        const clean = sanitizeParagraphs(text, 0);
        const kept = cutToEncodedLength(clean, bytes);
        expect(encode(kept).length).toBeLessThanOrEqual(bytes);
        expect(clean.startsWith(kept)).toBe(true);
        expect(sanitizeParagraphs(kept, 0)).toBe(kept);
      }),
    );
  });
});
