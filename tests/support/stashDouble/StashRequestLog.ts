import type { IncomingHttpHeaders } from 'node:http';

/** One request that the double received. */
export interface LoggedRequest {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** The query string with its `?`, or empty. */
  readonly search: string;
  readonly operationName: string | null;
  /** Names of the GraphQL root fields asked for, e.g. `findScenes`; empty for other requests. */
  readonly rootFields: readonly string[];
  readonly query: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly headers: IncomingHttpHeaders;
  /** 0 until the reply was decided on, and for connections that were cut instead. */
  status: number;
  readonly atMs: number;
}

/** Which requests to look at: all given members must fit. */
export interface RequestMatch {
  readonly method?: string;
  /** The exact path, or a pattern. */
  readonly path?: string | RegExp;
  /** The GraphQL operation name, or the name of a root field. */
  readonly operation?: string | RegExp;
}

function fits(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === 'string' ? text === pattern : text.search(pattern) !== -1;
}

/** True if a request fits a match. */
export function matchesRequest(request: LoggedRequest, match: RequestMatch): boolean {
  const { method, path, operation } = match;
  if (method !== undefined && request.method !== method) return false;
  if (path !== undefined && !fits(request.path, path)) return false;
  if (operation === undefined) return true;
  const names = [request.operationName ?? '', ...request.rootFields];
  return names.some((name) => name !== '' && fits(name, operation));
}

/** Every request to the double, in order of arrival. */
export class StashRequestLog {
  /** Switch off for benchmarks. */
  enabled = true;
  readonly #entries: LoggedRequest[] = [];

  /** Adds a request, if the log is enabled. */
  add(request: LoggedRequest): void {
    if (this.enabled) this.#entries.push(request);
  }

  /** All requests. */
  all(): readonly LoggedRequest[] {
    return [...this.#entries];
  }

  /** The requests that fit a match or pass a test. */
  where(match: RequestMatch | ((request: LoggedRequest) => boolean)): LoggedRequest[] {
    return this.#entries.filter(
      typeof match === 'function' ? match : (request) => matchesRequest(request, match),
    );
  }

  /** How many requests there were, or how many fit. */
  count(match: RequestMatch | ((request: LoggedRequest) => boolean) = {}): number {
    return this.where(match).length;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
