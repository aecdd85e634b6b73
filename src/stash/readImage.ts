import { createHash } from 'node:crypto';
import { imageFormat } from './imageFormat.ts';
import { StashError } from './StashError.ts';
import type { StashHttp } from './StashHttp.ts';

/** An image as Stash serves it, in a form that Plex takes. */
export interface StashImage {
  bytes: Buffer;
  contentType: string;
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
}

/** A cover that is there, but nothing for Plex. */
export interface UnusableImage {
  /** What is wrong with it, as the end of a sentence that begins with "its cover". */
  unusable: string;
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
}

/** Plex answers 500 to more than about 10 MB (plex-http-api.md 3.9): a picture has to be smaller than this. */
const MAX_IMAGE_BYTES = 10_000_000;

/**
 * Fetches an image from Stash. The address is rebuilt on the connection's base: Stash names the host it was asked
 * under, or an external one, and credentials go to the configured Stash only (W-50).
 *
 * @returns undefined when there is no real image: the placeholder, a missing file, a login page.
 * @throws StashError when Stash cannot answer or does not let us in.
 */
export async function readImage(
  http: StashHttp,
  url: string,
): Promise<StashImage | UnusableImage | undefined> {
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
  const format = response.status === 200 ? imageFormat(bytes) : undefined;
  if (!format) return undefined;
  const hash = createHash('sha256').update(bytes).digest('hex');
  if ('unusable' in format) {
    return {
      unusable: `is ${format.unusable ?? 'a file of an unknown kind'}, which Plex does not show`,
      hash,
    };
  }
  if (bytes.length >= MAX_IMAGE_BYTES) {
    return { unusable: `has ${megabytes(bytes.length)}, and Plex takes less than 10 MB`, hash };
  }
  return { bytes, contentType: format.contentType, hash };
}

/** A size for the user: `12.3 MB`. */
export function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
}

/** Path and query without host and without the prefix of a reverse proxy, which this connection does not use. */
function pathBelowStash(url: string): string | undefined {
  return /\/scene\/[^/?#]+\/[^#]*/.exec(url)?.[0];
}
