import type { Database } from '../storage/openDatabase.ts';
import { createItemOwners } from './ItemOwners.ts';

/**
 * Forgets a scene that Stash has destroyed: its waiting job, what was synced or chosen for it, and that it was given up or held back. A job that is running
 * is left to its worker, which finds that the scene is gone. The scenes that shared an item of its own are queued: one of them takes
 * the item over (A2).
 *
 * @returns the scenes that were queued.
 */
export function dropScene(db: Database, sceneId: number, nowMs: number): number[] {
  const owners = createItemOwners(db);
  return db
    .transaction(() => {
      const heirs = owners.itemsOf(sceneId).flatMap((item) => owners.leave(sceneId, item, nowMs));
      db.prepare("DELETE FROM jobs WHERE scene_id = ? AND state = 'pending'").run(sceneId);
      db.prepare('DELETE FROM scene_syncs WHERE scene_id = ?').run(sceneId);
      db.prepare('DELETE FROM chosen_items WHERE scene_id = ?').run(sceneId);
      db.prepare('DELETE FROM dead_letters WHERE scene_id = ?').run(sceneId);
      db.prepare('DELETE FROM held_back WHERE scene_id = ?').run(sceneId);
      return [...new Set(heirs)];
    })
    .immediate();
}
