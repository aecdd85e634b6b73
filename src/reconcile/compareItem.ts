import type { Settings } from '../config/settings.ts';
import { buildEdit } from '../edit/buildEdit.ts';
import type { EditMemory } from '../edit/EditMemory.ts';
import { pairsOf } from '../edit/EditRequest.ts';
import type { WantedItem } from '../edit/WantedItem.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { WrittenMemory } from '../queue/Job.ts';
import type { ItemDifference } from './detectGap.ts';
import { fingerprint } from './fingerprint.ts';

/** What a comparison is made of. */
export interface Comparison {
  /** In full, as just read. */
  item: PlexItem;
  wanted: WantedItem;
  /** What the last sync of this item left. */
  memory: EditMemory;
  settings: Pick<Settings, 'preserve_plex_edits' | 'sync_poster' | 'sync_background'>;
  /** SHA-256 of the scene's picture; undefined when it has none, or nobody looked because it cannot have changed. */
  imageHash?: string | undefined;
  /** As for a sync: most bytes of an edit's query, where the way to Plex takes less than usual. */
  longestEdit?: number | undefined;
}

/** What a sync would write to the item now: nothing when it is right. */
export function compareItem(comparison: Comparison): ItemDifference {
  const { item, wanted, memory, settings, longestEdit } = comparison;
  const options = { preservesPlexEdits: settings.preserve_plex_edits, longestEdit };
  const edit = buildEdit(item, wanted, memory, options);
  const images = imagesToWrite(comparison);
  const fields = [...edit.changed, ...images];
  const key = fingerprint([
    edit.requests.map(pairsOf),
    edit.clearsRating,
    images,
    comparison.imageHash ?? null,
  ]);
  return { fields, key };
}

type Picture = 'poster' | 'background';

/** The pictures that are wanted in an item, by the rule of a sync. */
export function wantedImages({ item, settings }: Pick<Comparison, 'item' | 'settings'>): Picture[] {
  const { preserve_plex_edits: preserves, sync_poster, sync_background } = settings;
  return [
    ...(sync_poster && !(preserves && item.hasThumb) ? (['poster'] as const) : []),
    ...(sync_background && !(preserves && item.hasArt) ? (['background'] as const) : []),
  ];
}

/** SHA-256 of the picture uploaded last; undefined when there was none. */
export function uploadedHash({ posterHash, artHash }: WrittenMemory, picture: Picture): string | undefined {
  return picture === 'poster' ? posterHash : artHash;
}

/**
 * Pictures that a sync would upload: one whose bytes differ from the last upload, and one that is not locked any more, because an
 * upload locks: by now it is somebody else's.
 */
function imagesToWrite(comparison: Comparison): string[] {
  const { item, memory, imageHash } = comparison;
  return wantedImages(comparison).filter((image) => {
    const uploaded = uploadedHash(memory, image);
    if (memory.outstanding?.includes(image)) return true;
    if (uploaded !== undefined && !item.locked.has(image === 'poster' ? 'thumb' : 'art')) return true;
    return imageHash !== undefined && imageHash !== uploaded;
  });
}
