import { syncExtent } from '../edit/syncExtent.ts';
import type { MatchConfidence } from '../plex/rankByFile.ts';
import type { SceneSync, WrittenMemory } from '../queue/Job.ts';
import { findItem } from './findItem.ts';
import { reasonToSkip } from './reasonToSkip.ts';
import type { SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';
import { syncItem } from './syncItem.ts';

/** How a scene's sync ended well. */
export type SyncOutcome =
  /** The item is equal to the scene. `changed` names what was written, nothing when it was right already. */
  | { outcome: 'synced'; sync: SceneSync; changed: string[]; confidence: MatchConfidence }
  /** There is nothing to sync. */
  | { outcome: 'skipped'; reason: string };

/**
 * Makes a scene's Plex item equal to it: one read of the item (here, or in the caller's batch), one PUT, one upload and one
 * selection per changed image. Safe to repeat at any time.
 *
 * @throws PlexError, StashError, SyncError
 */
export async function syncScene(input: SceneInput, context: SceneContext): Promise<SyncOutcome> {
  const { scene, previous, remember } = input;
  const reason = reasonToSkip(scene, context.settings.sync_master, previous !== undefined);
  if (!scene || reason !== undefined) return { outcome: 'skipped', reason: reason ?? '' };

  const { serverId } = await context.library();
  const { item, file, confidence } = await findItem(input, scene, context);
  const isSameItem = previous?.serverId === serverId && previous.ratingKey === item.ratingKey;
  const place = { serverId, sectionKey: item.sectionKey, ratingKey: item.ratingKey };
  // What the former item got is not in this one.
  const { sceneUpdatedAt, written: memory } = isSameItem ? previous : NOTHING_WRITTEN;
  const extent = syncExtent(scene, previous?.written);
  const complete = ({ onlyTitle: _, ...written }: WrittenMemory): WrittenMemory => ({
    ...written,
    file,
    ...(extent === 'title' ? { onlyTitle: true } : {}),
  });
  const keep = (written: WrittenMemory) => remember({ ...place, sceneUpdatedAt, written: complete(written) });
  const written = await syncItem({ scene, item, extent, memory, keep }, context);
  return {
    outcome: 'synced',
    changed: written.changed,
    confidence,
    sync: { ...place, sceneUpdatedAt: scene.updatedAt, written: complete(written.memory) },
  };
}

const NOTHING_WRITTEN: Pick<SceneSync, 'sceneUpdatedAt' | 'written'> = { sceneUpdatedAt: null, written: {} };
