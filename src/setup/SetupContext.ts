import type { Paths } from '../config/paths.ts';
import type { Settings } from '../config/settings.ts';
import type { Redactor } from '../log/redactor.ts';
import type { PathIndex } from '../plex/PathIndex.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import type { PlexInspector } from '../plex/PlexInspector.ts';
import type { JobStore } from '../queue/JobStore.ts';
import type { CircuitBreaker } from '../resilience/CircuitBreaker.ts';
import type { StashClient } from '../stash/StashClient.ts';
import type { ExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { Installation } from '../takeover/pythonFolders.ts';
import type { Clock } from '../time/clock.ts';

/** The Plex of some settings. */
export interface PlexAccess {
  client: PlexClient;
  inspector: PlexInspector;
}

/** What a check asks the operating system. */
export interface Machine {
  nodeVersion: string;
  platform: string;
  arch: string;
  /** Names that no report may hold. */
  hostName: string;
  userName: string;
  /** Number of the user that this process runs as; undefined where there are none (Windows). */
  uid: number | undefined;
  /** Bytes that this process may still write below a folder. @throws the file system's error */
  freeBytes(folder: string): Promise<number>;
  /** Takes a lock file; undefined while somebody has it. @throws StorageError */
  tryLock(path: string): ExclusiveLock | undefined;
}

/** What checking a set-up needs. Nothing of it changes anything in Plex, in Stash or in the queue. */
export interface SetupContext {
  clock: Clock;
  /** 0 to 1, for the choice of scenes. */
  random: () => number;
  env: NodeJS.ProcessEnv;
  paths: Paths;
  db: Database;
  redactor: Redactor;
  machine: Machine;
  installation: Installation;
  jobs: Pick<JobStore, 'counts' | 'chosen'>;
  breaker: Pick<CircuitBreaker, 'snapshot'>;
  pathIndex: PathIndex;
  stashUrl: string;
  /** Reads the settings without storing any. */
  stash: Pick<StashClient, 'pluginSettings' | 'server' | 'randomScenes'>;
  /** The caller closes the client. */
  openPlex: (settings: Settings) => Promise<PlexAccess>;
}
