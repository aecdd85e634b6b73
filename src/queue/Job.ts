/** A job as it waits: which scene, never what. */
export interface WaitingJob {
  id: number;
  sceneId: number;
  /** Rises with every event for the scene. */
  revision: number;
  /** Queued with many others by a task or a reconciliation, and by no event since. */
  inBulk: boolean;
}

/** A job that this process has taken; what it does to it counts only while the claim holds. */
export interface TakenJob extends Omit<WaitingJob, 'inBulk'> {
  claimId: string;
  /** Hand-outs since the last event, this one included. */
  attempts: number;
  enqueuedAtMs: number;
  /** Class of the last failure, and how many there were of it in a row. */
  lastErrorType: string | null;
  failures: number;
}

/** Why an attempt failed, as it is kept with the job. */
export interface JobFailure {
  /** Name of the error class, for example `PlexNotFound`. */
  type: string;
  /** One sentence for the user. */
  message: string;
  /** Where it was thrown; kept with a dead letter only. */
  stack?: string;
}

/** What is known to be in one of a scene's items after a sync. */
export interface SceneSync {
  /**
   * Stash's `updated_at` of the data that was written, as Stash gave it (W4); only when all of the scene's items have that data, so
   * that none is forgotten (A3).
   */
  sceneUpdatedAt: string | null;
  serverId: string;
  sectionKey: string;
  ratingKey: string;
  written: WrittenMemory;
}

/** All items of a scene. */
export interface SceneItems {
  /** Those that it writes to. */
  syncs: readonly SceneSync[];
  /** Those in which it has a file, and that another scene owns. */
  shared: readonly Pick<SceneSync, 'serverId' | 'ratingKey'>[];
  /** Those that nobody has looked at, in libraries that the settings leave out at present: what is known of them stays as it is. */
  kept?: readonly Pick<SceneSync, 'serverId' | 'ratingKey'>[];
}

/** What this plugin wrote to an item, so that later it takes away only its own. */
export interface WrittenMemory {
  /** The item's file by which it was found: the item is known again only while it holds this very file (W-05). */
  file?: string;
  /** The fields and pictures of the last sync that wrote anything, by their Plex names, and when that was; for the user only. */
  wrote?: { atMs: number; fields: string[] };
  /** The studio collection that was added. */
  collection?: string;
  /** Earlier ones, while it is not certain that they are gone. */
  formerCollections?: string[];
  /** Names that were added to the item's genres and actors. */
  genres?: string[];
  actors?: string[];
  labels?: string[];
  directors?: string[];
  /** Collections that were added for the studios above the scene's, and for its groups. */
  parentCollections?: string[];
  groupCollections?: string[];
  /** Sort titles that were written and may be there, the last one first: several while it is not certain that it took effect. */
  sortTitles?: string[];
  /** The scene has never said more than its title, and nothing else of the item is the plugin's to clear (A9). */
  onlyTitle?: true;
  /** SHA-256 of the cover's bytes that was selected last. */
  posterHash?: string;
  artHash?: string;
  /**
   * SHA-1, hexadecimal, of the pictures that the item holds by upload, newest last: Plex names them so. Not there: nobody knows, and
   * somebody has to look.
   */
  posterNames?: string[];
  artNames?: string[];
  /** Pictures, `poster` or `art`, that were selected again because they were unlocked: if they still are, selecting does not lock. */
  reselected?: string[];
  /** SHA-256 of a cover that Plex cannot use, once the user was told. */
  saidCover?: string;
  /** The user has had the item restored: reconciliations leave it so until its scene is synced again. */
  restored?: true;
}
