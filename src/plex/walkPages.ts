import { PlexError } from './PlexError.ts';
import type { ItemPage, ItemRow, ItemRows } from './PlexItem.ts';

/** A page of a listing that has several. */
export interface ListingPage extends ItemPage {
  /** The section changed between this page and the one before: a row may have been left out. */
  hasSlipped: boolean;
}

/** Rows from `start` on, about as many as asked for: a server may send fewer, or take no notice. @throws PlexError */
export type AskForRows = (start: number, size: number) => Promise<ItemRows>;

/** So often the rows may have moved where no total tells when the end is reached. */
const MAX_UNCOUNTED_SLIPS = 3;
/** So often one page is halved because of rows in it that cannot be read; a single one of 200 takes 8. */
const MAX_SPLITS = 32;

/**
 * Walks a listing page by page. Each page is asked for when it is wanted, and begins with the last row of the one before: where it
 * does not, rows have moved meanwhile.
 *
 * Where Plex tells no total the walk goes on to a page without anything new (plex-http-api.md 9.6). One that was steady has counted
 * the rows by then, which is the last page's total; any other total that is missing stays unknown. It ends in any case, also when the
 * server takes no notice of pages and sends the same rows again and again.
 *
 * @throws PlexError; `unauthorized` when Plex shows no file of a whole page, which is what it does for anybody but its owner.
 */
export async function* walkPages(ask: AskForRows, pageSize: number): AsyncGenerator<ListingPage> {
  let first: string | undefined;
  let last: ItemRow | undefined;
  let slips = 0;
  for (let start = 0; ; ) {
    const overlap = last ? 1 : 0;
    const page = await readRows(ask, start - overlap, pageSize + overlap);
    const { rows, totalSize } = page;
    refuseHiddenFiles(rows);
    const hasSlipped = last !== undefined && (rows.length === 0 || rows[0]?.ratingKey !== last.ratingKey);
    if (hasSlipped) slips += 1;
    if (isFromTheBeginning(page, first, hasSlipped)) {
      // Everything at once is an answer without any word of pages (plex-http-api.md 2.5).
      const isEverything = slips === 1 && rows.length === start && isUnpaged(page);
      yield {
        items: [],
        leftOut: 0,
        totalSize: totalSize ?? (isEverything ? start : undefined),
        hasSlipped: !isEverything,
      };
      return;
    }
    const news = rows.slice(hasSlipped ? 0 : overlap);
    const items = news.flatMap(({ item }) => item ?? []);
    const isEnd = rows.length <= overlap;
    start += rows.length - overlap;
    const isCounted = slips === 0 && start > 0 && (isEnd || (isUnpaged(page) && rows.length > pageSize));
    yield {
      items,
      leftOut: news.length - items.length,
      totalSize: totalSize ?? (isCounted ? start : undefined),
      hasSlipped,
    };
    if (isEnd || isCounted || start >= (totalSize ?? Number.POSITIVE_INFINITY)) return;
    if (totalSize === undefined && slips >= MAX_UNCOUNTED_SLIPS) return;
    first ??= rows[0]?.ratingKey;
    last = rows.at(-1);
  }
}

function isFromTheBeginning({ rows }: ItemRows, first: string | undefined, hasSlipped: boolean): boolean {
  return hasSlipped && first !== undefined && rows[0]?.ratingKey === first;
}

function isUnpaged({ totalSize, isPaged }: ItemRows): boolean {
  return totalSize === undefined && !isPaged;
}

function refuseHiddenFiles(rows: readonly ItemRow[]): void {
  if (!rows.some(({ hidesFiles }) => hidesFiles)) return;
  if (rows.some(({ item }) => item && item.files.length > 0)) return;
  throw new PlexError(
    'unauthorized',
    "plex_token is not the token of the server's owner: Plex does not show it where the files are. Enter the owner's token as plex_token.",
  );
}

/**
 * Rows of one page. A document that cannot be read is asked for in halves, so that the row that is to blame is left out and all
 * others are there.
 *
 * @throws PlexError when no row of several can be read: then it is not about a row.
 */
async function readRows(ask: AskForRows, start: number, size: number): Promise<ItemRows> {
  let splits = 0;
  let failure: PlexError | undefined;
  const read = async (from: number, count: number): Promise<ItemRows> => {
    try {
      return await ask(from, count);
    } catch (error) {
      if (!(error instanceof PlexError && error.isGarbled)) throw error;
      failure = error;
      if (count === 1) return { rows: [UNREADABLE], totalSize: undefined, isPaged: true };
      splits += 1;
      if (splits > MAX_SPLITS) throw error;
      const half = Math.ceil(count / 2);
      const before = await read(from, half);
      // Fewer than asked for: what follows them is the next page's.
      if (before.rows.length < half) return before;
      const after = await read(from + half, count - half);
      return {
        rows: [...before.rows, ...after.rows],
        totalSize: before.totalSize ?? after.totalSize,
        isPaged: true,
      };
    }
  };
  const page = await read(start, size);
  if (failure && page.rows.length > 1 && page.rows.every((row) => row === UNREADABLE)) throw failure;
  return page;
}

const UNREADABLE: ItemRow = { ratingKey: undefined, item: undefined, hidesFiles: false };
