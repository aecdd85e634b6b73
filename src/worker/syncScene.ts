import { findByFile } from '../plex/findByFile.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import { holdsFile } from '../plex/rankByFile.ts';
import type { SceneSync, WrittenMemory } from '../queue/Job.ts';
import type { Scene } from '../stash/Scene.ts';
import { buildEdit } from '../sync/buildEdit.ts';
import { isMeaningful } from '../sync/isMeaningful.ts';
import { wantedItem } from '../sync/WantedItem.ts';
import { SyncError } from './SyncError.ts';
import { syncImages } from './syncImages.ts';
import type { WorkContext } from './WorkContext.ts';

/** How a scene's sync ended well. */
export type SyncOutcome =
  /** The item is equal to the scene. `changed` names what was written, nothing when it was right already. */
  | { outcome: 'synced'; sync: SceneSync; changed: string[] }
  /** There is nothing to sync. */
  | { outcome: 'skipped'; reason: string };

/** What is known about a scene before its turn. */
export interface SceneInput {
  sceneId: number;
  /** As read from Stash just now; undefined when it does not exist any more. */
  scene: Scene | undefined;
  /** What the last sync left. */
  previous: SceneSync | undefined;
  /** The item of the last sync in full, when it still exists. */
  knownItem: PlexItem | undefined;
}

/**
 * Makes a scene's Plex item equal to it: one read of the item (here, or in the caller's batch), one PUT, one upload
 * per changed image. Safe to repeat at any time.
 *
 * @throws PlexError, StashError, SyncError
 */
export async function syncScene(input: SceneInput, context: WorkContext): Promise<SyncOutcome> {
  const { scene, sceneId, previous } = input;
  const { settings, plex, log } = context;
  const reason = reasonToSkip(scene, settings.sync_master);
  if (!scene || reason !== undefined) return { outcome: 'skipped', reason: reason ?? '' };

  const { serverId } = await context.library();
  const item = await findItem(input, scene, context);
  const memory: WrittenMemory =
    previous && previous.serverId === serverId && previous.ratingKey === item.ratingKey
      ? previous.written
      : {};
  const edit = buildEdit(item, wantedItem(scene, settings), memory, {
    preservesPlexEdits: settings.preserve_plex_edits,
  });
  for (const fields of edit.requests) await plex.edit(item.sectionKey, item.ratingKey, fields);
  const images = await syncImages({ scene, item, memory }, context);
  const changed = [...edit.changed, ...images.changed];
  log.debug(`Scene ${sceneId}: ${changed.length > 0 ? `wrote ${changed.join(', ')}` : 'was up to date'}.`);
  return {
    outcome: 'synced',
    changed,
    sync: {
      sceneUpdatedAt: scene.updatedAt,
      serverId,
      sectionKey: item.sectionKey,
      ratingKey: item.ratingKey,
      written: { ...edit.memory, ...images.memory },
    },
  };
}

function reasonToSkip(scene: Scene | undefined, isSyncOn: boolean): string | undefined {
  if (!isSyncOn) return 'sync_master is off';
  if (!scene) return 'Stash has no such scene any more';
  if (scene.files.length === 0) return 'it has no file';
  if (!isMeaningful(scene)) return 'it has no studio, performers, tags, details or date yet';
  return undefined;
}

/** The item that holds one of the scene's files: the one of the last sync if it still does, else by look-up. */
async function findItem({ knownItem }: SceneInput, scene: Scene, context: WorkContext): Promise<PlexItem> {
  if (knownItem && holdsFile(scene.files, knownItem)) return knownItem;
  const { plex, settings, log } = context;
  const { sections } = await context.library();
  const match = await findByFile(plex, sections, scene.files);
  if (match.outcome === 'none') {
    throw new SyncError('notInPlex', `Plex has no item for the file of scene ${scene.id} (yet).`);
  }
  const [found, ...others] = match.outcome === 'match' ? [match.item] : match.items;
  if (others.length > 0 || match.outcome === 'ambiguous') {
    const keys = [found, ...others].map((item) => `"${item?.title}" (${item?.ratingKey})`).join(', ');
    const message = `The file of scene ${scene.id} may belong to several Plex items: ${keys}.`;
    if (settings.strict_matching || !found) {
      throw new SyncError('ambiguous', `${message} Remove the double, or switch strict_matching off.`);
    }
    log.warn(`${message} The first one is used because strict_matching is off.`);
  }
  const [item] = found ? await plex.items([found.ratingKey]) : [];
  if (!item) throw new SyncError('notInPlex', `Plex removed the item of scene ${scene.id} a moment ago.`);
  return item;
}
