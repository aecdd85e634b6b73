import type { PlexRequest } from './PlexRequest.ts';
import { decodeQueryPart, percentDecode } from './rawQuery.ts';

/**
 * Which requests are meant. A string is a path, or a method and a path with a space between; a RegExp is tried on the
 * path and on `METHOD path`, each with and without the query. Members of the object form must all hold: `text` stands
 * in the decoded URL, also where it is escaped twice (a removal); `longerThan` counts the bytes of the URL as sent.
 */
export type RequestFilter =
  | string
  | RegExp
  | ((request: PlexRequest) => boolean)
  | {
      readonly method?: string;
      readonly path?: string | RegExp;
      readonly status?: number;
      readonly text?: string;
      readonly longerThan?: number;
    };

/** Whether `request` is one of those meant. */
export function matchesRequest(request: PlexRequest, filter: RequestFilter): boolean {
  if (typeof filter === 'function') return filter(request);
  if (typeof filter === 'string') return matchesText(request.method, request.path, filter);
  if (filter instanceof RegExp) return matchesPattern(request, filter);
  if (filter.method !== undefined && filter.method !== request.method) return false;
  if (filter.status !== undefined && filter.status !== request.status) return false;
  if (filter.longerThan !== undefined && request.url.length <= filter.longerThan) return false;
  if (filter.text !== undefined && !holdsText(request, filter.text)) return false;
  return filter.path === undefined || matchesRequest(request, filter.path);
}

function holdsText(request: PlexRequest, text: string): boolean {
  const decoded = decodeQueryPart(request.url);
  return decoded.includes(text) || percentDecode(decoded).includes(text);
}

/** Whether a string filter means this method and path. */
export function matchesText(method: string, path: string, text: string): boolean {
  return text.startsWith('/') ? path === text : `${method} ${path}` === text;
}

function matchesPattern(request: PlexRequest, pattern: RegExp): boolean {
  const { method, path, url } = request;
  return [path, url, `${method} ${path}`, `${method} ${url}`].some((text) => text.search(pattern) >= 0);
}
