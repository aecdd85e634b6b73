import type { PlexClient } from '../../src/plex/PlexClient.ts';
import type { PlexItem } from '../../src/plex/PlexItem.ts';

/** All rows of a section, the oldest first. */
export async function* allRows(plex: PlexClient, sectionKey: string): AsyncGenerator<PlexItem> {
  for await (const { items } of plex.pages(sectionKey, 'oldestFirst')) yield* items;
}
