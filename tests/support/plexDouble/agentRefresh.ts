import type { ItemRecord } from './ItemRecord.ts';
import { derivedTitleSort, TEXT_FIELDS } from './ItemRecord.ts';
import { selectCandidate } from './images.ts';
import { addScannedTags, removeTags, scannedTags, tagNames } from './itemTags.ts';
import type { LibraryState } from './LibraryState.ts';
import { scannedText } from './newRecord.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import { TAG_KINDS } from './TagRegistry.ts';

/**
 * A metadata refresh: every field, tag list and picture that is not locked goes back to what the scanner found
 * (row 25). The user's rating is not the agent's business.
 */
export function agentRefresh(state: LibraryState, record: ItemRecord, switches: PlexSwitches): void {
  const scanned = scannedText(record.scanned);
  for (const field of TEXT_FIELDS) {
    if (record.locked.has(field)) continue;
    const value = field === 'titleSort' ? foundSort(record) : scanned[field];
    if (value === undefined) delete record.text[field];
    else record.text[field] = value;
    state.fieldChanged(record, field);
  }
  for (const kind of TAG_KINDS) {
    if (record.locked.has(kind)) continue;
    const found = new Set(scannedTags(record.scanned, kind).map(({ tag }) => tag.toLowerCase()));
    const gone = tagNames(record, kind).filter((name) => !found.has(name.toLowerCase()));
    addScannedTags(state, record, kind);
    removeTags(state, record, kind, gone, switches.emptyCollections);
  }
  for (const field of ['thumb', 'art'] as const) {
    const [local] = record.artwork[field].candidates;
    if (record.locked.has(field) || local?.provider === undefined) continue;
    selectCandidate(state, record, field, local.ratingKey, switches);
  }
  state.touch(record);
}

/** The scanner's sort title, or what the title gives, which may be locked and so another than the scanner's. */
function foundSort({ scanned, text }: ItemRecord): string {
  return scanned.titleSort || derivedTitleSort(text.title ?? '');
}
