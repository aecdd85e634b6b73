import type { ItemSnapshot } from './ItemSnapshot.ts';

/** Only who writes or restores items needs it: a task that looks at the queue starts without. */
const zlib = () => process.getBuiltinModule('node:zlib');

/** Of the form below, so that a later one can be told apart. */
const VERSION = 1;
/**
 * What nearly every snapshot has in common: a third of its size is saved by not saying it again. Never to be changed under the same
 * version, or nothing that was kept can be read.
 */
const DICTIONARY = Buffer.from(
  '"userRating":{"was":"","locked":false,"ours":["media://.bundle/Contents/Thumbnails/thumb1.jpg","Contents/Art/art1.jpg"' +
    '"originallyAvailableAt":{"was":"20"studio":{"was":"""summary":{"was":"""collection":{"was":[[""actor":{"was":[["' +
    '"genre":{"was":[],"locked":true,"ours":["titleSort":{"was":"","locked":false,"ours":["47DEQpj8"]},' +
    '"art":{"was":"upload://art/","thumb":{"was":"metadata://posters/upload://posters/media://{"files":["' +
    '"],"fields":{"title":{"was":"","locked":false,"ours":["',
);

/** A snapshot is short: the usual quarter of a megabyte of working memory would be most of the work. */
const SMALL = { level: 9, windowBits: 12, memLevel: 2 };

/** A snapshot as it is kept. */
export function packSnapshot(snapshot: ItemSnapshot): Buffer {
  const json = Buffer.from(JSON.stringify(snapshot));
  const packed = zlib().deflateRawSync(json, { dictionary: DICTIONARY, ...SMALL });
  return Buffer.concat([Buffer.of(VERSION), packed]);
}

/** The snapshot that was packed; undefined when it cannot be read. */
export function unpackSnapshot(bytes: Uint8Array): ItemSnapshot | undefined {
  if (bytes[0] !== VERSION) return undefined;
  try {
    const json = zlib().inflateRawSync(bytes.subarray(1), { dictionary: DICTIONARY }).toString();
    const snapshot: unknown = JSON.parse(json);
    return isSnapshot(snapshot) ? snapshot : undefined;
  } catch {
    return undefined;
  }
}

function isSnapshot(value: unknown): value is ItemSnapshot {
  return typeof value === 'object' && value !== null && 'fields' in value && 'files' in value;
}
