import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import { editEffect } from './editEffect.ts';
import { fieldValue, plainText } from './fieldValue.ts';
import { fieldWord } from './fieldWords.ts';
import { isListTag } from './listNames.ts';
import { SORT_TITLE } from './sortTitle.ts';

/** A field of an item before and after an edit, by the name that Stash users know; lists as names separated by commas, nothing as ''. */
export interface FieldChange {
  field: string;
  from: string;
  to: string;
}

/**
 * What edits change, read from the edits themselves: what an item looks like before the first and after the last of them, texts before
 * lists. Pure.
 *
 * @param edits parameters of PUTs to this item, in their order.
 */
export function editChanges(item: PlexItem, edits: readonly QueryPairs[]): FieldChange[] {
  // Without a word about its lock it only goes along with the title.
  const isSortTitleMeant = edits.flat().some(([key]) => key === `${SORT_TITLE}.locked`);
  const changes = [...editEffect(item, edits, 'add')]
    .filter(([field]) => field !== SORT_TITLE || isSortTitleMeant)
    .map(([field, value]) => ({ field, from: plainText(fieldValue(item, field)), to: plainText(value) }))
    // A sort title may be sent once more with a new title; a list is sent when it is another one, if only in its order.
    .filter(({ field, from, to }) => isListTag(field) || from !== to);
  return [false, true].flatMap((isList) =>
    changes
      .filter(({ field }) => isListTag(field) === isList)
      .map(({ field, ...change }) => ({ field: fieldWord(field), ...change })),
  );
}
