import { findQueryLimit, SHORTEST_LIMIT_BYTES } from './findQueryLimit.ts';
import { PlexError } from './PlexError.ts';
import type { PlexHttp, PlexRequest } from './PlexHttp.ts';
import { type QueryPairs, queryString } from './queryString.ts';
import type { RequestLimit } from './RequestLimits.ts';

/** What servers and proxies answer to an address that is too long (plex-http-api.md 2.7); each means something else as a rule. */
const PERHAPS_TOO_LONG: ReadonlySet<number | undefined> = new Set([400, 403, 404, 413, 414]);

/** Whether a refusal may be about the request's length. */
export function isPerhapsTooLong(error: unknown): error is PlexError {
  return error instanceof PlexError && PERHAPS_TOO_LONG.has(error.status);
}

/** Sends a write whose fields are in its query. */
export type SendWithinLimit = (request: PlexRequest & { query: QueryPairs }) => Promise<void>;

/**
 * Sends writes to sections. One that is refused, and may be because of its length, is followed by a question of the same length at
 * the same address, without any of its words: is that refused as well, and a short one not, then the limit is found out and kept.
 *
 * @returns a sender that throws PlexError; one that `isTooLong` for a request above the limit, which is not even sent when the limit is
 *   known.
 */
export function createLimitedSend(
  http: Pick<PlexHttp, 'send' | 'json'>,
  limit: RequestLimit,
): SendWithinLimit {
  /** The longest query that got through: a refusal of one that is no longer is about something else. */
  let carried = SHORTEST_LIMIT_BYTES;
  return async (request) => {
    const bytes = queryString(request.query).length;
    const known = limit.bytes('query');
    if (known !== undefined && bytes > known) throw tooLong(request, bytes, known);
    try {
      await http.send(request);
      carried = Math.max(carried, bytes);
    } catch (error) {
      if (bytes <= carried || !isPerhapsTooLong(error)) throw error;
      const isCarried = async (length: number) => {
        const isThrough = await askOfLength(length, request.path, http);
        if (isThrough) carried = Math.max(carried, length);
        return isThrough;
      };
      // No answer to that question: what was refused is all that is known.
      const found = await findQueryLimit(bytes, isCarried).catch(() => undefined);
      if (found === undefined) throw error;
      limit.learn('query', found);
      throw tooLong(request, bytes, found);
    }
  };
}

/** Whether a harmless question gets through whose query has so many bytes. @throws PlexError when Plex fails otherwise */
async function askOfLength(bytes: number, path: string, http: Pick<PlexHttp, 'json'>): Promise<boolean> {
  const type = ['type', '1'] as const;
  const padding = Math.max(bytes - queryString([type, [PADDING, '']]).length, 0);
  const query = [type, [PADDING, 'x'.repeat(padding)] as const];
  try {
    // No row, only their number.
    await http.json({ method: 'GET', path, query, page: { start: 0, size: 0 } });
    return true;
  } catch (error) {
    if (isPerhapsTooLong(error)) return false;
    throw error;
  }
}

/** Plex takes every `X-Plex-…` parameter for a header (plex-http-api.md 2.2), and this one means nothing. */
const PADDING = 'X-Plex-Padding';

function tooLong({ method, path }: PlexRequest, bytes: number, most: number): PlexError {
  return new PlexError(
    'rejected',
    `${method} ${path} with ${bytes} bytes of data is too long for the way to Plex, which takes ${most}.`,
    { status: 414, isTooLong: true },
  );
}
