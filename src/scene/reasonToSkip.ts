import { isMeaningful } from '../edit/isMeaningful.ts';
import type { Scene } from '../stash/Scene.ts';

/**
 * Why a scene is not synced; undefined when it is. The quality gate of every producer (W-40).
 *
 * @param isSyncOn the setting `sync_master`.
 */
export function reasonToSkip(
  scene: Scene | undefined,
  isSyncOn: boolean,
  wasSynced: boolean,
): string | undefined {
  if (!isSyncOn) return 'sync_master is off';
  if (!scene) return 'Stash has no such scene any more';
  if (scene.files.length === 0) return 'it has no file';
  // A scene that was synced and then emptied is emptied in Plex as well.
  if (!wasSynced && !isMeaningful(scene)) return 'it has no studio, performers, tags, details or date yet';
  return undefined;
}
