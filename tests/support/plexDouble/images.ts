import { createHash } from 'node:crypto';
import type { ArtField, Candidate, ItemRecord } from './ItemRecord.ts';
import type { LibraryState } from './LibraryState.ts';
import type { PlexSwitches } from './PlexSwitches.ts';

/**
 * Takes uploaded bytes: names them by their SHA-1, adds a candidate unless there is one of that name, selects it and
 * locks the field (row 21).
 */
export function uploadImage(
  state: LibraryState,
  record: ItemRecord,
  field: ArtField,
  bytes: Buffer,
  switches: PlexSwitches,
): void {
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  if (switches.keepImageBytes && !state.images.has(sha1)) state.images.set(sha1, Buffer.from(bytes));
  const ratingKey = `upload://${field === 'thumb' ? 'posters' : 'art'}/${sha1}`;
  addCandidate(record, field, { ratingKey, provider: undefined, sha1, bytes: bytes.length });
  selectAndLock(state, record, field, ratingKey, switches);
}

/** Takes an address to fetch a picture from; the candidate is named after it. Nothing is fetched (row 21). */
export function uploadByUrl(
  state: LibraryState,
  record: ItemRecord,
  field: ArtField,
  url: string,
  switches: PlexSwitches,
): void {
  addCandidate(record, field, { ratingKey: url, provider: undefined, sha1: undefined, bytes: 0 });
  selectAndLock(state, record, field, url, switches);
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

function addCandidate(record: ItemRecord, field: ArtField, candidate: Candidate): void {
  const { candidates } = record.artwork[field];
  // A new array: the slot of 100 000 items starts small and is seldom added to.
  if (candidates.every(({ ratingKey }) => ratingKey !== candidate.ratingKey)) {
    record.artwork[field].candidates = [...candidates, candidate];
  }
}
