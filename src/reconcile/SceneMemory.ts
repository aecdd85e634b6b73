import type { Database } from '../storage/openDatabase.ts';

/** How a scene and its item were when they were found to agree. */
export interface Verification {
  serverId: string;
  ratingKey: string;
  /** See `itemFingerprint`. */
  itemHash: string;
  /** See `wantedFingerprint`. */
  wantedHash: string;
  sceneUpdatedAt: string | null;
  verifiedAtMs: number;
}

/** How often in a row a scene was queued for one and the same gap. */
export interface Attempts {
  gapKey: string;
  attempts: number;
  lastAtMs: number;
}

/** What reconciliations know of scenes from one run to the next. Losing it costs reads, nothing else. */
export interface SceneMemory {
  verification(sceneId: number): Verification | undefined;
  /** The scene is right in Plex: whatever was tried before has come to its end. */
  verify(sceneId: number, verification: Verification): void;
  /** The scene is right as it was before: only the count of attempts goes. */
  settle(sceneId: number): void;
  attempts(sceneId: number): Attempts | undefined;
  recordAttempt(sceneId: number, attempts: Attempts): void;
  forget(sceneId: number): void;
}

/** The tables `verified_scenes` and `reconcile_attempts` of an open database. */
export function openSceneMemory(db: Database): SceneMemory {
  const sql = {
    verification: db.prepare(
      `SELECT server_id AS serverId, rating_key AS ratingKey, item_hash AS itemHash, wanted_hash AS wantedHash,
         scene_updated_at AS sceneUpdatedAt, verified_at_ms AS verifiedAtMs
       FROM verified_scenes WHERE scene_id = ?`,
    ),
    verify: db.prepare(
      `INSERT OR REPLACE INTO verified_scenes
       VALUES (@sceneId, @serverId, @ratingKey, @itemHash, @wantedHash, @sceneUpdatedAt, @verifiedAtMs)`,
    ),
    attempts: db.prepare(
      `SELECT gap_key AS gapKey, attempts, last_at_ms AS lastAtMs FROM reconcile_attempts WHERE scene_id = ?`,
    ),
    recordAttempt: db.prepare(
      'INSERT OR REPLACE INTO reconcile_attempts VALUES (@sceneId, @gapKey, @attempts, @lastAtMs)',
    ),
    dropAttempts: db.prepare('DELETE FROM reconcile_attempts WHERE scene_id = ?'),
    dropVerification: db.prepare('DELETE FROM verified_scenes WHERE scene_id = ?'),
  };
  const settle = (sceneId: number) => {
    // Most scenes have none: looking locks nothing.
    if (sql.attempts.get(sceneId)) sql.dropAttempts.run(sceneId);
  };
  return {
    verification: (sceneId) => sql.verification.get(sceneId) as Verification | undefined,
    verify(sceneId, verification) {
      sql.verify.run({ sceneId, ...verification });
      settle(sceneId);
    },
    settle,
    attempts: (sceneId) => sql.attempts.get(sceneId) as Attempts | undefined,
    recordAttempt: (sceneId, attempts) => void sql.recordAttempt.run({ sceneId, ...attempts }),
    forget(sceneId) {
      sql.dropAttempts.run(sceneId);
      sql.dropVerification.run(sceneId);
    },
  };
}
