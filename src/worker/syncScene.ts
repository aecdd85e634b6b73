import { findByFile } from '../plex/findByFile.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import { type FileMatch, holdsFile } from '../plex/rankByFile.ts';
import type { SceneSync, WrittenMemory } from '../queue/Job.ts';
import type { Scene } from '../stash/Scene.ts';
import { isMeaningful } from '../sync/isMeaningful.ts';
import { SyncError } from './SyncError.ts';
import { syncItem } from './syncItem.ts';
import type { WorkContext } from './WorkContext.ts';

/** `low`: several items may be the scene's, and one of them was chosen. */
export type MatchConfidence = 'high' | 'low';

/** How a scene's sync ended well. */
export type SyncOutcome =
  /** The item is equal to the scene. `changed` names what was written, nothing when it was right already. */
  | { outcome: 'synced'; sync: SceneSync; changed: string[]; confidence: MatchConfidence }
  /** There is nothing to sync. */
  | { outcome: 'skipped'; reason: string };

/** What is known about a scene before its turn. */
export interface SceneInput {
  sceneId: number;
  /** As read from Stash just now; undefined when it does not exist any more. */
  scene: Scene | undefined;
  /** What the last sync left. */
  previous: SceneSync | undefined;
  /** The item of the last sync in full, or undefined when Plex has it no more. */
  knownItem: () => Promise<PlexItem | undefined>;
  /** Keeps what was written so far, in case a later step fails: otherwise it would count as the user's for ever. */
  remember: (sync: SceneSync) => void;
}

/**
 * Makes a scene's Plex item equal to it: one read of the item (here, or in the caller's batch), one PUT, one upload
 * per changed image. Safe to repeat at any time.
 *
 * @throws PlexError, StashError, SyncError
 */
export async function syncScene(input: SceneInput, context: WorkContext): Promise<SyncOutcome> {
  const { scene, previous, remember } = input;
  const reason = reasonToSkip(scene, context.settings.sync_master, previous !== undefined);
  if (!scene || reason !== undefined) return { outcome: 'skipped', reason: reason ?? '' };

  const { serverId } = await context.library();
  const { item, file, confidence } = await findItem(input, scene, context);
  const isSameItem = previous?.serverId === serverId && previous.ratingKey === item.ratingKey;
  const place = { serverId, sectionKey: item.sectionKey, ratingKey: item.ratingKey };
  const keep = (written: WrittenMemory) =>
    remember({ ...place, sceneUpdatedAt: previous?.sceneUpdatedAt ?? null, written: { ...written, file } });
  const written = await syncItem({ scene, item, memory: isSameItem ? previous.written : {}, keep }, context);
  return {
    outcome: 'synced',
    changed: written.changed,
    confidence,
    sync: { ...place, sceneUpdatedAt: scene.updatedAt, written: { ...written.memory, file } },
  };
}

function reasonToSkip(scene: Scene | undefined, isSyncOn: boolean, wasSynced: boolean): string | undefined {
  if (!isSyncOn) return 'sync_master is off';
  if (!scene) return 'Stash has no such scene any more';
  if (scene.files.length === 0) return 'it has no file';
  // A scene that was synced and then emptied is emptied in Plex as well.
  if (!wasSynced && !isMeaningful(scene)) return 'it has no studio, performers, tags, details or date yet';
  return undefined;
}

/** An item in full, and its file that is the scene's. */
interface FoundItem {
  item: PlexItem;
  file: string;
  confidence: MatchConfidence;
}

/** The item that holds one of the scene's files: the one of the last sync if it still does, else by look-up. */
async function findItem(input: SceneInput, scene: Scene, context: WorkContext): Promise<FoundItem> {
  const file = input.previous?.written.file;
  const known = file === undefined ? undefined : await input.knownItem();
  if (known && file !== undefined && stillHolds(known, file, scene))
    return { item: known, file, confidence: 'high' };
  const { plex } = context;
  const { sections } = await context.library();
  const found = chosen(await findByFile(plex, sections, scene.files), scene.id, context);
  const [item] = await plex.items([found.item.ratingKey]);
  // Listed a moment ago: Plex is just replacing it.
  if (!item) throw new PlexError('notFound', `Plex removed the item of scene ${scene.id} a moment ago.`);
  return { item, file: found.path, confidence: found.confidence };
}

/** The very file by which the item was found, and still one of the scene's. */
function stillHolds(item: PlexItem, file: string, scene: Scene): boolean {
  const files = item.files.filter(({ path }) => path === file);
  return files.length > 0 && holdsFile(scene.files, { ...item, files });
}

function chosen(
  match: FileMatch,
  sceneId: number,
  { settings, log }: WorkContext,
): { item: PlexItem; path: string; confidence: MatchConfidence } {
  switch (match.outcome) {
    case 'match':
      return { ...match, confidence: 'high' };
    case 'none':
      throw new SyncError('notInPlex', `Plex has no item for the file of scene ${sceneId} (yet).`);
    case 'otherSize':
      throw new SyncError(
        'notInPlex',
        `Plex has a file of the same name as scene ${sceneId}, but of another size: another file, or one to be scanned again.`,
      );
    case 'ambiguous': {
      const keys = match.items.map(({ title, ratingKey }) => `"${title}" (${ratingKey})`).join(', ');
      const message = `The file of scene ${sceneId} may belong to several Plex items: ${keys}.`;
      const [item] = match.items;
      if (settings.strict_matching || !item) {
        throw new SyncError('ambiguous', `${message} Remove the double, or switch strict_matching off.`);
      }
      log.warn(`${message} The first one is used because strict_matching is off.`);
      return { item, path: match.path, confidence: 'low' };
    }
  }
}
