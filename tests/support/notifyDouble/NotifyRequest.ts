import type { IncomingHttpHeaders } from 'node:http';

/** A request to the double. */
export interface Delivered {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** The body as it came. */
  raw: string;
  /** The body as JSON; empty when it is none. */
  body: Record<string, unknown>;
  /** What it was answered with; absent when it got no answer. */
  status?: number;
}

/** What a service answers. */
export interface ServiceAnswer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** An answer in JSON. */
export function json(status: number, body: unknown): ServiceAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
