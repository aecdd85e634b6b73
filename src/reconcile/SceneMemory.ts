import type { Database } from '../storage/openDatabase.ts';

/** How a scene and one of its items were when they were found to agree. */
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
  verification(sceneId: number, item: Pick<Verification, 'serverId' | 'ratingKey'>): Verification | undefined;
  /** The scene is right in Plex: whatever was tried before has come to its end. */
  verify(sceneId: number, verifications: readonly Verification[]): void;
  attempts(sceneId: number): Attempts | undefined;
  recordAttempt(sceneId: number, attempts: Attempts): void;
  forget(sceneId: number): void;
  /** Forgets items of a server that the run has not listed. */
  forgetUnlisted(serverId: string): void;
}

/** The tables `verified_scenes` and `reconcile_attempts` of an open database. */
export function openSceneMemory(db: Database): SceneMemory {
  const sql = {
    verification: db.prepare(
      `SELECT server_id AS serverId, rating_key AS ratingKey, item_hash AS itemHash, wanted_hash AS wantedHash,
         scene_updated_at AS sceneUpdatedAt, verified_at_ms AS verifiedAtMs
       FROM verified_scenes WHERE scene_id = @sceneId AND server_id = @serverId AND rating_key = @ratingKey`,
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
  return {
    verification: (sceneId, { serverId, ratingKey }) =>
      sql.verification.get({ sceneId, serverId, ratingKey }) as Verification | undefined,
    verify(sceneId, verifications) {
      for (const verification of verifications) sql.verify.run({ sceneId, ...verification });
      sql.dropAttempts.run(sceneId);
    },
    attempts: (sceneId) => sql.attempts.get(sceneId) as Attempts | undefined,
    recordAttempt: (sceneId, attempts) => void sql.recordAttempt.run({ sceneId, ...attempts }),
    // The table is made by the run, which need not have begun.
    forgetUnlisted: (serverId) =>
      void db
        .prepare(
          `DELETE FROM verified_scenes WHERE server_id = ?
             AND rating_key NOT IN (SELECT rating_key FROM temp.listed_items)`,
        )
        .run(serverId),
    forget(sceneId) {
      sql.dropAttempts.run(sceneId);
      sql.dropVerification.run(sceneId);
    },
  };
}
