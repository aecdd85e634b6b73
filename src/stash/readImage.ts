import { createHash } from 'node:crypto';
import { StashError } from './StashError.ts';
import type { StashHttp } from './StashHttp.ts';

/** An image as Stash serves it. */
export interface StashImage {
  bytes: Buffer;
  contentType: string;
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
}

/** Plex answers 500 to more than about 10 MB. */
const MAX_IMAGE_BYTES = 10_000_000;

/** What Plex takes; a placeholder is an SVG and the login page HTML. */
const SIGNATURES: ReadonlyArray<readonly [contentType: string, start: Buffer, offset: number]> = [
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff]), 0],
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47]), 0],
  ['image/webp', Buffer.from('WEBP'), 8],
  ['image/gif', Buffer.from('GIF8'), 0],
];

/**
 * Fetches an image from Stash. The address is rebuilt on the connection's base: Stash names the host it was asked
 * under, or an external one, and credentials go to the configured Stash only (W-50).
 *
 * @returns undefined when there is no real image: the placeholder, a missing file, something too large.
 * @throws StashError when Stash cannot answer or does not let us in.
 */
export async function readImage(http: StashHttp, url: string): Promise<StashImage | undefined> {
  const path = pathBelowStash(url);
  if (path === undefined) return undefined;
  const response = await http.fetch(`${http.baseUrl}${path}`, { method: 'GET' });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status === 401 || (response.status >= 300 && response.status < 400)) {
    throw new StashError(
      'unauthorized',
      `Stash no longer accepts the session of this process (${response.status}).`,
    );
  }
  if (response.status === 403 || response.status >= 500) {
    // This picture's trouble, not Stash's: other scenes go on.
    throw new StashError(
      'rejected',
      `Stash could not serve the image of a scene (status ${response.status}).`,
    );
  }
  const contentType = imageType(bytes);
  if (response.status !== 200 || !contentType || bytes.length > MAX_IMAGE_BYTES) return undefined;
  return { bytes, contentType, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** Path and query without host and without the prefix of a reverse proxy, which this connection does not use. */
function pathBelowStash(url: string): string | undefined {
  return /\/scene\/[^/?#]+\/[^#]*/.exec(url)?.[0];
}

/** The type by the first bytes: what a server calls it proves nothing. */
function imageType(bytes: Buffer): string | undefined {
  const match = SIGNATURES.find(([, start, offset]) => {
    return bytes.subarray(offset, offset + start.length).equals(start);
  });
  return match?.[0];
}
