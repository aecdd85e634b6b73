/** A text that stands in a source file. */
export interface Literal {
  /** Its fixed words; `…` stands for whatever is put in. Literals joined by `+` are one. */
  text: string;
  /** Where its first character stands in the source. */
  at: number;
}

/** Between two literals that are joined by `+`, maybe over a line's end. */
const JOINED = /^\s*\+\s*$/;
/** What can only stand before a regular expression, never before a division. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+>]|\breturn)\s*$/;

/**
 * Every string and template of a JavaScript or TypeScript file, in its order, without those in comments and regular expressions. A
 * template in a template counts on its own, and as `…` in the outer one.
 */
export function literalsOf(source: string): Literal[] {
  const found: Literal[] = [];
  let endOfLast = -1;
  scan(0, false);
  return found.sort((one, other) => one.at - other.at);

  /** Reads code until the end, or until the brace that closes a template's `${`. @returns where it ended. */
  function scan(from: number, isInTemplate: boolean): number {
    let depth = 0;
    let at = from;
    while (at < source.length) {
      const char = source[at];
      if (source.startsWith('//', at)) at = endOf('\n', at);
      else if (source.startsWith('/*', at)) at = endOf('*/', at + 2);
      else if (char === '/' && BEFORE_REGEX.test(source.slice(Math.max(0, at - 20), at))) at = regex(at);
      else if (char === "'" || char === '"' || char === '`') at = literal(at, char);
      else {
        if (char === '{') depth += 1;
        if (char === '}' && isInTemplate && depth === 0) return at + 1;
        if (char === '}') depth -= 1;
        at += 1;
      }
    }
    return at;
  }

  function literal(start: number, quote: string): number {
    let text = '';
    let at = start + 1;
    while (source[at] !== quote) {
      if (at >= source.length) throw new Error(`A literal does not end: ${source.slice(start, start + 40)}`);
      if (source[at] === '\\') {
        text += source[at + 1] === 'n' ? '\n' : source[at + 1];
        at += 2;
      } else if (quote === '`' && source.startsWith('${', at)) {
        text += '…';
        at = scan(at + 2, true);
      } else {
        text += source[at];
        at += 1;
      }
    }
    const last = found.at(-1);
    if (last && endOfLast >= 0 && JOINED.test(source.slice(endOfLast, start))) last.text += text;
    else found.push({ text, at: start });
    endOfLast = at + 1;
    return at + 1;
  }

  function regex(start: number): number {
    let isInClass = false;
    for (let at = start + 1; at < source.length; at += 1) {
      if (source[at] === '\\') at += 1;
      else if (source[at] === '[') isInClass = true;
      else if (source[at] === ']') isInClass = false;
      else if (source[at] === '/' && !isInClass) return at + 1;
    }
    return source.length;
  }

  function endOf(mark: string, from: number): number {
    const end = source.indexOf(mark, from);
    return end < 0 ? source.length : end + mark.length;
  }
}
