import type { WorkContext } from '../drain/WorkContext.ts';
import { isOwnFault } from '../failures/isOwnFault.ts';
import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';

/**
 * An item that Plex cannot tell about fails alone, as does one about which it never answers though it answers the next question;
 * anything else is the server's failure.
 */
const ONE_ITEMS_FAULT: ReadonlySet<PlexErrorKind> = new Set(['serverError', 'rejected']);
/** So few items may all be broken: where everything else is known to be right, they are what is left to be read. */
const FEW = 3;

/** One silent item of 100 is found in so many requests; each takes as long as Plex may be silent. */
const MAX_UNANSWERED = 8;

/**
 * Reads items in full: one request, or a few more when there is an item among them at which Plex fails.
 *
 * @param ratingKeys at most as many as one request takes.
 * @returns what could be read; an item that is gone, or that Plex fails at, is left out.
 * @throws PlexError when Plex does not answer, or fails at every single one of more than a few items.
 */
export async function readDetails(
  ratingKeys: readonly string[],
  context: Pick<WorkContext, 'plex' | 'clock'>,
): Promise<Map<string, PlexItem>> {
  const found = new Map<string, PlexItem>();
  let unanswered = 0;
  const isOneItems = async (error: PlexError): Promise<boolean> => {
    if (ONE_ITEMS_FAULT.has(error.kind)) return true;
    if (!(await isOwnFault(error, context))) return false;
    unanswered += 1;
    return unanswered <= MAX_UNANSWERED;
  };
  const read = async (keys: readonly string[]): Promise<PlexError | undefined> => {
    try {
      for (const item of await context.plex.items(keys)) found.set(item.ratingKey, item);
      return undefined;
    } catch (error) {
      if (!(error instanceof PlexError && (await isOneItems(error)))) throw error;
      if (keys.length === 1) return error;
      const middle = Math.ceil(keys.length / 2);
      const failures = [await read(keys.slice(0, middle)), await read(keys.slice(middle))];
      return failures.find((failure) => failure !== undefined);
    }
  };
  const failure = await read(ratingKeys);
  if (failure && found.size === 0 && ratingKeys.length > FEW) throw failure;
  return found;
}
