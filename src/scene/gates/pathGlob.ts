/** Whether a path as Stash has it is meant. */
export type PathTest = (path: string) => boolean;

/**
 * A pattern for whole paths, by upper and lower case: `*` and `?` stand for anything within one folder's or file's name, `**` for any number
 * of folders, `{a,b}` for one or the other. Everything else stands for itself, also what libraries for patterns take for syntax: brackets,
 * parentheses, `!`, `+` and `@` are common in names of films. Both separators are the same.
 *
 * Two forms save a trap: one without a place to start from (`*.iso`, `trailers/**`) counts in every folder, and a plain path without any
 * pattern is a file or everything below a folder. Every text is a pattern.
 */
export function pathGlob(pattern: string): PathTest {
  const text = plain(pattern);
  const isRooted = /^([A-Za-z]:)?\//.test(text);
  const isPlain = !/[*?{]/.test(text);
  // A separator behind it says "folder".
  const ending = text.endsWith('/') ? '.*' : isPlain ? '(?:/.*)?' : '';
  const source = `^${isRooted ? '' : '(?:.*/)?'}${sourceOf(text)}${ending}$`;
  const expression = new RegExp(source, 'su');
  return (path) => expression.test(plain(path));
}

/** One form of letters, one separator. */
function plain(path: string): string {
  return path.normalize('NFC').replaceAll('\\', '/');
}

/** `**` between separators may be no folder at all; elsewhere it is as good as anything. */
const TOKENS = /(?<=^|\/)\*\*(?:\/\*\*)*\/|\*\*+|\*|\?|[{},]|[^*?{},]+/gu;

function sourceOf(pattern: string): string {
  const tokens = pattern.match(TOKENS) ?? [];
  let result = '';
  /** Where open braces are closed; one that is not is a brace. */
  const closings: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (closings.at(-1) === index) {
      closings.pop();
      result += ')';
      continue;
    }
    const closing = token === '{' ? closingOf(tokens, index) : undefined;
    if (closing !== undefined) {
      closings.push(closing);
      result += '(?:';
    } else if (token === ',' && closings.length > 0) result += '|';
    else result += sourceOfToken(token);
  }
  return result;
}

function sourceOfToken(token: string): string {
  if (token.startsWith('**')) return token.endsWith('/') ? '(?:.*/)?' : '.*';
  if (token === '*') return '[^/]*';
  return token === '?' ? '[^/]' : escaped(token);
}

function closingOf(tokens: readonly string[], opening: number): number | undefined {
  let depth = 0;
  for (let index = opening; index < tokens.length; index += 1) {
    if (tokens[index] === '{') depth += 1;
    if (tokens[index] === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return undefined;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
