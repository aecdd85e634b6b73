import { createHash } from 'node:crypto';
import type { VideoFile } from './SceneRecord.ts';

/** One entry of `VideoFile.fingerprints`. */
export interface Fingerprint {
  readonly type: 'oshash' | 'md5' | 'phash';
  readonly value: string;
}

/** The file's oshash (16 hex digits); derived from the path unless the test gave one. */
export function oshashOf(file: Pick<VideoFile, 'path' | 'oshash'>): string {
  return file.oshash ?? createHash('sha1').update(file.path).digest('hex').slice(0, 16);
}

/** The file's MD5 (32 hex digits); empty unless the test gave one, as Stash does not compute it unless told to. */
export function md5Of(file: Pick<VideoFile, 'md5'>): string {
  return file.md5 ?? '';
}

/** All fingerprints of a file. Computed when asked for: hashing 100 000 paths up front would be felt. */
export function fileFingerprints(file: VideoFile): Fingerprint[] {
  const fingerprints: Fingerprint[] = [{ type: 'oshash', value: oshashOf(file) }];
  if (file.md5 !== null) fingerprints.push({ type: 'md5', value: file.md5 });
  if (file.phash !== null) fingerprints.push({ type: 'phash', value: file.phash });
  return fingerprints;
}
