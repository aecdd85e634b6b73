/** What a Plex item held before the plugin first changed it, field by field: only what was changed, each field once. */
export interface ItemSnapshot {
  /** Short hashes of the item's files at the last change: a rating key that means another item by now is known by them. */
  files: string[];
  /** By Plex's names: those of edits (`title`, `genre`), and `thumb` and `art` for the pictures. */
  fields: Record<string, FieldSnapshot>;
}

/** One field before the plugin's first change. */
export interface FieldSnapshot {
  /** Left out: nobody knows, because Plex did not tell which picture it showed. */
  was?: FieldValue;
  locked: boolean;
  /**
   * Fingerprints of what the plugin may have left there: of its last write, under each reading of it, and of what it had written before,
   * because whether a write took effect is not always known. Anything else is somebody's own.
   */
  ours: string[];
}

/** A text, a list with its order, or a picture's name; nothing is `''` or an empty list. A rating is its number as text. */
export type FieldValue = string | readonly ListEntry[];

/** A name of a list, with the person's role in this item where there is one. */
export type ListEntry = readonly [name: string, role?: string];

/** A change that is about to be made, with everything that is to be kept of the item. */
export interface ItemChange {
  snapshot: ItemSnapshot;
  /** It holds old values that were not kept before: they must survive a power cut, because Plex may soon hold them no more. */
  isNew: boolean;
}
