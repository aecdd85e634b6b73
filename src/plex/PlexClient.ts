import * as z from 'zod/mini';
import { PlexError } from './PlexError.ts';
import type { PlexHttp } from './PlexHttp.ts';
import { type Artwork, decodeImages, type PlexImage } from './PlexImage.ts';
import { decodeItems, type ItemPage, type PlexItem } from './PlexItem.ts';
import { decodeSections, type PlexSection } from './PlexSection.ts';
import type { QueryPairs } from './queryString.ts';

/** Type number of films and other videos. */
const MOVIE = '1';
/** Most ids in one request. */
export const MAX_IDS = 100;
const PAGE_SIZE = 200;

/** A page of a listing that has several. */
export interface ListingPage extends ItemPage {
  /** The section changed between this page and the one before: a row may have been left out. */
  hasSlipped: boolean;
}

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
  /** Edits one item. Refuses anything but a numeric key: without one Plex edits the whole library. */
  edit(sectionKey: string, ratingKey: string, fields: QueryPairs): Promise<void>;
  /** Takes the rating of the token's user away. Setting one is an edit; this has no such form that is documented. */
  unrate(ratingKey: string): Promise<void>;
  /** Pictures that an item could show. Where Plex lists them in parts, only the first ones. */
  images(ratingKey: string, artwork: Artwork): Promise<PlexImage[]>;
  /** Selects one of them by its name, which locks it. `notFound` or `rejected` when the item does not hold it. */
  selectImage(ratingKey: string, artwork: Artwork, name: string): Promise<void>;
  /** Uploads a picture. New bytes are selected thereby, and perhaps locked; those that the item holds change nothing at all. */
  uploadImage(ratingKey: string, artwork: Artwork, bytes: Buffer, contentType: string): Promise<void>;
  /** Asks for a scan of one folder, as Plex sees it. */
  scan(sectionKey: string, folder: string): Promise<void>;
  close(): Promise<void>;
}

/** The endpoints of plex-http-api.md section 3 that this plugin uses. */
export function createPlexClient(http: PlexHttp): PlexClient {
  const page = async (path: string, query: QueryPairs, start: number, size: number): Promise<ItemPage> =>
    decoded(path, decodeItems, await http.json({ method: 'GET', path, query, page: { start, size } }));

  async function* pages(
    sectionKey: string,
    order: ListingOrder,
    purpose: ListingPurpose = 'files',
  ): AsyncIterable<ListingPage> {
    const path = `/library/sections/${numeric(sectionKey)}/all`;
    const query: QueryPairs = [
      ['type', MOVIE],
      ['sort', order === 'oldestFirst' ? 'addedAt:asc' : 'addedAt:desc'],
      ['excludeElements', purpose === 'files' ? BULKY : DECORATION],
    ];
    let last: string | undefined;
    for (let start = 0; ; ) {
      // The last row of the page before is asked for again: where it is not, rows have moved meanwhile.
      const overlap = last === undefined ? 0 : 1;
      const { items, totalSize } = await page(path, query, start - overlap, PAGE_SIZE + overlap);
      const hasSlipped = overlap === 1 && items[0]?.ratingKey !== last;
      yield { items: hasSlipped ? items : items.slice(overlap), totalSize, hasSlipped };
      // The server may send fewer rows than asked for.
      start += items.length - overlap;
      if (items.length <= overlap || start >= totalSize) return;
      last = items.at(-1)?.ratingKey;
    }
  }

  return {
    async identity(timeoutMs) {
      const path = '/identity';
      return decoded(path, identityOf, await http.json({ method: 'GET', path, ...within(timeoutMs) }));
    },
    async sections(timeoutMs) {
      const path = '/library/sections';
      return decoded(path, decodeSections, await http.json({ method: 'GET', path, ...within(timeoutMs) }));
    },
    async items(ratingKeys) {
      if (ratingKeys.length === 0) return [];
      const path = `/library/metadata/${ratingKeys.map(numeric).join(',')}`;
      try {
        return decoded(path, decodeItems, await http.json({ method: 'GET', path })).items;
      } catch (error) {
        // 404 only when not a single one exists.
        if (error instanceof PlexError && error.kind === 'notFound') return [];
        throw error;
      }
    },
    async rowsByFile(sectionKey, fileName) {
      // Without `type` the answer is a 500.
      return page(
        `/library/sections/${numeric(sectionKey)}/all`,
        [
          ['type', MOVIE],
          ['file', fileName],
        ],
        0,
        PAGE_SIZE,
      );
    },
    pages,
    async edit(sectionKey, ratingKey, fields) {
      const query: QueryPairs = [['type', MOVIE], ['id', numeric(ratingKey)], ...fields];
      await http.send({ method: 'PUT', path: `/library/sections/${numeric(sectionKey)}/all`, query });
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

const UPLOAD_TIMEOUT_MS = 120_000;
/** Parts of a row that nobody here needs; a request, not a guarantee. */
const DECORATION = 'Country,Director,Writer,Image,UltraBlurColors';
/** Parts that a walk for file paths does not need either. */
const BULKY = `Genre,Role,${DECORATION}`;

const identitySchema = z.object({ MediaContainer: z.object({ machineIdentifier: z.string() }) });

function identityOf(answer: unknown): string {
  return identitySchema.parse(answer).MediaContainer.machineIdentifier;
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
