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
  { foreseen }: Batch,
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
    const written = new Set([...foreseen.values()].flat());
    const sceneIds = waiting.map(({ sceneId }) => sceneId);
    const known = jobs.sceneSyncsOf(sceneIds);
    const choices = jobs.chosen.ofScenes(sceneIds);
    const isApart = ({ sceneId }: WaitingJob) => {
      const own = known.get(sceneId) ?? [];
      const all = [...own, ...(choices.get(sceneId) ?? [])];
      return own.length > 0 && !all.some(({ ratingKey }) => written.has(ratingKey));
    };
    if (waiting.length === 0 || !waiting.every(isApart)) return undefined;
    return { waiting, batch: await readBatch(waiting, work), work };
  } catch {
    return undefined;
  }
}
