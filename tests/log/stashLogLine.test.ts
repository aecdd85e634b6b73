import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stashLogLine, toOneLine } from '../../src/log/stashLogLine.ts';

describe('stashLogLine', () => {
  it.each([
    ['trace', 't'],
    ['debug', 'd'],
    ['info', 'i'],
    ['warn', 'w'],
    ['error', 'e'],
    ['progress', 'p'],
  ] as const)('marks %s with the letter %s', (level, letter) => {
    expect(stashLogLine(level, '0.5')).toBe(`\u0001${letter}\u00020.5\n`);
  });

  it('stays one line far below 64 KiB, for any text (W56)', () => {
    const unit = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r\n', '\n \n', '\u0000'),
    );
    const text = fc.array(unit, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(1, 5_000), (part, times) => {
        const line = stashLogLine('info', part.repeat(times));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is the point.
        expect(line.slice(3, -1)).not.toMatch(/[\u0000-\u001f\u007f]/);
        expect(line.endsWith('\n')).toBe(true);
        expect(Buffer.byteLength(line)).toBeLessThan(32 * 1024);
      }),
    );
  });
});

describe('toOneLine', () => {
  it.each([
    ['first\nsecond', 'first | second'],
    ['first \r\n\r\n  second\rthird', 'first | second | third'],
    ['a\tb\u0000c\u007f', 'a b c '],
    ['ordinary  text – “quoted” 👩‍👩‍👧', 'ordinary  text – “quoted” 👩‍👩‍👧'],
  ])('turns %j into %j (W56)', (text, expected) => {
    expect(toOneLine(text)).toBe(expected);
  });

  it('cuts a long text between two characters and says how long it was (W56)', () => {
    const line = toOneLine(`x${'😀'.repeat(10_000)}`);
    expect(line).toMatch(/^x(😀)+ … \(40001 bytes\)$/u);
    expect(toOneLine('y'.repeat(16 * 1024))).toBe('y'.repeat(16 * 1024));
  });
});
