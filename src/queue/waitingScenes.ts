import type { Database } from '../storage/openDatabase.ts';

/** The scenes that wait, in the order in which they get their turn; those that wait for another try come last. */
export function waitingScenes(db: Database, limit: number): number[] {
  return db
    .prepare("SELECT scene_id FROM jobs WHERE state = 'pending' ORDER BY due_at_ms, id LIMIT ?")
    .pluck()
    .all(limit) as number[];
}
