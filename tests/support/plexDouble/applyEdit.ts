import type { EditForm, TagEdit } from './editForm.ts';
import {
  derivedTitleSort,
  type ItemRecord,
  RATING_FIELDS,
  shownTitleSort,
  TEXT_FIELDS,
} from './ItemRecord.ts';
import { addTag, removeTags, tagNames } from './itemTags.ts';
import type { LibraryState } from './LibraryState.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import { isTagKind, type TagKind } from './TagRegistry.ts';

const LOCKABLE = new Set<string>([...TEXT_FIELDS, ...RATING_FIELDS, 'addedAt', 'year', 'thumb', 'art']);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The status that rejects an edit as a whole, or undefined when it may be applied. */
export function editProblem(form: EditForm, switches: PlexSwitches): number | undefined {
  if (form.namesRole && switches.roleParameter === 'reject') return 403;
  for (const [field, value] of form.values) {
    if (!isScalar(field)) {
      if (switches.unknownScalar === 'reject') return 400;
    } else if (field === 'editionTitle' && !switches.plexPass) {
      return 400;
    } else if (!isValid(field, value)) {
      // Invalid data in a known field is a 500, not a 400 (2.8).
      return 500;
    }
  }
  return undefined;
}

/** Applies an edit to one item: values, locks and tags. Nothing is locked that was not asked for (row 11). */
export function applyEdit(
  state: LibraryState,
  record: ItemRecord,
  form: EditForm,
  switches: PlexSwitches,
): void {
  let touched = false;
  // Rebuilt further down, from the title as it will be.
  if (switches.titleEditRebuildsSort && leavesSortToTitle(record, form)) delete record.text.titleSort;
  for (const [field, value] of form.values) {
    touched = setScalar(state, record, field, switches.trimText ? value.trim() : value) || touched;
  }
  if (record.text.titleSort === undefined) {
    // An empty sort title has it made from the title, in whatever order the two came (9.5).
    record.text.titleSort = derivedTitleSort(record.text.title ?? '');
    state.fieldChanged(record, 'titleSort');
  }
  for (const [field, locked] of form.locks) {
    if (!LOCKABLE.has(field) && !isTagKind(field)) continue;
    if (locked) record.locked.add(field);
    else record.locked.delete(field);
  }
  for (const [kind, edit] of form.tags) {
    applyTagEdit(state, record, kind, edit, switches);
    touched ||= switches.tagEditsBumpUpdatedAt;
  }
  if (touched) state.touch(record);
}

/** Whether an edit names the title alone and the stored sort title is only what the title gave. */
function leavesSortToTitle(record: ItemRecord, { values }: EditForm): boolean {
  const names = (wanted: string) => values.some(([field]) => field === wanted);
  if (!names('title') || names('titleSort') || record.locked.has('titleSort')) return false;
  return shownTitleSort(record) === undefined;
}

function isScalar(field: string): boolean {
  return field === 'addedAt' || field === 'year' || isText(field) || isRating(field);
}

function isText(field: string): field is (typeof TEXT_FIELDS)[number] {
  return TEXT_FIELDS.some((name) => name === field);
}

function isRating(field: string): field is (typeof RATING_FIELDS)[number] {
  return RATING_FIELDS.some((name) => name === field);
}

function isValid(field: string, value: string): boolean {
  if (field === 'originallyAvailableAt') return value === '' || ISO_DATE.test(value);
  if (isRating(field)) return value === '' || (Number(value) >= 0 && Number(value) <= 10);
  if (field === 'addedAt') return /^\d+$/.test(value);
  return true;
}

/** Sets a scalar, or clears it when empty. Returns whether the field took it. */
function setScalar(state: LibraryState, record: ItemRecord, field: string, value: string): boolean {
  if (field === 'addedAt') {
    record.addedAt = Number(value);
  } else if (isRating(field)) {
    if (value === '') delete record.ratings[field];
    else record.ratings[field] = Number(value);
    if (field === 'userRating') record.lastRatedAt = value === '' ? undefined : state.timeline.nowSecs();
  } else if (isText(field)) {
    // What an empty title does is not known; here it does nothing, so that it shows as not taken over (3.6.1).
    if (field === 'title' && value === '') return false;
    if (value === '') delete record.text[field];
    else record.text[field] = value;
  } else {
    // `year` follows from the date; unknown names get here only when they are to be ignored.
    return false;
  }
  state.fieldChanged(record, field);
  return true;
}

/** Clearing first, then additions, then removals, whatever their order in the query (row 12). */
function applyTagEdit(
  state: LibraryState,
  record: ItemRecord,
  kind: TagKind,
  edit: TagEdit,
  switches: PlexSwitches,
): void {
  const { emptyCollections, tagMode } = switches;
  const added = edit.additions.map((addition) => ({
    addition,
    tag: state.tags.obtainByEdit(kind, addition.name),
  }));
  if (edit.clear || (tagMode === 'replace' && added.length > 0)) {
    // A collection that loses this member only to get it back must not vanish in between.
    const staying = new Set(added.map(({ tag }) => tag));
    const gone = tagNames(record, kind).filter((name) => !staying.has(state.tags.obtain(kind, name)));
    removeTags(state, record, kind, gone, emptyCollections);
    // The list starts anew: the order is that of the edit, and roles that were not sent again are lost (3.6.5).
    delete record.tags[kind];
  }
  for (const { addition, tag } of added) {
    if (addition.thumb !== undefined) tag.thumb = addition.thumb || undefined;
    if (addition.tagKey !== undefined) tag.tagKey = addition.tagKey || undefined;
    addTag(state, record, tag, addition.role);
  }
  removeTags(state, record, kind, edit.removals, emptyCollections);
}
