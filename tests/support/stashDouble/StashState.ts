import type { DatabaseCondition } from './databaseCondition.ts';
import type { HookChain } from './HookChain.ts';
import type { JobQueue } from './JobQueue.ts';
import type { PluginSettings } from './pluginSettings.ts';
import type { SceneStore } from './SceneStore.ts';
import type { ServerLog } from './ServerLog.ts';
import type { StashUi } from './serveUi.ts';

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
  /** Whether the database answers; may be changed at any time. */
  readonly database: { condition: DatabaseCondition };
  /** The hooks of the attached plugins; none until `createStash` attaches some. */
  readonly hooks: HookChain;
  /** What Stash itself logged about plugins. */
  readonly serverLog: ServerLog;
  /** The web UI, with the plugins' parts of it; none until a test needs one. */
  readonly ui: { served: StashUi | null };
}
