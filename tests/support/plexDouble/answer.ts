import { checkManners } from './checkManners.ts';
import type { PlexContext } from './PlexContext.ts';
import type { PlexRequest } from './PlexRequest.ts';
import { errorReply, type Reply } from './Reply.ts';
import { findRoute } from './routes.ts';

const WRITES = new Set(['PUT', 'POST', 'DELETE']);

/** Applies a request to the state and says what is answered. Knows nothing of sockets, faults or delays. */
export function answer(request: PlexRequest, context: PlexContext): Reply {
  const found = findRoute(request.path);
  context.violations.push(...checkManners(request));
  const refusal = request.path === '/identity' ? undefined : refusedByToken(request, context);
  if (refusal !== undefined) return refusal;
  if (found === undefined) return errorReply(404);
  const handler = found.route.methods[request.method];
  if (handler === undefined) return errorReply(405);
  if (
    context.switches.requireJson &&
    !request.wantsJson &&
    !(found.route.image && request.method === 'GET')
  ) {
    // Loud on purpose: a real server would send XML, which no client of ours reads (row 2).
    context.violations.push(`${request.method} ${request.path} without Accept: application/json`);
    return errorReply(400, '<p>Plex double: Accept: application/json is missing.</p>');
  }
  return handler(request, context, found.groups);
}

/** 401 for a missing or wrong token, 403 for a write with a token that is not the admin's (row 1), or the switch (9.7). */
function refusedByToken(
  request: PlexRequest,
  { token, userToken, switches }: PlexContext,
): Reply | undefined {
  const given = request.option('X-Plex-Token');
  if (given === undefined && !switches.requireToken) return undefined;
  if (given !== token && given !== userToken) {
    // The page at the root redirects a browser to the sign-in (2.8).
    return errorReply(
      401,
      request.path === '/' ? '<script>window.location = "/web/index.html";</script>' : '',
    );
  }
  if (given !== undefined && switches.tokenStatus !== 200) return errorReply(switches.tokenStatus);
  return given === userToken && WRITES.has(request.method) ? errorReply(403) : undefined;
}
