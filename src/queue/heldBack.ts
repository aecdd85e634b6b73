import type { Database } from '../storage/openDatabase.ts';

/** Scenes that a gate holds back, for whoever shows them; none where the database has no such table. */
export interface HeldBack {
  count(): number;
  /** The gate that holds a scene back. */
  gateOf(sceneId: number): string | undefined;
}

/** The table `held_back`. */
export function readHeldBack(db: Database): HeldBack {
  const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'held_back'").get();
  if (!isThere) return { count: () => 0, gateOf: () => undefined };
  return {
    count: () => db.prepare('SELECT count(*) FROM held_back').pluck().get() as number,
    gateOf(sceneId) {
      const gate: unknown = db.prepare('SELECT gate FROM held_back WHERE scene_id = ?').pluck().get(sceneId);
      return typeof gate === 'string' ? gate : undefined;
    },
  };
}
