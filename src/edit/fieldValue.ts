import { hash } from 'node:crypto';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { FieldSnapshot, FieldValue, ListEntry } from '../queue/ItemSnapshot.ts';
import { fold } from './listEdit.ts';
import { isListTag } from './listNames.ts';
import type { ListTag } from './listPuts.ts';
import { SORT_TITLE } from './sortTitle.ts';

/** The lists that are synced, where a Plex item has them. */
const LISTS: Readonly<Record<ListTag, (item: PlexItem) => ListEntry[]>> = {
  genre: ({ genres }) => genres.map((name) => [name]),
  collection: ({ collections }) => collections.map((name) => [name]),
  actor: ({ actors }) => actors.map(({ name, role }) => (role ? [name, role] : [name])),
  label: ({ labels }) => labels.map((name) => [name]),
  director: ({ directors }) => directors.map((name) => [name]),
};

/** Numbers come back with the noise of single precision, or whole, from a server that keeps them so. */
const RATING_ROUNDING = 0.5;
const HASH_LENGTH = 8;

/** What an item holds in a field, by Plex's edit name of it. */
export function fieldValue(item: PlexItem, field: string): FieldValue {
  if (isListTag(field)) return LISTS[field](item);
  const value = new Map<string, unknown>(Object.entries(item)).get(field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Whether two values are one to whoever looks: the same names with the same roles in the same order, the same text. */
export function isSameValue(field: string, left: FieldValue, right: FieldValue): boolean {
  if (typeof left === 'string' || typeof right === 'string') {
    return (
      left === right || (isRating(field) && left !== '' && right !== '' && Number(left) === Number(right))
    );
  }
  return left.length === right.length && left.every((entry, index) => isSameEntry(entry, right[index]));
}

/** Whether two values say the same, whatever order Plex puts its lists into and whatever it trims. */
export function isEquivalent(field: string, left: FieldValue, right: FieldValue): boolean {
  return isRating(field) ? isNearRating(left, right) : fingerprint(field, left) === fingerprint(field, right);
}

/** Whether two entries name the same, in the same role. */
export function isSameEntry([name, role = '']: ListEntry, other: ListEntry | undefined): boolean {
  return other !== undefined && fold(name) === fold(other[0]) && role === (other[1] ?? '');
}

/** A value in short, so that it is known again without being kept. Letter case and order of lists do not count: Plex changes them. */
export function fingerprint(field: string, value: FieldValue): string {
  if (isRating(field)) return String(value);
  const plain =
    typeof value === 'string'
      ? value.trim()
      : value
          .map(([name, role = '']) => `${fold(name)}\u0000${role}`)
          .sort()
          .join('\u0001');
  return hash('sha256', plain, 'base64url').slice(0, HASH_LENGTH);
}

/** Whether a value is what the plugin left. */
export function isOurs(field: string, value: FieldValue, { ours }: Pick<FieldSnapshot, 'ours'>): boolean {
  if (isRating(field)) return ours.some((rating) => isNearRating(rating, value));
  // Plex shows no sort title that the title gives as well.
  return (field === SORT_TITLE && value === '') || ours.includes(fingerprint(field, value));
}

/** A value as a text; of a list the names alone. */
export function plainText(value: FieldValue): string {
  return typeof value === 'string' ? value : value.map(([name]) => name).join(', ');
}

/** A value as a person reads it. */
export function valueText(value: FieldValue): string {
  if (typeof value === 'string') return value;
  return value.map(([name, role]) => (role ? `${name} as ${role}` : name)).join(', ');
}

function isRating(field: string): boolean {
  return field === 'userRating';
}

/** No stars and none at all look the same in Plex. */
function isNearRating(left: FieldValue, right: FieldValue): boolean {
  const [one, other] = [Number(left), Number(right)];
  return one > 0 === other > 0 && Math.abs(one - other) <= RATING_ROUNDING;
}
