import { type LoggedRequest, matchesRequest, type RequestMatch } from './StashRequestLog.ts';

/**
 * What goes wrong.
 * - `status`: this status with an empty body; nothing is executed.
 * - `graphqlError`: 200 with one GraphQL error and no data; nothing is executed.
 * - `resolverError`: 200, and every root field fails with this message: errors with a `path` each, null as data of each
 *   (`data` itself is null where the schema allows no null below); nothing is executed. `database is locked` for example.
 * - `json`: 200 with this document; nothing is executed.
 * - `delayMs`: the request is answered normally, but later.
 * - `reset`: the connection is reset (RST) without a reply; nothing is executed.
 * - `emptyReply`: 200 with an empty body; nothing is executed.
 * - `truncated`: the request **is** executed, but the connection ends in the middle of the reply's body.
 * - `loginPage`: 200 with the HTML of the login page; nothing is executed.
 */
export type FaultAction =
  | { readonly status: number }
  | { readonly graphqlError: string }
  | { readonly resolverError: string }
  | { readonly json: object }
  | { readonly delayMs: number }
  | 'reset'
  | 'emptyReply'
  | 'truncated'
  | 'loginPage';

/** A fault to inject. */
export interface FaultSpec {
  /** Default: every request. */
  readonly match?: RequestMatch;
  /** The first matching request that is hit, counted from 1. Default 1. */
  readonly nth?: number;
  /** How many matching requests are hit from there on. Default: 1 if `nth` is given, otherwise all. */
  readonly times?: number;
  /** Requests are hit only during this time on the server's clock, counted from now. Default: no end. */
  readonly forMs?: number;
  readonly action: FaultAction;
}

/** A fault that was added. */
export interface Fault {
  /** How many requests it has hit. */
  readonly hits: number;
  remove(): void;
}

class ActiveFault implements Fault {
  hits = 0;
  readonly remove: () => void;
  readonly #spec: FaultSpec;
  readonly #endsAtMs: number;
  #seen = 0;

  constructor(spec: FaultSpec, nowMs: number, remove: (fault: ActiveFault) => void) {
    this.#spec = spec;
    this.#endsAtMs = nowMs + (spec.forMs ?? Infinity);
    this.remove = () => remove(this);
  }

  /** The action if this request is to be hit. */
  take(request: LoggedRequest): FaultAction | undefined {
    const { match = {}, nth = 1, times = this.#spec.nth === undefined ? Infinity : 1, action } = this.#spec;
    if (request.atMs >= this.#endsAtMs || !matchesRequest(request, match)) return undefined;
    this.#seen += 1;
    if (this.#seen < nth || this.#seen >= nth + times) return undefined;
    this.hits += 1;
    return action;
  }
}

/** Faults that the double injects into its replies. */
export class StashFaults {
  readonly #faults: ActiveFault[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds a fault; several may hit one request (a delay and a status, for example). */
  add(spec: FaultSpec): Fault {
    const fault = new ActiveFault(spec, this.#now(), (gone) => {
      const position = this.#faults.indexOf(gone);
      if (position !== -1) this.#faults.splice(position, 1);
    });
    this.#faults.push(fault);
    return fault;
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** The actions for a request, in the order in which the faults were added. */
  take(request: LoggedRequest): FaultAction[] {
    return this.#faults.map((fault) => fault.take(request)).filter((action) => action !== undefined);
  }
}
