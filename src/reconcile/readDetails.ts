import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';

/** An item that Plex cannot tell about fails alone; anything else is the server's failure. */
const ONE_ITEMS_FAULT: ReadonlySet<PlexErrorKind> = new Set(['serverError', 'rejected']);
/** So few items may all be broken: where everything else is known to be right, they are what is left to be read. */
const FEW = 3;

/**
 * Reads items in full: one request, or a few more when there is an item among them at which Plex fails.
 *
 * @param ratingKeys at most as many as one request takes.
 * @returns what could be read; an item that is gone, or that Plex fails at, is left out.
 * @throws PlexError when Plex does not answer, or fails at every single one of more than a few items.
 */
export async function readDetails(
  ratingKeys: readonly string[],
  plex: Pick<PlexClient, 'items'>,
): Promise<Map<string, PlexItem>> {
  const found = new Map<string, PlexItem>();
  const failure = await readInto(found, ratingKeys, plex);
  if (failure && found.size === 0 && ratingKeys.length > FEW) throw failure;
  return found;
}

async function readInto(
  found: Map<string, PlexItem>,
  ratingKeys: readonly string[],
  plex: Pick<PlexClient, 'items'>,
): Promise<PlexError | undefined> {
  try {
    for (const item of await plex.items(ratingKeys)) found.set(item.ratingKey, item);
    return undefined;
  } catch (error) {
    if (!(error instanceof PlexError) || !ONE_ITEMS_FAULT.has(error.kind)) throw error;
    if (ratingKeys.length === 1) return error;
    const middle = Math.ceil(ratingKeys.length / 2);
    const failures = [
      await readInto(found, ratingKeys.slice(0, middle), plex),
      await readInto(found, ratingKeys.slice(middle), plex),
    ];
    return failures.find((failure) => failure !== undefined);
  }
}
