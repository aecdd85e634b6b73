import { type ItemRecord, yearOf } from './ItemRecord.ts';
import { decodeQueryPart, type QueryPair } from './rawQuery.ts';
import { isTagKind, sameName, type TagKind } from './TagRegistry.ts';

/** Says whether an item passes. */
export type ItemFilter = (record: ItemRecord) => boolean;

const UNIT_SECS: Readonly<Record<string, number>> = {
  m: 60,
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
  mon: 30 * 86_400,
  y: 365 * 86_400,
};

/**
 * The filters of a query. Names are compared after decoding and with their operator; one that is unknown filters
 * nothing, so everything is returned (row 8). `byUser`: ratings are those of who is not the admin (9.10).
 */
export function itemFilters(rawPairs: readonly QueryPair[], nowSecs: number, byUser: boolean): ItemFilter[] {
  const filters: ItemFilter[] = [];
  for (const [rawKey, rawValue] of rawPairs) {
    // `title==x` unencoded is the operator `==`: its first `=` belongs to the name (2.6).
    const [key, value] = rawValue.startsWith('=') ? [`${rawKey}=`, rawValue.slice(1)] : [rawKey, rawValue];
    const filter = itemFilter(decodeQueryPart(key), decodeQueryPart(value), nowSecs, byUser);
    if (filter !== undefined) filters.push(filter);
  }
  return filters;
}

function itemFilter(key: string, value: string, nowSecs: number, byUser: boolean): ItemFilter | undefined {
  const [, field = '', operator = ''] = /^([A-Za-z]+)(.*)$/.exec(key) ?? [];
  // There is no way to say a comma in a filter: it always separates alternatives (2.6).
  const alternatives = value.split(',');
  switch (field) {
    case 'title':
      return textFilter((record) => record.text.title ?? '', operator, alternatives, hasWordBeginningWith);
    case 'studio':
      return textFilter((record) => record.text.studio ?? '', operator, alternatives, containsIgnoringCase);
    case 'addedAt':
      return stampFilter((record) => record.addedAt, operator, value, nowSecs);
    case 'updatedAt':
      return stampFilter((record) => record.updatedAt, operator, value, nowSecs);
    case 'trash':
      return operator === '' && value === '1' ? (record) => record.deletedAt !== undefined : undefined;
    case 'year':
      // Known to do nothing, as `lastViewedAt` with any operator (9.12).
      if (operator === '>>') return undefined;
      return numberFilter(yearOf, operator, alternatives.map(Number));
    case 'userRating':
      return numberFilter(
        (record) => (byUser ? record.userRates?.rating : record.ratings.userRating),
        operator,
        alternatives.map(Number),
      );
    default:
      return isTagKind(field) ? tagFilter(field, operator, alternatives) : undefined;
  }
}

function textFilter(
  text: (record: ItemRecord) => string,
  operator: string,
  alternatives: readonly string[],
  contains: (text: string, wanted: string) => boolean,
): ItemFilter | undefined {
  const some = (test: (text: string, wanted: string) => boolean): ItemFilter => {
    return (record) => alternatives.some((wanted) => test(text(record), wanted));
  };
  const none =
    (filter: ItemFilter): ItemFilter =>
    (record) =>
      !filter(record);
  const lower = (value: string) => value.toLowerCase();
  switch (operator) {
    case '':
      return some(contains);
    case '!':
      return none(some(contains));
    case '=':
      return some((value, wanted) => value === wanted);
    case '!=':
      return none(some((value, wanted) => value === wanted));
    case '<':
      return some((value, wanted) => lower(value).startsWith(lower(wanted)));
    case '>':
      return some((value, wanted) => lower(value).endsWith(lower(wanted)));
    default:
      return undefined;
  }
}

/** How `title=` matches: some word begins with it; a trailing comma makes an alternative that matches all (3.4). */
function hasWordBeginningWith(title: string, wanted: string): boolean {
  const [text, start] = [title.toLowerCase(), wanted.toLowerCase()];
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return true;
  }
  return false;
}

function containsIgnoringCase(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted.toLowerCase());
}

function stampFilter(
  stamp: (record: ItemRecord) => number,
  operator: string,
  value: string,
  nowSecs: number,
): ItemFilter | undefined {
  const [, count, unit = ''] = /^-(\d+)(m|h|d|w|mon|y)$/.exec(value) ?? [];
  const limit = count === undefined ? Number(value) : nowSecs - Number(count) * (UNIT_SECS[unit] ?? 0);
  if (operator === '>>') return (record) => stamp(record) > limit;
  if (operator === '<<') return (record) => stamp(record) < limit;
  return undefined;
}

function numberFilter(
  number: (record: ItemRecord) => number | undefined,
  operator: string,
  wanted: readonly number[],
): ItemFilter | undefined {
  const [limit = 0] = wanted;
  switch (operator) {
    case '':
      return (record) => wanted.includes(number(record) ?? Number.NaN);
    case '!':
      return (record) => !wanted.includes(number(record) ?? Number.NaN);
    case '>>':
      return (record) => (number(record) ?? Number.NaN) > limit;
    case '<<':
      return (record) => (number(record) ?? Number.NaN) < limit;
    default:
      return undefined;
  }
}

/** Tags are filtered by id; names pass too, as several clients send them (3.4). */
function tagFilter(kind: TagKind, operator: string, alternatives: readonly string[]): ItemFilter | undefined {
  const carries: ItemFilter = (record) =>
    (record.tags[kind] ?? []).some(({ tag }) =>
      alternatives.some((wanted) => wanted === String(tag.id) || sameName(wanted, tag.tag)),
    );
  if (operator === '') return carries;
  if (operator === '!') return (record) => !carries(record);
  return undefined;
}
