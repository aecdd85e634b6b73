import { type Criterion, unsupportedModifier } from './compareCriterion.ts';

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** SQL `LIKE`: `%` and `_` are wildcards, ASCII case is ignored. */
function like(text: string, pattern: string): boolean {
  const source = asciiLower(pattern)
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'su').test(asciiLower(text));
}

/** The alternatives of `INCLUDES`: every word, or the whole value if it is in double quotes. */
function words(value: string): string[] {
  if (value.length >= 2 && value.startsWith('"') && value.endsWith('"')) return [value.slice(1, -1)];
  return value.split(/\s+/).filter((word) => word !== '');
}

/** Compares texts (the paths of a scene's files, its title …) with a criterion: true if any of them matches. */
export function compareText(texts: readonly string[], criterion: Criterion<string>): boolean {
  const { value, modifier } = criterion;
  const matchesAny = (test: (text: string) => boolean): boolean => texts.some(test);
  const includes = (text: string) => words(value).some((word) => like(text, `%${word}%`));
  switch (modifier) {
    case 'EQUALS':
      return matchesAny((text) => like(text, value));
    case 'NOT_EQUALS':
      return !matchesAny((text) => like(text, value));
    case 'INCLUDES':
      return matchesAny(includes);
    case 'EXCLUDES':
      return !matchesAny(includes);
    case 'MATCHES_REGEX':
      return matchesAny((text) => new RegExp(value, 'u').test(text));
    case 'NOT_MATCHES_REGEX':
      return !matchesAny((text) => new RegExp(value, 'u').test(text));
    case 'IS_NULL':
      return !matchesAny((text) => text !== '');
    case 'NOT_NULL':
      return matchesAny((text) => text !== '');
    default:
      throw unsupportedModifier('text', modifier);
  }
}
