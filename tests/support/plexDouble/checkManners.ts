import type { PlexRequest } from './PlexRequest.ts';

const PAGE_OPTIONS = ['X-Plex-Container-Start', 'X-Plex-Container-Size'] as const;

/** What a request does that a client must never do, whatever the answer; more is noted by the routes themselves. */
export function checkManners(request: PlexRequest): string[] {
  const found: string[] = [];
  const [start, size] = PAGE_OPTIONS.map((name) => request.option(name) !== undefined);
  if (start !== size) {
    const [given, missing] = start ? PAGE_OPTIONS : [PAGE_OPTIONS[1], PAGE_OPTIONS[0]];
    found.push(`${request.method} ${request.path} has ${given} without ${missing}`);
  }
  // There is no body form: what a body says is ignored (row 19).
  if (request.method === 'PUT' && request.bodyLength > 0) {
    found.push(`PUT ${request.path} has a body of ${request.bodyLength} bytes, which Plex ignores`);
  }
  return found;
}
