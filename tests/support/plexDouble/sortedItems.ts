import { type ItemRecord, yearOf } from './ItemRecord.ts';
import type { SectionRecord } from './SectionRecord.ts';

type SortValue = string | number | undefined;

/** A section's items in the order that `sort=` names, by title when it names none. Kept until it no longer holds. */
export function sortedItems(
  section: SectionRecord,
  sort = 'titleSort',
  byUser = false,
): readonly ItemRecord[] {
  // Ratings are each account's own (9.10).
  const name = byUser ? `user:${sort}` : sort;
  const known = section.sorted.get(name);
  if (known !== undefined) return known;
  const items = [...section.items.values()];
  // Least significant field first: the sort is stable.
  for (const term of sort.split(',').reverse()) {
    const [field = '', direction = 'asc'] = term.split(':');
    const keyed = items.map((record) => ({ record, value: sortValue(record, field, byUser) }));
    keyed.sort((a, b) => (direction === 'desc' ? compare(b.value, a.value) : compare(a.value, b.value)));
    for (const [index, { record }] of keyed.entries()) items[index] = record;
  }
  section.sorted.set(name, items);
  return items;
}

function compare(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

function sortValue(record: ItemRecord, field: string, byUser: boolean): SortValue {
  const { text, ratings } = record;
  switch (field) {
    case 'titleSort':
      return text.titleSort?.toLowerCase();
    case 'title':
      return (text.title ?? '').toLowerCase();
    case 'summary':
      return text.summary;
    case 'tagline':
      return text.tagline;
    case 'studio':
      return text.studio;
    case 'originallyAvailableAt':
      return text.originallyAvailableAt;
    case 'year':
      return yearOf(record);
    case 'userRating':
      return byUser ? record.userRates?.rating : ratings.userRating;
    case 'rating':
      return ratings.rating;
    case 'lastViewedAt':
      return record.scanned.lastViewedAt;
    case 'addedAt':
      return record.addedAt;
    case 'updatedAt':
      return record.updatedAt;
    case 'duration':
      return record.scanned.durationMs;
    case 'guid':
      return record.guid;
    case 'id':
      return Number(record.ratingKey);
    default:
      // Unknown fields sort nothing; the order stays that of adding.
      return undefined;
  }
}
