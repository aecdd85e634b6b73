import type { IncomingHttpHeaders } from 'node:http';
import { decodeQueryPart, type QueryPair, splitQuery } from './rawQuery.ts';

/**
 * One request as it came over the wire, and what was answered. It is both what the routes work on and what the
 * request log keeps (row 24); the query is taken apart only when somebody asks.
 */
export class PlexRequest {
  readonly method: string;
  /** Path without the query, undecoded. */
  readonly path: string;
  /** What follows the `?`, undecoded; empty when there is none. */
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  /** When it arrived, in the double's time. */
  readonly atMs: number;
  /** The body, until it was handled; afterwards only if it is small. */
  body: Buffer | undefined;
  bodyLength = 0;
  /** Status answered; 0 while there is none, and for good when the connection was closed instead. */
  status = 0;
  /** When it was answered or given up. */
  doneMs: number | undefined;
  /** Kind of the fault that hit it, if one did. */
  fault: string | undefined;
  #rawPairs: QueryPair[] | undefined;
  #query: QueryPair[] | undefined;

  constructor(method: string, url: string, headers: IncomingHttpHeaders, atMs: number) {
    const at = url.indexOf('?');
    this.method = method;
    this.path = at < 0 ? url : url.slice(0, at);
    this.rawQuery = at < 0 ? '' : url.slice(at + 1);
    this.headers = headers;
    this.atMs = atMs;
  }

  /** Query pairs in order, as sent. */
  get rawPairs(): QueryPair[] {
    this.#rawPairs ??= splitQuery(this.rawQuery);
    return this.#rawPairs;
  }

  /** Query pairs in order, decoded. */
  get query(): QueryPair[] {
    this.#query ??= this.rawPairs.map(([key, value]) => [decodeQueryPart(key), decodeQueryPart(value)]);
    return this.#query;
  }

  /** Path and query, as sent. */
  get url(): string {
    return this.rawQuery === '' ? this.path : `${this.path}?${this.rawQuery}`;
  }

  /** Decoded value of the first query parameter of that name. */
  parameter(name: string): string | undefined {
    return this.query.find(([key]) => key === name)?.[1];
  }

  /** Value of an `X-Plex-…` option, which may be a header or a query parameter (2.2). */
  option(name: string): string | undefined {
    const header = this.headers[name.toLowerCase()];
    return (Array.isArray(header) ? header[0] : header) ?? this.parameter(name);
  }

  /** Whether the client asked for JSON (row 2). */
  get wantsJson(): boolean {
    return this.headers.accept?.includes('application/json') ?? false;
  }

  /** Bytes of the request line without its line end (row 18). */
  get lineLength(): number {
    return `${this.method} ${this.url} HTTP/1.1`.length;
  }
}
