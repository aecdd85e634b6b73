/** How a filter compares (`CriterionModifier`). */
export type Modifier =
  | 'EQUALS'
  | 'NOT_EQUALS'
  | 'GREATER_THAN'
  | 'LESS_THAN'
  | 'IS_NULL'
  | 'NOT_NULL'
  | 'INCLUDES_ALL'
  | 'INCLUDES'
  | 'EXCLUDES'
  | 'MATCHES_REGEX'
  | 'NOT_MATCHES_REGEX'
  | 'BETWEEN'
  | 'NOT_BETWEEN';

/** A filter on a number or a time stamp. */
export interface Criterion<T extends number | string> {
  readonly value: T;
  readonly value2?: T | null;
  readonly modifier: Modifier;
}

/** A filter on related objects. */
export interface MultiCriterion {
  readonly value?: readonly string[] | null;
  readonly modifier: Modifier;
}

/** The kinds of filters, each of which has words of its own for a modifier that it does not know. */
export type FilterKind = 'text' | 'number' | 'date' | 'related';

/** What Stash answers when a field does not know the modifier: it panics. */
export function unsupportedModifier(kind: FilterKind, modifier: Modifier): Error {
  const words = {
    text: 'unsupported string filter modifier',
    number: `unsupported numeric modifier type ${modifier}`,
    date: 'unsupported date modifier type',
    related: `unsupported modifier ${modifier}`,
  };
  return new Error(`Internal system error. Error <${words[kind]}>`);
}

/** Compares a stored value with a criterion the way SQLite does it: numbers as numbers, everything else as text. */
export function compareCriterion<T extends number | string>(
  stored: T | null,
  criterion: Criterion<T>,
): boolean {
  const { value, modifier } = criterion;
  const value2 = criterion.value2 ?? value;
  if (modifier === 'IS_NULL') return stored === null;
  if (modifier === 'NOT_NULL') return stored !== null;
  // In SQL every comparison with NULL is NULL, which is not true.
  if (stored === null) return false;
  switch (modifier) {
    case 'EQUALS':
      return stored === value;
    case 'NOT_EQUALS':
      return stored !== value;
    case 'GREATER_THAN':
      return stored > value;
    case 'LESS_THAN':
      return stored < value;
    case 'BETWEEN':
      return stored >= value && stored <= value2;
    case 'NOT_BETWEEN':
      return stored < value || stored > value2;
    default:
      throw unsupportedModifier(typeof value === 'number' ? 'number' : 'date', modifier);
  }
}

/**
 * Compares a stored time stamp: as text, not as a time. A value that looks like a number is taken for one by SQLite, and
 * numbers sort below every text.
 */
export function compareTimestamp(stored: string, criterion: Criterion<string>): boolean {
  const asText = (value: string) => (/^\s*[+-]?\d+(\.\d*)?\s*$/.test(value) ? '' : value);
  const { value, value2, modifier } = criterion;
  const text2 = value2 == null ? {} : { value2: asText(value2) };
  return compareCriterion(stored, { value: asText(value), ...text2, modifier });
}

/** Compares the ids of related objects with a criterion. */
export function compareRelated(ids: readonly string[], criterion: MultiCriterion): boolean {
  const wanted = criterion.value ?? [];
  switch (criterion.modifier) {
    case 'IS_NULL':
      return ids.length === 0;
    case 'NOT_NULL':
      return ids.length > 0;
    case 'INCLUDES':
      return wanted.length === 0 || wanted.some((id) => ids.includes(id));
    case 'INCLUDES_ALL':
      return wanted.every((id) => ids.includes(id));
    case 'EXCLUDES':
      return !wanted.some((id) => ids.includes(id));
    default:
      throw unsupportedModifier('related', criterion.modifier);
  }
}
