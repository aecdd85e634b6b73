import { createHash } from 'node:crypto';
import type { VideoFile } from './SceneRecord.ts';

/** One entry of `VideoFile.fingerprints`. */
export interface Fingerprint {
  readonly type: 'oshash' | 'md5' | 'phash';
  readonly value: string;
}

function digest(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

/** The file's oshash (16 hex digits); derived from the path unless the test gave one. */
export function oshashOf(file: Pick<VideoFile, 'path' | 'oshash'>): string {
  return file.oshash ?? digest('sha1', file.path).slice(0, 16);
}

/** The file's MD5 (32 hex digits); derived from the path unless the test gave one. */
export function md5Of(file: Pick<VideoFile, 'path' | 'md5'>): string {
  return file.md5 ?? digest('md5', file.path);
}

/** All fingerprints of a file. Computed when asked for: hashing 100 000 paths up front would be felt. */
export function fileFingerprints(file: VideoFile): Fingerprint[] {
  const fingerprints: Fingerprint[] = [
    { type: 'oshash', value: oshashOf(file) },
    { type: 'md5', value: md5Of(file) },
  ];
  if (file.phash !== null) fingerprints.push({ type: 'phash', value: file.phash });
  return fingerprints;
}
