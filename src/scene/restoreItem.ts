import { betweenPuts } from '../edit/betweenPuts.ts';
import type { FieldWrite } from '../edit/EditRequest.ts';
import { fieldValue, isEquivalent } from '../edit/fieldValue.ts';
import { type RestoreEdit, restoreEdit, type ValueChange } from '../edit/restoreEdit.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { FieldSnapshot } from '../queue/ItemSnapshot.ts';
import { type LockName, PICTURES } from './planImages.ts';
import { type PictureEnd, restorePicture } from './restorePicture.ts';
import { LimitFound, type Refusal, writeEdit } from './writeEdit.ts';

/** An item and what it was. */
export interface RestoreInput {
  /** In full, as just read. */
  item: PlexItem;
  fields: Readonly<Record<string, FieldSnapshot>>;
  isForced: boolean;
  /** Edits work for other items: a refusal is about this one's data. */
  isEditProven: boolean;
  /** Keeps, before several PUTs are sent, what fields may hold if not all of them are. */
  expect: (fields: Readonly<Record<string, FieldSnapshot>>) => void;
}

/** How the restoring of an item ended. */
export interface ItemRestore {
  changes: ValueChange[];
  /** Something was written, if only a lock. */
  hasWritten: boolean;
  /** Fields that somebody has changed since. */
  left: string[];
  refused: Refusal[];
  pictures: Partial<Record<LockName, PictureEnd>>;
  /** Lists of which Plex takes the first names only. */
  shortened: string[];
}

/** Pictures whose restoring has come to its end, and whose lock is put right. */
const ENDED: ReadonlySet<PictureEnd> = new Set(['back', 'gone', 'unknown', 'kept']);
/** As for a sync: the limit is exact at once, as a rule. */
const MAX_ROUNDS = 3;

/**
 * Gives an item back what it was: a look and a selection for each picture, then one PUT for everything else, a second one where the order
 * of a list asks for it, and a request more for a rating that there was not. Safe to repeat at any time: what is back already is left.
 *
 * @throws PlexError
 */
export async function restoreItem(input: RestoreInput, plex: PlexClient): Promise<ItemRestore> {
  const { item, fields, isForced } = input;
  const pictures: ItemRestore['pictures'] = {};
  const alongside: FieldWrite[] = [];
  for (const artwork of ['poster', 'art'] as const) {
    const { lock } = PICTURES[artwork];
    const snapshot = fields[lock];
    if (!snapshot) continue;
    const end = await restorePicture(item, artwork, snapshot, isForced, plex);
    pictures[lock] = end;
    const isLocked = end === 'back' || item.locked.has(lock);
    if (isLocked !== snapshot.locked && (ENDED.has(end) || end === 'right'))
      alongside.push({
        field: lock,
        puts: [[[`${lock}.locked`, snapshot.locked ? '1' : '0']]],
        empties: false,
      });
  }
  const { edit, refused } = await writeWhatFits(input, alongside, plex);
  const isWritten = ({ field }: { field: string }) => !refused.some((refusal) => refusal.field === field);
  return {
    changes: edit.changes.filter(isWritten),
    hasWritten: edit.requests.length > 0 || edit.clearsRating || Object.values(pictures).includes('back'),
    left: edit.left,
    refused,
    pictures,
    shortened: await fillHeads(edit, input, plex),
  };
}

async function writeWhatFits(
  { item, fields, isForced, isEditProven: takesApart, expect }: RestoreInput,
  alongside: readonly FieldWrite[],
  plex: PlexClient,
): Promise<{ edit: RestoreEdit; refused: Refusal[] }> {
  for (let round = 1; ; round += 1) {
    const longestEdit = plex.longestEdit();
    const edit = restoreEdit(item, fields, { isForced, longestEdit, alongside });
    const between = betweenPuts(item, fields, edit.requests);
    if (between) expect(between);
    try {
      return { edit, refused: await writeEdit(edit, item, { plex, suspects: [], takesApart, longestEdit }) };
    } catch (error) {
      if (!(error instanceof LimitFound)) throw error;
      if (round === MAX_ROUNDS) throw error.cause;
    }
  }
}

/** A Plex that replaces its lists has only the last names of one that went in pieces: the first ones are of more use. */
async function fillHeads(
  { heads }: RestoreEdit,
  { item: { sectionKey, ratingKey }, fields }: RestoreInput,
  plex: PlexClient,
): Promise<string[]> {
  if (heads.size === 0) return [];
  const [now] = await plex.items([ratingKey]);
  const shortened: string[] = [];
  for (const [field, head] of heads) {
    const was = fields[field]?.was;
    if (!now || was === undefined || isEquivalent(field, fieldValue(now, field), was)) continue;
    await plex.edit(sectionKey, ratingKey, head);
    shortened.push(field);
  }
  return shortened;
}
