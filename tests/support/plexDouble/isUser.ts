import type { PlexContext } from './PlexContext.ts';
import type { PlexRequest } from './PlexRequest.ts';

/** Whether a request carries the token of who is not the admin. */
export function isUser(request: PlexRequest, { userToken }: PlexContext): boolean {
  return request.option('X-Plex-Token') === userToken;
}
