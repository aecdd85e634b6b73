import type { WaitingJob } from '../queue/Job.ts';
import { BATCH_SIZE, type Batch, readBatch } from '../scene/readBatch.ts';
import type { WorkContext } from './WorkContext.ts';

/** A batch that was read while the one before it was being written. */
export interface NextBatch {
  waiting: readonly WaitingJob[];
  batch: Batch;
  /** With what it was read: other settings call for another reading. */
  work: WorkContext;
}

/**
 * Reads the jobs that come after these meanwhile: the connection to Plex has time between two edits, and Stash has nothing to do. Only
 * scenes whose items are known, because looking items up learns from what is being written, and none of those items that are being
 * written. A job that changes after this is not taken with what was read for it.
 *
 * @returns undefined when there is nothing to read ahead. Trouble is left to the ordinary reading, which meets it as well. Never throws.
 */
export async function readNext(
  current: readonly WaitingJob[],
  { syncs }: Batch,
  work: WorkContext,
): Promise<NextBatch | undefined> {
  const { jobs, reliability, jobDelayMs } = work;
  if (current.length < BATCH_SIZE || jobDelayMs > 0) return undefined;
  try {
    // First of all the present batch goes on.
    await new Promise((resolve) => setImmediate(resolve));
    if (!(await reliability.breaker.isFlowing())) return undefined;
    const taken = new Set(current.map(({ id }) => id));
    const waiting = jobs
      .peekDue(2 * BATCH_SIZE)
      .filter(({ id }) => !taken.has(id))
      .slice(0, BATCH_SIZE);
    const chosen = ({ sceneId }: WaitingJob) => jobs.chosen.ofScene(sceneId);
    const items = [...[...syncs.values()].flat(), ...current.flatMap(chosen)];
    const written = new Set(items.map(({ ratingKey }) => ratingKey));
    const known = jobs.sceneSyncsOf(waiting.map(({ sceneId }) => sceneId));
    const isApart = (job: WaitingJob) => {
      const own = known.get(job.sceneId) ?? [];
      return own.length > 0 && ![...own, ...chosen(job)].some(({ ratingKey }) => written.has(ratingKey));
    };
    if (waiting.length === 0 || !waiting.every(isApart)) return undefined;
    return { waiting, batch: await readBatch(waiting, work), work };
  } catch {
    return undefined;
  }
}
