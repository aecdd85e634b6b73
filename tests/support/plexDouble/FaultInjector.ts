import type { PlexRequest } from './PlexRequest.ts';
import { matchesRequest, type RequestFilter } from './requestFilter.ts';

/** What goes wrong (row 23). Unless it says otherwise, a fault takes the place of the request's effect. */
export type FaultAction =
  /** An error page; with `applied` the effect has happened all the same. */
  | { readonly kind: 'status'; readonly status: number; readonly applied?: boolean }
  /** 503 with the start-up maintenance document (2.8). */
  | { readonly kind: 'maintenance' }
  /** An error page that says when to come again: seconds, or an HTTP date. */
  | { readonly kind: 'retryAfter'; readonly status: 429 | 503; readonly retryAfter: number | string }
  /** The request is handled `ms` later, also when the client has gone; with `applied` only the answer is late. */
  | { readonly kind: 'delay'; readonly ms: number; readonly applied?: boolean }
  /** Connection reset, nothing done. */
  | { readonly kind: 'resetBefore' }
  /** Connection reset after the effect was applied. */
  | { readonly kind: 'resetAfter' }
  /** Connection closed in an orderly way without a status, nothing done: "secure connections required" (2.1). */
  | { readonly kind: 'emptyReply' }
  /** The effect is applied, the head promises more bytes than follow. */
  | { readonly kind: 'truncatedBody' }
  /** The effect is applied, the document is whole but no JSON: a text in it holds a raw control character. */
  | { readonly kind: 'garbledBody' }
  /** The effect is applied, the document breaks off in the middle though its length says that this is all of it. */
  | { readonly kind: 'halfDocument' }
  /** A proxy's login page: 200, HTML, nothing done. */
  | { readonly kind: 'loginPage' };

/** A fault and the requests it hits. */
export interface Fault {
  /** Which requests count; all when left out. */
  readonly match?: RequestFilter;
  /** First matching request that is hit, counted from 1 since the fault was added; 1 when left out. */
  readonly nth?: number;
  /** How many matching requests are hit from then on; all when left out. */
  readonly times?: number;
  readonly action: FaultAction;
}

/** A fault in place. */
export interface ActiveFault {
  /** Requests hit so far. */
  readonly hits: number;
  /** Ends the fault. */
  remove(): void;
}

/** Makes requests fail on purpose. Of several faults that match a request, the one added first hits. */
export class FaultInjector {
  #faults = new Set<{ fault: Fault; seen: number; hits: number }>();

  /** Puts a fault in place until it is used up, removed or cleared. */
  add(fault: Fault): ActiveFault {
    const entry = { fault, seen: 0, hits: 0 };
    this.#faults.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.#faults.delete(entry);
      },
    };
  }

  /** Ends all faults. */
  clear(): void {
    this.#faults.clear();
  }

  /** Called by the server: what is to go wrong with this request, if anything. Every matching fault counts it. */
  take(request: PlexRequest): FaultAction | undefined {
    let taken: FaultAction | undefined;
    for (const entry of this.#faults) {
      const { match, nth = 1, times = Number.POSITIVE_INFINITY, action } = entry.fault;
      if (match !== undefined && !matchesRequest(request, match)) continue;
      entry.seen += 1;
      if (taken !== undefined || entry.seen < nth || entry.hits >= times) continue;
      entry.hits += 1;
      taken = action;
    }
    return taken;
  }
}
