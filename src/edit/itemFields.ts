import type { PlexItem } from '../plex/PlexItem.ts';
import { wantedCollections } from './collections.ts';
import type { FieldChange } from './editChanges.ts';
import { fieldValue, plainText } from './fieldValue.ts';
import { fieldWord } from './fieldWords.ts';
import type { WantedItem } from './WantedItem.ts';

/** A field as it is in Stash, in Plex now, and in Plex after the next sync; lists as names separated by commas, nothing as ''. */
export interface ItemField {
  /** By the name that Stash users know. */
  field: string;
  stash: string;
  now: string;
  next: string;
}

type WantedField = Exclude<keyof WantedItem, 'leavesPictures' | 'shortened'>;

/** Plex's name of each wanted member that is a field, in the order of the page. */
const PLEX_FIELDS: Readonly<Record<WantedField, string>> = {
  title: 'title',
  titleSort: 'titleSort',
  originalTitle: 'originalTitle',
  studio: 'studio',
  originallyAvailableAt: 'originallyAvailableAt',
  summary: 'summary',
  actors: 'actor',
  directors: 'director',
  genres: 'genre',
  labels: 'label',
  collection: 'collection',
  parentCollections: 'collection',
  groupCollections: 'collection',
  contentRating: 'contentRating',
  userRating: 'userRating',
};

/**
 * An item's fields side by side: those that are synced, changed or not, and whatever else changes. Pure.
 *
 * @param wanted what Stash has, with the toggles applied.
 * @param changes what the next sync changes, as `editChanges` and the pictures tell it.
 */
export function itemFields(item: PlexItem, wanted: WantedItem, changes: readonly FieldChange[]): ItemField[] {
  const synced = [...new Set(Object.values(PLEX_FIELDS))].flatMap((plexField): ItemField[] => {
    const value = wantedValue(wanted, plexField);
    if (value === undefined) return [];
    const now = plainText(fieldValue(item, plexField));
    const field = fieldWord(plexField);
    const change = changes.find((each) => each.field === field);
    return [{ field, stash: shown(value), now, next: change ? change.to : now }];
  });
  const others = changes.filter(({ field }) => !synced.some((each) => each.field === field));
  return [...synced, ...others.map(({ field, from, to }) => ({ field, stash: to, now: from, next: to }))];
}

type WantedValue = string | number | null | readonly string[];

/** What Stash has for a field of Plex; undefined where it is not synced. */
function wantedValue(wanted: WantedItem, plexField: string): WantedValue | undefined {
  if (plexField === 'collection') return wantedCollections(wanted);
  const member = Object.entries(PLEX_FIELDS).find(([, field]) => field === plexField)?.[0];
  return wanted[member as WantedField];
}

function shown(value: WantedValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}
