import type { FieldChange } from '../edit/editChanges.ts';
import { valueText } from '../edit/fieldValue.ts';
import { fieldWord, fieldWords } from '../edit/fieldWords.ts';
import { PICTURE_FIELDS, restoreEdit, type ValueChange } from '../edit/restoreEdit.ts';
import { withoutSort } from '../edit/sortTitle.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { FieldSnapshot, ItemSnapshot } from '../queue/ItemSnapshot.ts';
import type { UndoEntry } from '../queue/UndoLog.ts';
import type { RestoreContext } from './RestoreContext.ts';
import type { RestoredItem } from './RestoreResult.ts';
import type { ItemRestore } from './restoreItem.ts';
import type { PictureEnd } from './restorePicture.ts';

/** An item as Plex has it, and what it was. */
export interface RestoreSubject {
  entry: UndoEntry;
  snapshot: ItemSnapshot;
  item: PlexItem;
}

/** How what is said of items is made fit to be read. */
export type ReportContext = Pick<RestoreContext, 'names' | 'redact'>;

/** What restoring an item would do; nothing is asked of anybody, so that pictures are taken for changeable. */
export interface RestoreView {
  report: RestoredItem;
  /** Fields by Plex's names. */
  changed: string[];
  left: string[];
}

/** Compares only. */
export function describeView(
  subject: RestoreSubject,
  isForced: boolean,
  context: ReportContext,
): RestoreView {
  const { fields } = subject.snapshot;
  const { changes, written, left } = restoreEdit(subject.item, fields, { isForced });
  const pictures = Object.entries(fields).filter(([field]) => PICTURE_FIELDS.has(field));
  const known = pictures.filter(([, { was }]) => was !== undefined);
  const unknown = pictures.filter(([, { was }]) => was === undefined).map(([field]) => field);
  const notes = [...leftNote(left), ...unknown.map((field) => lostText(field, 'unknown'))];
  return {
    report: {
      ...headOf(subject, context),
      changes: [...textChanges(changes, context), ...known.map(([field, was]) => pictureChange(field, was))],
      notes,
    },
    changed: [...written, ...known.map(([field]) => field)],
    left,
  };
}

/** What was restored of an item. @param notTaken fields that Plex shows as before, though it has accepted the edit. */
export function describeRestore(
  subject: RestoreSubject,
  { changes, left, refused, pictures, shortened }: ItemRestore,
  notTaken: readonly string[],
  context: ReportContext,
): RestoredItem {
  const ends = Object.entries(pictures);
  const back = ends.filter(([, end]) => end === 'back').map(([field]) => field);
  const { fields } = subject.snapshot;
  const refusals = refused.map(
    ({ field, status }) => `Plex refuses ${fieldWord(field)} (status ${status ?? 'unknown'})`,
  );
  return {
    ...headOf(subject, context),
    changes: [
      ...textChanges(changes, context),
      ...back.flatMap((field) => (fields[field] ? [pictureChange(field, fields[field])] : [])),
    ],
    notes: [
      ...leftNote([...left, ...ends.filter(([, end]) => end === 'left').map(([field]) => field)]),
      ...ends.flatMap(([field, end]) => (isLost(end) ? [lostText(field, end)] : [])),
      ...refusals,
      ...(notTaken.length > 0 ? [`Plex did not take over ${fieldWords(notTaken)}`] : []),
      ...shortened.map((field) => `Plex takes only the first names of ${fieldWord(field)}`),
    ],
  };
}

/** An item at which Plex failed. */
export function describeFailure(
  subject: RestoreSubject,
  reason: string,
  context: ReportContext,
): RestoredItem {
  return { ...headOf(subject, context), changes: [], notes: [context.redact(reason.replace(/\.$/, ''))] };
}

/** Whether the picture that an item had is not to be had any more. */
export function isLost(end: PictureEnd): end is 'gone' | 'unknown' | 'kept' {
  return end === 'gone' || end === 'unknown' || end === 'kept';
}

function headOf(
  { entry, item }: RestoreSubject,
  { names }: ReportContext,
): Omit<RestoredItem, 'changes' | 'notes'> {
  return { ratingKey: entry.ratingKey, item: names.name(item.title), sceneIds: entry.sceneIds };
}

function textChanges(changes: readonly ValueChange[], { names }: ReportContext): FieldChange[] {
  return changes.map(({ field, from, to }) => {
    const show = (value: ValueChange['from']) =>
      field.startsWith('title') ? names.name(valueText(value)) : valueText(value);
    return { field: fieldWord(field), from: show(from), to: show(to) };
  });
}

function pictureChange(field: string, { was }: FieldSnapshot): FieldChange {
  return {
    field: fieldWord(field),
    from: "the scene's cover",
    to: was === '' ? '' : 'the picture of before',
  };
}

function leftNote(left: readonly string[]): string[] {
  if (left.length === 0) return [];
  const said = withoutSort(left);
  const end =
    said.length > 1 ? 'were changed by somebody since and stay' : 'was changed by somebody since and stays';
  return [`${fieldWords(said)} ${end} so`];
}

function lostText(field: string, end: 'gone' | 'unknown' | 'kept'): string {
  const word = fieldWord(field);
  if (end === 'gone') return `the ${word} of before is not in Plex any more`;
  if (end === 'unknown') return `Plex did not tell which ${word} it had`;
  return `it had no ${word}, and this Plex cannot take one away`;
}
