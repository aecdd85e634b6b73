import type { PlexItem } from '../plex/PlexItem.ts';

/** What was read for the scenes of a batch at once. */
export interface ReadAhead {
  /** When reading began, as a moment of the file finder. */
  since: number;
  /** Many scenes of the batch are not in the path index. */
  areManyNew: boolean;
  /**
   * Takes an item out, in full: each serves one scene, which may change it.
   *
   * @returns undefined when it was not read, was taken before, or was read too long ago.
   */
  take(ratingKey: string): TakenItem | undefined;
  /** Gives an item back that was taken and not changed: the scene that may change it finds it again. */
  giveBack(item: PlexItem): void;
}

/** An item that was read; undefined: Plex has no such item. */
export interface TakenItem {
  item: PlexItem | undefined;
}
