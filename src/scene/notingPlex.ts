import type { PlexClient } from '../plex/PlexClient.ts';
import type { Artwork } from '../plex/PlexImage.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';

/** What Plex would have been told. */
export interface NotedWrites {
  /** Parameters of edits, in their order. */
  edits: { ratingKey: string; fields: QueryPairs }[];
  images: { ratingKey: string; artwork: Artwork }[];
  /** The items that were read, as Plex has them. */
  items: Map<string, PlexItem>;
}

/**
 * A client that reads from Plex and only notes what it is to write: not one request changes anything. Each method is named here, so
 * that a new one cannot slip through.
 */
export function notingPlex(plex: PlexClient, noted: NotedWrites): PlexClient {
  return {
    identity: (timeoutMs) => plex.identity(timeoutMs),
    sections: (timeoutMs) => plex.sections(timeoutMs),
    async items(ratingKeys) {
      const items = await plex.items(ratingKeys);
      for (const item of items) noted.items.set(item.ratingKey, item);
      return items;
    },
    rowsByFile: (sectionKey, fileName) => plex.rowsByFile(sectionKey, fileName),
    pages: (sectionKey, order) => plex.pages(sectionKey, order),
    checkFiles: (sectionKey, timeoutMs) => plex.checkFiles(sectionKey, timeoutMs),
    isEmpty: (sectionKey) => plex.isEmpty(sectionKey),
    longestEdit: () => plex.longestEdit(),
    async edit(_sectionKey, ratingKey, fields) {
      noted.edits.push({ ratingKey, fields });
    },
    async unrate(ratingKey) {
      noted.edits.push({ ratingKey, fields: [['userRating.value', '']] });
    },
    images: (ratingKey, artwork) => plex.images(ratingKey, artwork),
    async selectImage(ratingKey, artwork) {
      noted.images.push({ ratingKey, artwork });
    },
    async deselectImage(ratingKey, artwork) {
      noted.images.push({ ratingKey, artwork });
    },
    async uploadImage(ratingKey, artwork) {
      noted.images.push({ ratingKey, artwork });
    },
    async scan() {},
    async close() {},
  };
}
