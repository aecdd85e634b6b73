import { createHash } from 'node:crypto';
import type { ArtField, Candidate, ItemRecord } from './ItemRecord.ts';
import type { LibraryState } from './LibraryState.ts';
import type { PlexSwitches } from './PlexSwitches.ts';

/**
 * Takes uploaded bytes: named by their SHA-1 in lower-case hex, they become a candidate, which is selected and, as the
 * switch `uploadLocks` says, locked. Bytes that the item already holds change nothing at all (9.1, 9.2).
 */
export function uploadImage(
  state: LibraryState,
  record: ItemRecord,
  field: ArtField,
  bytes: Buffer,
  switches: PlexSwitches,
): void {
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  const ratingKey = `upload://${field === 'thumb' ? 'posters' : 'art'}/${sha1}`;
  const isNew = takeUpload(
    state,
    record,
    field,
    { ratingKey, provider: undefined, sha1, bytes: bytes.length },
    switches,
  );
  if (isNew && switches.keepImageBytes) state.images.set(sha1, Buffer.from(bytes));
}

/**
 * Takes an address to fetch a picture from; the candidate is named after it. Nothing is fetched, and an address that
 * the item already holds changes nothing, as its bytes would not (row 21, 9.1).
 */
export function uploadByUrl(
  state: LibraryState,
  record: ItemRecord,
  field: ArtField,
  url: string,
  switches: PlexSwitches,
): void {
  takeUpload(
    state,
    record,
    field,
    { ratingKey: url, provider: undefined, sha1: undefined, bytes: 0 },
    switches,
  );
}

/** Selects a candidate and locks the field. Returns false when there is no such candidate. */
export function selectAndLock(
  state: LibraryState,
  record: ItemRecord,
  field: ArtField,
  ratingKey: string,
  switches: PlexSwitches,
): boolean {
  if (!selectCandidate(state, record, field, ratingKey, switches)) return false;
  record.locked.add(field);
  return true;
}

/** Selects a candidate without locking, as an agent does. The item's path changes with the picture, after a delay. */
export function selectCandidate(
  state: LibraryState,
  record: ItemRecord,
  field: ArtField,
  ratingKey: string,
  switches: PlexSwitches,
): boolean {
  const slot = record.artwork[field];
  if (!slot.candidates.some((candidate) => candidate.ratingKey === ratingKey)) return false;
  if (slot.selected === ratingKey) return true;
  slot.selected = ratingKey;
  state.timeline.after(switches.imageDelayMs, () => {
    if (slot.selected === undefined) return;
    state.touch(record);
    slot.stamp = Math.max(record.updatedAt, slot.stamp + 1);
    slot.path = `/library/metadata/${record.ratingKey}/${field}/${slot.stamp}`;
  });
  return true;
}

/** Leaves the item without a picture of that kind, and locks it so (3.9). */
export function deselectImage(state: LibraryState, record: ItemRecord, field: ArtField): void {
  const slot = record.artwork[field];
  slot.selected = undefined;
  slot.path = undefined;
  record.locked.add(field);
  state.touch(record);
}

/** Adds and selects an uploaded candidate. Returns false, nothing done, when the item holds it already (9.1). */
function takeUpload(
  state: LibraryState,
  record: ItemRecord,
  field: ArtField,
  candidate: Candidate,
  switches: PlexSwitches,
): boolean {
  const slot = record.artwork[field];
  if (slot.candidates.some(({ ratingKey }) => ratingKey === candidate.ratingKey)) return false;
  // A new array: the slot of 100 000 items starts small and is seldom added to.
  slot.candidates = [...slot.candidates, candidate];
  selectCandidate(state, record, field, candidate.ratingKey, switches);
  if (switches.uploadLocks) record.locked.add(field);
  return true;
}
