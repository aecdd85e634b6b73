import { enqueueScenes } from '../queue/enqueueScenes.ts';
import type { StashClient } from '../stash/StashClient.ts';
import { StashError } from '../stash/StashError.ts';
import type { Database } from '../storage/openDatabase.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { Clock } from '../time/clock.ts';

/** Which scenes of Stash are to be brought up to date. */
export interface QueueRequest {
  /** Only scenes that were added or changed at this time or later, in milliseconds since the epoch; without it, all. */
  changedSinceMs?: number;
  /** Called after each page that is safely queued. @param share of the scenes, 0 to 1. */
  onPage?: (figures: QueuedScenes, share: number) => void;
}

/** How far queueing scenes came. */
export interface QueuedScenes {
  /** Scenes that the request means. */
  scenes: number;
  queued: number;
  alreadyQueued: number;
  /** Why it ended early, as a sentence; what was queued before stays queued. */
  problem?: string;
}

export interface QueueContext {
  stash: Pick<StashClient, 'scenePages'>;
  db: Database;
  clock: Clock;
}

/**
 * Queues every scene of Stash, or those that changed since a time, whatever became of them earlier (W-70): a page of ids per request
 * and transaction, in constant memory. Killed at any moment, each page is queued as a whole or not at all. Nobody is started to work
 * them off.
 *
 * @throws StorageError when a page could not be queued.
 */
export async function queueScenes(
  { changedSinceMs, onPage }: QueueRequest,
  { stash, db, clock }: QueueContext,
): Promise<QueuedScenes> {
  const figures: QueuedScenes = { scenes: 0, queued: 0, alreadyQueued: 0 };
  // Stash's `updated_at` is never before its `created_at`.
  const since = changedSinceMs === undefined ? {} : { updatedAfter: new Date(changedSinceMs).toISOString() };
  try {
    for await (const { scenes, walked, total } of stash.scenePages({ select: 'ids', ...since })) {
      const ids = scenes.map(({ id }) => id);
      const { queued, alreadyQueued } = enqueuePage(ids, db, clock);
      figures.scenes += ids.length;
      figures.queued += queued;
      figures.alreadyQueued += alreadyQueued;
      onPage?.({ ...figures }, total === 0 ? 1 : walked / total);
    }
  } catch (error) {
    if (!(error instanceof StashError)) throw error;
    figures.problem = error.message;
  }
  return figures;
}

function enqueuePage(ids: readonly number[], db: Database, clock: Clock) {
  try {
    return enqueueScenes(db, ids, clock.now());
  } catch (error) {
    throw StorageError.from(error, 'The scenes could not be queued');
  }
}
