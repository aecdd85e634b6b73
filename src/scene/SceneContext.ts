import type { Settings } from '../config/settings.ts';
import type { Logger } from '../log/logger.ts';
import type { PathObfuscator } from '../log/obfuscatePath.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import type { ChosenItems } from '../queue/ChosenItems.ts';
import type { ItemOwners } from '../queue/ItemOwners.ts';
import type { SceneSync } from '../queue/Job.ts';
import type { StashClient } from '../stash/StashClient.ts';
import type { Clock } from '../time/clock.ts';
import type { GateLookup } from './gates/openGates.ts';
import type { Matching } from './Matching.ts';
import type { LibraryLookup } from './PlexLibrary.ts';

/** Everything that reading, finding and writing scenes needs; it knows neither the queue nor the circuit breaker. */
export interface SceneContext {
  clock: Clock;
  log: Logger;
  /** Hides secrets in what is stored. */
  redact: (text: string) => string;
  /**
   * The one gate of the setting `obfuscate_paths` (W-68): every path, item title and search term that is logged, or kept in an
   * error's message, goes through it.
   */
  names: PathObfuscator;
  settings: Settings;
  stash: StashClient;
  plex: PlexClient;
  /** Which server answers and where to look in it; asked now and then, and again after anything stood in the way. */
  library: LibraryLookup;
  matching: Matching;
  /** Which scenes are synced at all; {@link stash} reads them with what that takes. */
  gates: GateLookup;
  /** What the last syncs of a scene left, one entry for each of its items. */
  lastSyncs: (sceneId: number) => SceneSync[];
  /** The same of many scenes; one that was never synced is not in it. */
  lastSyncsOf: (sceneIds: readonly number[]) => ReadonlyMap<number, SceneSync[]>;
  /** Who owns the items that several scenes share. */
  owners: Pick<ItemOwners, 'decision' | 'isAny' | 'itemsOf' | 'otherHolders' | 'inheritance'>;
  /** Items that the user has chosen for scenes. */
  chosen: Pick<ChosenItems, 'ofScene' | 'ofScenes' | 'choosers'>;
  doubts: SceneDoubts;
}

/** What other scenes' fortunes say about this one's. */
export interface SceneDoubts {
  /** Whether Plex has taken an edit of another scene since it refused this one's: then it is about this one's data. */
  isEditProven: (sceneId: number) => boolean;
  /** Whether pictures fail for every scene at present. */
  doPicturesFail: () => boolean;
}

/** Knows of nothing else. */
export const NO_DOUBTS: SceneDoubts = { isEditProven: () => false, doPicturesFail: () => false };
