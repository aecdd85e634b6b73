import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import { checkPlexHealth } from '../resilience/checkPlexHealth.ts';
import type { Clock } from '../time/clock.ts';

/**
 * Whether a request that got no answer failed because of its own scene or item: Plex answers the very next question. Statuses
 * such as 503 do not count, they are the server's own word about itself.
 */
export async function isOwnFault(
  error: unknown,
  { plex, clock }: { plex: Pick<PlexClient, 'identity'>; clock: Clock },
): Promise<boolean> {
  if (!(error instanceof PlexError) || !error.isUnanswered) return false;
  return (await checkPlexHealth(plex, clock)).healthy;
}
