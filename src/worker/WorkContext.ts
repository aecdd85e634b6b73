import type { Settings } from '../config/settings.ts';
import type { Logger } from '../log/logger.ts';
import type { PathObfuscator } from '../log/obfuscatePath.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import type { PlexSection } from '../plex/PlexSection.ts';
import type { DeadLetters } from '../queue/deadLetters.ts';
import type { JobStore } from '../queue/JobStore.ts';
import type { StashClient } from '../stash/StashClient.ts';
import type { Clock } from '../time/clock.ts';
import type { Matching } from './Matching.ts';
import type { Reliability } from './Reliability.ts';

/** Everything that working off jobs needs; built once per settings, passed on. */
export interface WorkContext {
  clock: Clock;
  /** 0 (inclusive) to 1 (exclusive); for jitter. */
  random: () => number;
  log: Logger;
  /** Hides secrets in what is stored. */
  redact: (text: string) => string;
  /**
   * The one gate of the setting `obfuscate_paths` (W-68): every path, item title and search term that is logged, or kept in an
   * error's message, goes through it.
   */
  names: PathObfuscator;
  settings: Settings;
  /** Pause after each synced scene. */
  jobDelayMs: number;
  jobs: JobStore;
  deadLetters: DeadLetters;
  reliability: Reliability;
  stash: StashClient;
  plex: PlexClient;
  /** Which server answers and where to look in it; asked now and then, and again after anything stood in the way. */
  library: LibraryLookup;
  matching: Matching;
}

/** The part of the Plex server that the settings select. */
export interface PlexLibrary {
  /** Machine identifier; rating keys mean something on this server only. */
  serverId: string;
  sections: readonly PlexSection[];
}

/** @throws PlexError when Plex cannot be asked or the settings name an unknown library. */
export type LibraryLookup = () => Promise<PlexLibrary>;
