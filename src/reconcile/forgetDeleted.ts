import { dropScene } from '../queue/dropScene.ts';
import type { ReconcileContext } from './ReconcileContext.ts';
import type { RunTables } from './RunTables.ts';
import type { SceneMemory } from './SceneMemory.ts';

const PORTION_SIZE = 100;

/**
 * Forgets scenes that Stash has no more; merging scenes fires no hook. Only after all scenes were read, and only those that Stash
 * confirms one by one not to have.
 *
 * @param startedAtMs when the run began: what was synced since may belong to a scene that is newer than the walk.
 * @returns how many.
 * @throws StashError
 */
export async function forgetDeleted(
  { db, stash, clock }: Pick<ReconcileContext, 'db' | 'stash' | 'clock'>,
  tables: RunTables,
  memory: SceneMemory,
  startedAtMs: number,
): Promise<number> {
  const unseen = tables.unseen(startedAtMs);
  let forgotten = 0;
  for (let start = 0; start < unseen.length; start += PORTION_SIZE) {
    const portion = unseen.slice(start, start + PORTION_SIZE);
    const existing = await stash.scenes(portion);
    const deleted = portion.filter((id) => !existing.has(id));
    db.transaction(() => {
      for (const sceneId of deleted) {
        dropScene(db, sceneId, clock.now());
        memory.forget(sceneId);
      }
    }).immediate();
    forgotten += deleted.length;
  }
  return forgotten;
}
