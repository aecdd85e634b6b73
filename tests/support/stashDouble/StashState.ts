import type { JobQueue } from './JobQueue.ts';
import type { PluginSettings } from './pluginSettings.ts';
import type { SceneStore } from './SceneStore.ts';

/** How the double wants to be addressed; may be changed at any time. */
export interface StashAuth {
  /** `login`: a user name and password are configured. */
  mode: 'open' | 'login';
  /** Empty = no key was generated. */
  apiKey: string;
  maxSessionAgeSecs: number;
}

/** Everything that outlives a request, and an outage. */
export interface StashState {
  readonly scenes: SceneStore;
  readonly settings: PluginSettings;
  readonly auth: StashAuth;
  readonly jobs: JobQueue;
}
