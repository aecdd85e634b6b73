import type { DeadLetters } from '../queue/deadLetters.ts';
import type { JobStore } from '../queue/JobStore.ts';
import type { SceneContext } from '../scene/SceneContext.ts';
import type { Reliability } from './Reliability.ts';

/** Everything that working off jobs needs; built once per settings, passed on. */
export interface WorkContext extends SceneContext {
  /** 0 (inclusive) to 1 (exclusive); for jitter. */
  random: () => number;
  /** Pause after each synced scene. */
  jobDelayMs: number;
  jobs: JobStore;
  deadLetters: DeadLetters;
  reliability: Reliability;
}
