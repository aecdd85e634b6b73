import type { Settings } from '../config/settings.ts';
import { buildEdit } from '../edit/buildEdit.ts';
import type { EditMemory } from '../edit/EditMemory.ts';
import { pairsOf } from '../edit/EditRequest.ts';
import type { WantedItem } from '../edit/WantedItem.ts';
import type { Artwork } from '../plex/PlexImage.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { WrittenMemory } from '../queue/Job.ts';
import { PICTURES, wantedPictures } from '../scene/planImages.ts';
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
  /** SHA-256 of the scene's picture; null when it has none that Plex can show, undefined when nobody looked. */
  imageHash?: string | null | undefined;
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

/** SHA-256 of the cover that was selected last in a picture; undefined when there was none. */
export function selectedHash(memory: WrittenMemory, artwork: Artwork): string | undefined {
  return memory[PICTURES[artwork].hash];
}

/**
 * Pictures of the plugin that are not locked any more: somebody else may choose another one. It is for a sync to select them again, but
 * only where the scene still has a cover.
 */
export function unlockedPictures({ item, wanted, memory, settings }: Comparison): Artwork[] {
  return wantedPictures(item, settings, wanted).filter(
    (artwork) => selectedHash(memory, artwork) !== undefined && !item.locked.has(PICTURES[artwork].lock),
  );
}

/** Pictures that a sync would write, by its own rule: unlocked ones, and those whose bytes differ from what was selected last. */
function imagesToWrite(comparison: Comparison): string[] {
  const { item, wanted, memory, imageHash, settings } = comparison;
  const unlocked = unlockedPictures(comparison);
  const pictures = wantedPictures(item, settings, wanted).filter((artwork) => {
    if (memory.outstanding?.includes(PICTURES[artwork].word)) return true;
    if (imageHash === undefined || imageHash === null) return false;
    return unlocked.includes(artwork) || imageHash !== selectedHash(memory, artwork);
  });
  return pictures.map((artwork) => PICTURES[artwork].word);
}
