import type { JsonObject } from './Json.ts';
import type { PlexRequest } from './PlexRequest.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import { containerReply, type Reply } from './Reply.ts';

/** Which rows to hand out. */
export interface Page {
  readonly start: number;
  readonly end: number;
  readonly total: number;
  /** Whether both paging options came, or the server pages by itself; only then does the answer speak of pages. */
  readonly paged: boolean;
}

/** Works out the page: one paging option without the other counts for nothing (row 4, trap 12). */
export function pageOf(
  request: PlexRequest,
  rows: number,
  { maxPageSize, pagesByItself }: Pick<PlexSwitches, 'maxPageSize' | 'pagesByItself'>,
): Page {
  const limit = wholeNumber(request.parameter('limit'));
  const total = limit === undefined ? rows : Math.min(rows, limit);
  const start = wholeNumber(request.option('X-Plex-Container-Start'));
  const size = wholeNumber(request.option('X-Plex-Container-Size'));
  if (start === undefined || size === undefined) {
    return pagesByItself
      ? { start: 0, end: Math.min(total, maxPageSize), total, paged: true }
      : { start: 0, end: total, total, paged: false };
  }
  return { start, end: Math.min(total, start + Math.min(size, maxPageSize)), total, paged: true };
}

/** Whether a request will get a page, asked for or not. */
export function isPaged(request: PlexRequest, switches: PlexSwitches): boolean {
  return pageOf(request, 0, switches).paged;
}

/** A listing: the part of it that was asked for, rendered row by row. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly render: (row: Row) => JsonObject;
  /** Members of the container besides the rows. */
  readonly container: JsonObject;
  /** XML name of a row. */
  readonly metadataName?: string;
}

/**
 * Answers a listing. Only the rows of the page are rendered. An empty result has no `Metadata` (2.4); the total is
 * told only while the switch `totals` is on (9.6).
 */
export function listingReply<Row>(
  request: PlexRequest,
  listing: Listing<Row>,
  switches: PlexSwitches,
): Reply {
  const page = pageOf(request, listing.rows.length, switches);
  const told = page.paged && switches.totals;
  const rows = listing.rows.slice(page.start, Math.max(page.start, page.end)).map(listing.render);
  const container: JsonObject = {
    size: rows.length,
    ...(told ? { totalSize: page.total } : {}),
    ...(page.paged ? { offset: page.start } : {}),
    ...listing.container,
    Metadata: rows.length > 0 ? rows : undefined,
  };
  const headers: Record<string, string> = {
    ...(page.paged ? { 'X-Plex-Container-Start': String(page.start) } : {}),
    ...(told ? { 'X-Plex-Container-Total-Size': String(page.total) } : {}),
  };
  return containerReply(request, container, listing.metadataName, headers);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
