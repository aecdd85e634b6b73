import { crc32, deflateSync } from 'node:zlib';

const JPEG_1X1 = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////' +
    '////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
  'base64',
);

/**
 * A JPEG of one pixel. `label` goes into a comment, so that another label gives other bytes (and another SHA-1);
 * `minBytes` pads with further comments.
 */
export function tinyJpeg(label = '', minBytes = 0): Buffer {
  const segments: Buffer[] = [jpegComment(Buffer.from(label.slice(0, 1000)))];
  let missing = minBytes - JPEG_1X1.length - (segments[0]?.length ?? 0);
  while (missing > 0) {
    const segment = jpegComment(Buffer.alloc(Math.min(Math.max(missing - 4, 0), 65_533)));
    segments.push(segment);
    missing -= segment.length;
  }
  return Buffer.concat([JPEG_1X1.subarray(0, 2), ...segments, JPEG_1X1.subarray(2)]);
}

function jpegComment(text: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([head, text]);
}

/** A PNG of one pixel in the given colour. */
export function tinyPng(red = 0, green = 0, blue = 0): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.from([0, red, green, blue]))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Media type of image bytes by their first bytes. */
export function imageType(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg';
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') return 'image/png';
  if (bytes.subarray(0, 3).toString('latin1') === 'GIF') return 'image/gif';
  if (bytes.subarray(8, 12).toString('latin1') === 'WEBP') return 'image/webp';
  return 'application/octet-stream';
}
