import { syncExtent } from '../edit/syncExtent.ts';
import type { Scene } from '../stash/Scene.ts';

/**
 * Why a scene is not synced; undefined when it is. The quality gate of every producer (W-40, A9).
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
  if (!wasSynced && syncExtent(scene, undefined) === 'nothing') {
    return 'it has no studio, performers, tags, details or date yet, and no title but the name of its file';
  }
  return undefined;
}
