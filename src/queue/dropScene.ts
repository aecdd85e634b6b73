import type { Database } from '../storage/openDatabase.ts';

/**
 * Forgets a scene that Stash has destroyed: its waiting job, what was synced for it, and that it was given up. A job that is running
 * is left to its worker, which finds that the scene is gone.
 */
export function dropScene(db: Database, sceneId: number): void {
  db.transaction(() => {
    db.prepare("DELETE FROM jobs WHERE scene_id = ? AND state = 'pending'").run(sceneId);
    db.prepare('DELETE FROM scene_syncs WHERE scene_id = ?').run(sceneId);
    db.prepare('DELETE FROM dead_letters WHERE scene_id = ?').run(sceneId);
  }).immediate();
}
