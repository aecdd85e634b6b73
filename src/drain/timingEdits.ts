import type { PlexClient } from '../plex/PlexClient.ts';
import type { Clock } from '../time/clock.ts';

/** The same client; `onEdit` is told how long Plex took for each edit that it took. A refusal comes fast and says nothing. */
export function timingEdits(
  plex: PlexClient,
  clock: Pick<Clock, 'monotonic'>,
  onEdit: (tookMs: number) => void,
): PlexClient {
  return {
    ...plex,
    async edit(sectionKey, ratingKey, fields) {
      const startedAt = clock.monotonic();
      await plex.edit(sectionKey, ratingKey, fields);
      onEdit(clock.monotonic() - startedAt);
    },
  };
}
