import type { Database } from '../storage/openDatabase.ts';

/** Scenes that gates hold back, for whoever only shows them. */
export interface HeldBackView {
  count(): number;
  /** The gate that holds a scene back. */
  gateOf(sceneId: number): string | undefined;
}

/** The table `held_back`, read only. */
export function readHeldBack(db: Database): HeldBackView {
  return {
    count: () => db.prepare('SELECT count(*) FROM held_back').pluck().get() as number,
    gateOf: (sceneId) =>
      db.prepare('SELECT gate FROM held_back WHERE scene_id = ?').pluck().get(sceneId) as string | undefined,
  };
}
