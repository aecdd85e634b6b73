import * as z from 'zod/mini';
import { createLimitedSend } from './createLimitedSend.ts';
import { PlexError } from './PlexError.ts';
import type { PlexHttp } from './PlexHttp.ts';
import { type Artwork, decodeImages, type PlexImage } from './PlexImage.ts';
import { decodeItems, type ItemPage, type ItemRows, type PlexItem } from './PlexItem.ts';
import { decodeSections, type PlexSection } from './PlexSection.ts';
import type { QueryPairs } from './queryString.ts';
import { openRequestLimit, type RequestLimit } from './RequestLimits.ts';
import { readInParts } from './readInParts.ts';
import { type ListingPage, walkPages } from './walkPages.ts';

export type { ListingPage } from './walkPages.ts';

/** Type number of films and other videos. */
const MOVIE = '1';
/** Most ids in one request. */
export const MAX_IDS = 100;
const PAGE_SIZE = 200;

/** Order of a listing. */
export type ListingOrder = 'oldestFirst' | 'newestFirst';

/** What the rows of a listing are for; those for files are a third as long. */
export type ListingPurpose = 'files' | 'metadata';

/** What the plugin asks of Plex. Every method throws {@link PlexError}. */
export interface PlexClient {
  /** Machine identifier of the server. Needs no token, so it proves reachability only. */
  identity(timeoutMs?: number): Promise<string>;
  sections(timeoutMs?: number): Promise<PlexSection[]>;
  /** Items in full, in no particular order; those that do not exist are left out. At most {@link MAX_IDS} keys. */
  items(ratingKeys: readonly string[]): Promise<PlexItem[]>;
  /** Rows of a section whose files match `fileName` by Plex's own undocumented filter: a hint, to be compared. */
  rowsByFile(sectionKey: string, fileName: string): Promise<ItemPage>;
  /** A section's rows, page by page, by the time when they were added. Each page is asked for when it is wanted. */
  pages(sectionKey: string, order: ListingOrder, purpose?: ListingPurpose): AsyncIterable<ListingPage>;
  /** Asks for one row of a section, to see whether Plex shows where its files are. @throws PlexError `unauthorized` when it does not. */
  checkFiles(sectionKey: string, timeoutMs?: number): Promise<void>;
  /** Whether Plex says that a section holds nothing at all. */
  isEmpty(sectionKey: string): Promise<boolean>;
  /** Most bytes that the encoded fields of an edit may have, where longer ones were refused; undefined: nothing is known of a limit. */
  longestEdit(): number | undefined;
  /**
   * Edits one item. Refuses anything but a numeric key: without one Plex edits the whole library.
   *
   * @throws PlexError; one that `isTooLong` when the request does not get through because of its length: {@link longestEdit} tells then
   *   what does.
   */
  edit(sectionKey: string, ratingKey: string, fields: QueryPairs): Promise<void>;
  /** Takes the rating of the token's user away. Setting one is an edit; this has no such form that is documented. */
  unrate(ratingKey: string): Promise<void>;
  /** Pictures that an item could show. Where Plex lists them in parts, only the first ones. */
  images(ratingKey: string, artwork: Artwork): Promise<PlexImage[]>;
  /** Selects one of them by its name, which locks it. `notFound` or `rejected` when the item does not hold it. */
  selectImage(ratingKey: string, artwork: Artwork, name: string): Promise<void>;
  /** Leaves the item without a picture, which locks it so. `notFound` or `rejected` by a Plex of before 1.43 (plex-http-api.md 3.9). */
  deselectImage(ratingKey: string, artwork: Artwork): Promise<void>;
  /** Uploads a picture. New bytes are selected thereby, and perhaps locked; those that the item holds change nothing at all. */
  uploadImage(ratingKey: string, artwork: Artwork, bytes: Buffer, contentType: string): Promise<void>;
  /** Asks for a scan of one folder, as Plex sees it. */
  scan(sectionKey: string, folder: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The endpoints of plex-http-api.md section 3 that this plugin uses.
 *
 * @param limit how long requests may be, as far as it was found out.
 */
export function createPlexClient(http: PlexHttp, limit: RequestLimit = openRequestLimit()): PlexClient {
  const listing = async (
    path: string,
    query: QueryPairs,
    page: { start: number; size: number },
    timeoutMs?: number,
  ): Promise<ItemRows> => {
    const { document, totalSize } = await http.listing({
      method: 'GET',
      path,
      query,
      page,
      ...within(timeoutMs),
    });
    const rows = decoded(path, decodeItems, document);
    return { ...rows, totalSize: rows.totalSize ?? totalSize };
  };
  const sendEdit = createLimitedSend(http, limit);
  const all = (sectionKey: string) => `/library/sections/${numeric(sectionKey)}/all`;
  const items = readInParts(async (ratingKeys) => {
    const path = itemsPath(ratingKeys);
    const { rows } = decoded(
      path,
      decodeItems,
      await http.json({ method: 'GET', path, query: ONLY_LOOKING }),
    );
    return rows.map(({ item, ratingKey = 'of an unknown number' }) => {
      // As if it were not there would be wrong: it is.
      if (!item)
        throw new PlexError('serverError', `What Plex tells about item ${ratingKey} cannot be read.`);
      return item;
    });
  }, limit);

  return {
    async identity(timeoutMs) {
      const path = '/identity';
      return decoded(path, identityOf, await http.json({ method: 'GET', path, ...within(timeoutMs) }));
    },
    async sections(timeoutMs) {
      const path = '/library/sections';
      return decoded(path, decodeSections, await http.json({ method: 'GET', path, ...within(timeoutMs) }));
    },
    items: (ratingKeys) => items(ratingKeys.map(numeric)),
    async rowsByFile(sectionKey, fileName) {
      // Without `type` the answer is a 500.
      const query: QueryPairs = [
        ['type', MOVIE],
        ['file', fileName],
      ];
      const path = all(sectionKey);
      const found: ItemPage = { items: [], totalSize: undefined, leftOut: 0 };
      for await (const page of walkPages((start, size) => listing(path, query, { start, size }), PAGE_SIZE)) {
        found.items.push(...page.items);
        found.leftOut += page.leftOut;
        found.totalSize = page.hasSlipped ? undefined : page.totalSize;
        // More than a file can have: the filter was ignored.
        if (found.items.length >= PAGE_SIZE) break;
      }
      return found;
    },
    pages: (sectionKey, order, purpose = 'files') => {
      const path = all(sectionKey);
      const query: QueryPairs = [
        ['type', MOVIE],
        ['sort', order === 'oldestFirst' ? 'addedAt:asc' : 'addedAt:desc'],
        ['excludeElements', purpose === 'files' ? BULKY : DECORATION],
      ];
      return walkPages((start, size) => listing(path, query, { start, size }), PAGE_SIZE);
    },
    async checkFiles(sectionKey, timeoutMs) {
      const path = all(sectionKey);
      const one = () => listing(path, [['type', MOVIE]], { start: 0, size: 1 }, timeoutMs);
      await walkPages(one, 1).next();
    },
    async isEmpty(sectionKey) {
      const { rows, totalSize } = await listing(all(sectionKey), [['type', MOVIE]], { start: 0, size: 1 });
      return rows.length === 0 && totalSize === 0;
    },
    longestEdit() {
      const bytes = limit.bytes('query');
      return bytes === undefined ? undefined : bytes - ADDRESSING_BYTES;
    },
    async edit(sectionKey, ratingKey, fields) {
      const query: QueryPairs = [['type', MOVIE], ['id', numeric(ratingKey)], ...fields];
      await sendEdit({ method: 'PUT', path: all(sectionKey), query });
    },
    async unrate(ratingKey) {
      const query: QueryPairs = [
        ['key', numeric(ratingKey)],
        ['identifier', 'com.plexapp.plugins.library'],
        ['rating', '-1'],
      ];
      await http.send({ method: 'PUT', path: '/:/rate', query });
    },
    async images(ratingKey, artwork) {
      const path = imagesPath(ratingKey, artwork);
      return decoded(path, decodeImages, await http.json({ method: 'GET', path }));
    },
    async selectImage(ratingKey, artwork, name) {
      const path = `/library/metadata/${numeric(ratingKey)}/${artwork}`;
      await http.send({ method: 'PUT', path, query: [['url', name]] });
    },
    async deselectImage(ratingKey, artwork) {
      const element = artwork === 'poster' ? 'thumb' : 'art';
      await http.send({ method: 'DELETE', path: `/library/metadata/${numeric(ratingKey)}/${element}` });
    },
    async uploadImage(ratingKey, artwork, bytes, contentType) {
      const path = imagesPath(ratingKey, artwork);
      await http.send({ method: 'POST', path, body: { bytes, contentType }, timeoutMs: UPLOAD_TIMEOUT_MS });
    },
    async scan(sectionKey, folder) {
      const path = `/library/sections/${numeric(sectionKey)}/refresh`;
      await http.send({ method: 'GET', path, query: [['path', folder]] });
    },
    close: () => http.close(),
  };
}

function imagesPath(ratingKey: string, artwork: Artwork): string {
  return `/library/metadata/${numeric(ratingKey)}/${artwork === 'poster' ? 'posters' : 'arts'}`;
}

/** A deadline of its own for a request, if there is one. */
function within(timeoutMs: number | undefined): { timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/** Without it Plex may look at an item's files again, one after another, before it answers (plex-http-api.md 9.4). */
const ONLY_LOOKING: QueryPairs = [['skipRefresh', '1']];
/** What an edit has in its query besides the fields: type and id. */
const ADDRESSING_BYTES = 40;
const UPLOAD_TIMEOUT_MS = 120_000;
/** Parts of a row that nobody here needs; a request, not a guarantee. */
const DECORATION = 'Country,Director,Writer,Image,UltraBlurColors';
/** Parts that a walk for file paths does not need either. */
const BULKY = `Genre,Role,${DECORATION}`;

const identitySchema = z.object({ MediaContainer: z.object({ machineIdentifier: z.string() }) });

function identityOf(answer: unknown): string {
  return identitySchema.parse(answer).MediaContainer.machineIdentifier;
}

function itemsPath(ratingKeys: readonly string[]): string {
  return `/library/metadata/${ratingKeys.join(',')}`;
}

function numeric(key: string): string {
  if (!/^\d+$/.test(key)) throw new PlexError('rejected', `"${key}" is no Plex key.`);
  return key;
}

/** Runs a decoder; an answer of another shape is Plex's failure, not a reason to crash. */
function decoded<T>(path: string, decode: (answer: unknown) => T, answer: unknown): T {
  try {
    return decode(answer);
  } catch (cause) {
    throw new PlexError('serverError', `Plex answered GET ${path} in an unknown form.`, { cause });
  }
}
