import type { PlexRequest } from './PlexRequest.ts';
import { matchesRequest, matchesText, type RequestFilter } from './requestFilter.ts';

const KEPT_BODY_BYTES = 16 * 1024;
const WRITES = new Set(['PUT', 'POST', 'DELETE']);

/** Every request that reached the double, in order of arrival (row 24). */
export class RequestLog {
  /** Off: requests are only counted, by method and path with item ids left out. For benchmarks. */
  enabled = true;
  entries: PlexRequest[] = [];
  /** Most writes that were ever under way at one time; 1 when the client writes strictly one after another. */
  peakWrites = 0;
  #writes = 0;
  #counts = new Map<string, number>();

  /**
   * How many requests `filter` means, or all. While the log is off, requests can be told apart by method and path
   * only, and item ids in a path read `{ids}`.
   * @throws Error for a filter that needs more than that, when some requests were only counted.
   */
  count(filter?: RequestFilter): number {
    const logged = filter === undefined ? this.entries.length : this.where(filter).length;
    let counted = 0;
    for (const [key, times] of this.#counts) {
      if (filter === undefined || meansRoute(key, filter)) counted += times;
    }
    return logged + counted;
  }

  /** The requests that `filter` means, in order. */
  where(filter: RequestFilter): PlexRequest[] {
    return this.entries.filter((entry) => matchesRequest(entry, filter));
  }

  /** Forgets everything so far. */
  clear(): void {
    this.entries = [];
    this.#counts.clear();
    this.peakWrites = this.#writes;
  }

  /** Called by the server when a request has arrived. */
  arrived(request: PlexRequest): void {
    if (WRITES.has(request.method)) this.peakWrites = Math.max(this.peakWrites, ++this.#writes);
    if (this.enabled) {
      this.entries.push(request);
      return;
    }
    const path = request.path.replace(/^\/library\/metadata\/[^/]+/, '/library/metadata/{ids}');
    const key = `${request.method} ${path}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Called by the server when a request was answered or its connection closed. */
  finished(request: PlexRequest, atMs: number): void {
    if (WRITES.has(request.method)) this.#writes -= 1;
    request.doneMs = atMs;
    if (request.bodyLength > KEPT_BODY_BYTES) request.body = undefined;
  }
}

function meansRoute(key: string, filter: RequestFilter): boolean {
  const method = key.slice(0, key.indexOf(' '));
  const path = key.slice(method.length + 1);
  if (typeof filter === 'string') return matchesText(method, path, filter);
  if (filter instanceof RegExp) return path.search(filter) >= 0 || key.search(filter) >= 0;
  if (
    typeof filter === 'function' ||
    filter.status !== undefined ||
    filter.text !== undefined ||
    filter.longerThan !== undefined
  ) {
    throw new Error('The request log was off: requests can be counted by method and path only.');
  }
  if (filter.method !== undefined && filter.method !== method) return false;
  return filter.path === undefined || meansRoute(key, filter.path);
}
