/** What the first bytes of a file say that it is. */
export type ImageFormat =
  /** A picture that Plex takes. */
  | { contentType: string }
  /** Something that Plex does not take, by the name that users know; undefined for what nobody here knows. */
  | { unusable: string | undefined };

type Signature = readonly [name: string, start: Buffer, offset: number];

/** What Plex takes (plex-http-api.md 3.9). */
const USABLE: readonly Signature[] = [
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff]), 0],
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47]), 0],
  ['image/webp', Buffer.from('WEBP'), 8],
  ['image/gif', Buffer.from('GIF8'), 0],
];

/** What Stash takes as a cover and shows in a browser, or what is uploaded by mistake. */
const UNUSABLE: readonly Signature[] = [
  ['an AVIF picture', Buffer.from('ftypavi'), 4],
  ['a HEIC picture', Buffer.from('ftyphei'), 4],
  ['a HEIC picture', Buffer.from('ftypmif1'), 4],
  ['a JPEG XL picture', Buffer.from([0xff, 0x0a]), 0],
  ['a JPEG XL picture', Buffer.from('JXL '), 4],
  ['a JPEG 2000 picture', Buffer.from('jP  '), 4],
  ['a TIFF picture', Buffer.from([0x49, 0x49, 0x2a, 0x00]), 0],
  ['a TIFF picture', Buffer.from([0x4d, 0x4d, 0x00, 0x2a]), 0],
  ['a BMP picture', Buffer.from('BM'), 0],
  ['a video', Buffer.from('ftyp'), 4],
  ['a video', Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), 0],
];

/**
 * Judges a file by its first bytes: what a server calls it proves nothing.
 *
 * @returns undefined for nothing at all and for markup: Stash's placeholder for "no cover" is an SVG, a login page HTML.
 */
export function imageFormat(bytes: Buffer): ImageFormat | undefined {
  const isOf = ([, start, offset]: Signature) => bytes.subarray(offset, offset + start.length).equals(start);
  const usable = USABLE.find(isOf);
  if (usable) return { contentType: usable[0] };
  if (bytes.length === 0 || MARKUP.test(bytes.subarray(0, 64).toString('utf8'))) return undefined;
  return { unusable: UNUSABLE.find(isOf)?.[0] };
}

const MARKUP = /^\uFEFF?\s*</;
