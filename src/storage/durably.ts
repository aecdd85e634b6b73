import type { Database } from './openDatabase.ts';

/** SQLite's number for `FULL`: a commit is on the disk when it returns. */
export const FULL = 2;

/** Commits what `act` does so that a power cut cannot take it back, at the cost of a flush; other commits stay as they are. */
export function durably<T>(db: Database, act: () => T): T {
  const usual = Number(db.pragma('synchronous', { simple: true }));
  if (usual >= FULL) return act();
  db.pragma('synchronous = FULL');
  try {
    return act();
  } finally {
    db.pragma(`synchronous = ${usual}`);
  }
}
