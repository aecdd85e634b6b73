import { isPerhapsTooLong } from './createLimitedSend.ts';
import type { PlexItem } from './PlexItem.ts';
import type { RequestLimit } from './RequestLimits.ts';

/** Reads items by their keys. */
export type ReadItems = (ratingKeys: readonly string[]) => Promise<PlexItem[]>;

/** No server refuses a list of ids that is so short because of its length. */
const SHORT_BYTES = 200;

/**
 * Reads items with as many ids in one request as get through: some servers refuse a long list of them. A list that was refused is
 * halved, and what gets through is kept in mind.
 *
 * @param read one request. @throws PlexError
 * @returns a reader that leaves out what does not exist.
 */
export function readInParts(read: ReadItems, limit: RequestLimit): ReadItems {
  /** The longest list that was answered: one that is no longer is not refused because of that. */
  let carried = SHORT_BYTES;
  const readAll = async (keys: readonly string[]): Promise<PlexItem[]> => {
    const bytes = keys.join(',').length;
    try {
      const items = await read(keys);
      carried = Math.max(carried, bytes);
      return items;
    } catch (error) {
      if (!isPerhapsTooLong(error) || error.kind === 'unauthorized') throw error;
      if (bytes > carried && keys.length > 1) {
        const middle = Math.ceil(keys.length / 2);
        const items = [...(await readAll(keys.slice(0, middle))), ...(await readAll(keys.slice(middle)))];
        // Something of what was refused is there after all.
        if (items.length > 0) limit.learn('ids', carried);
        return items;
      }
      // Not a single one exists.
      if (error.kind === 'notFound') return [];
      throw error;
    }
  };
  return async (keys) => {
    const items: PlexItem[] = [];
    for (const part of partsOf(keys, limit.bytes('ids') ?? Number.POSITIVE_INFINITY)) {
      items.push(...(await readAll(part)));
    }
    return items;
  };
}

/** Runs of keys that, with a comma between each two, are no longer than that. */
function partsOf(keys: readonly string[], maxBytes: number): string[][] {
  const parts: string[][] = [];
  let bytes = 0;
  for (const key of keys) {
    const part = parts.at(-1);
    bytes += key.length + 1;
    if (part && bytes <= maxBytes) part.push(key);
    else {
      parts.push([key]);
      bytes = key.length;
    }
  }
  return parts;
}
