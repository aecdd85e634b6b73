import type { Fault } from './FaultInjector.ts';

/** Faults that tests of a client want often (9.13), to be put in place by `double.faults.add(…)`. */
export const commonFaults = {
  /** Edits, uploads and ratings fail and do nothing, while everything can be read: a database that takes no writes. */
  writesFail: (status = 500): Fault => ({
    match: ({ method }) => method === 'PUT' || method === 'POST' || method === 'DELETE',
    action: { kind: 'status', status },
  }),
  /** Every request whose URL, path and query as sent, has more bytes than that is refused. */
  longUrls: (bytes: number, status = 404): Fault => ({
    match: { longerThan: bytes },
    action: { kind: 'status', status },
  }),
  /** Every request of the method with that text in its decoded URL is refused, as by a web application firewall. */
  withText: (text: string, status = 403, method = 'PUT'): Fault => ({
    match: { method, text },
    action: { kind: 'status', status },
  }),
} as const;
