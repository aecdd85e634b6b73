import type { DrainResult } from '../drain/DrainResult.ts';
import type { JobStore } from '../queue/JobStore.ts';
import { calculateDelay } from '../resilience/calculateDelay.ts';
import type { Clock } from '../time/clock.ts';

export interface MeanwhileOptions {
  clock: Clock;
  random: () => number;
  jobs: Pick<JobStore, 'nextDueAtMs'>;
  /** One pass. */
  drain: () => Promise<Pick<DrainResult, 'obstacle'>>;
}

/** After a pass that something stopped. */
const TROUBLE = { baseSecs: 5, capSecs: 60 };

/**
 * Passes in between of longer work, so that no event waits for its end: each call does one if something is due. After one that
 * something stopped the next is a while later; the longer work goes on meanwhile, for it may have nothing to do with the trouble.
 */
export function drainMeanwhile({ clock, random, jobs, drain }: MeanwhileOptions): () => Promise<void> {
  let stopped = 0;
  let resumeAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const dueAtMs = jobs.nextDueAtMs();
    if (dueAtMs === undefined || dueAtMs > clock.now() || clock.monotonic() < resumeAt) return;
    const { obstacle } = await drain();
    if (obstacle) resumeAt = clock.monotonic() + calculateDelay(stopped, TROUBLE, random) * 1000;
    stopped = obstacle ? stopped + 1 : 0;
  };
}
