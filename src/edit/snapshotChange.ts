import { hash } from 'node:crypto';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { FieldSnapshot, FieldValue, ItemChange, ItemSnapshot } from '../queue/ItemSnapshot.ts';
import type { Edit } from './buildEdit.ts';
import { pairsOf } from './EditRequest.ts';
import { editEffect } from './editEffect.ts';
import { fieldValue, fingerprint, isOurs } from './fieldValue.ts';

/** A picture of an item that is about to be changed. */
export interface PictureChange {
  /** Plex's name of its lock. */
  lock: 'thumb' | 'art';
  /** Plex's name of the picture that the item shows; empty for none, undefined when nobody knows. Of use at the first change only. */
  was: string | undefined;
  /** SHA-1 of the picture that it will show. */
  sha1: string;
}

/** Of more files nothing is kept: one is enough to know an item again. */
const MAX_FILES = 4;
const HASH_LENGTH = 8;

/**
 * What is to be kept of an item before a change: the old values of fields that the plugin has not changed before, and for every field
 * what it will hold. What is kept of a field once is never replaced. Pure.
 */
export function snapshotChange(
  kept: ItemSnapshot | undefined,
  item: PlexItem,
  { requests, clearsRating }: Pick<Edit, 'requests' | 'clearsRating'>,
  pictures: readonly PictureChange[],
): ItemChange {
  const fields: Record<string, FieldSnapshot> = { ...kept?.fields };
  const edits = requests.map(pairsOf);
  const replaced = editEffect(item, edits, 'replace');
  for (const [field, added] of editEffect(item, edits, 'add'))
    fields[field] = afterEdit(field, [added, replaced.get(field) ?? added], fields[field], item);
  if (clearsRating) fields['userRating'] = afterEdit('userRating', [''], fields['userRating'], item);
  for (const { lock, was, sha1 } of pictures) {
    const former = fields[lock] ?? { ...(was === undefined ? {} : { was }), locked: item.locked.has(lock) };
    fields[lock] = { ...former, ours: [pictureFingerprint(sha1)] };
  }
  const isNew = Object.keys(fields).length > Object.keys(kept?.fields ?? {}).length;
  return { snapshot: { files: filesOf(item), fields }, isNew };
}

/** A picture that was uploaded, in short. @param sha1 of its bytes, as in Plex's name of it. */
export function pictureFingerprint(sha1: string): string {
  return sha1.slice(0, HASH_LENGTH);
}

/** Whether an item is the one that a snapshot was made of: its rating key may be another one's by now. */
export function isItemOf({ files }: ItemSnapshot, item: PlexItem): boolean {
  return files.length === 0 || item.files.some(({ path }) => files.includes(fileHash(path)));
}

function afterEdit(
  field: string,
  results: readonly FieldValue[],
  former: FieldSnapshot | undefined,
  item: PlexItem,
): FieldSnapshot {
  const now = fieldValue(item, field);
  // If the write comes to nothing, what is there now stays: the plugin's own then, if it is so now.
  const before = former && isOurs(field, now, former) ? [fingerprint(field, now)] : [];
  const ours = [...new Set([...results.map((result) => fingerprint(field, result)), ...before])];
  return { was: now, locked: item.locked.has(field), ...former, ours };
}

function filesOf({ files }: PlexItem): string[] {
  return files.slice(0, MAX_FILES).map(({ path }) => fileHash(path));
}

function fileHash(path: string): string {
  return hash('sha256', path, 'base64url').slice(0, HASH_LENGTH);
}
