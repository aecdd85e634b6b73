import type { Database } from '../storage/openDatabase.ts';

/** All that the queue's tables say about one scene. */
export interface SceneFacts {
  job?: {
    state: 'pending' | 'running';
    dueAtMs: number;
    errorType: string | null;
    message: string | null;
  };
  /** That it was given up, and not queued again since. */
  deadLetter?: { errorType: string; message: string };
  /** What was written of it to which items. */
  syncs: {
    serverId: string;
    ratingKey: string;
    syncedAtMs: number;
    /** Null while some of what belongs there is missing. */
    sceneUpdatedAt: string | null;
    /** The user has had the item restored since. */
    isRestored: boolean;
  }[];
  /** Items in which it has a file, and that are another scene's; null: no scene's. */
  shared: { serverId: string; ratingKey: string; ownerId: number | null }[];
}

type SyncRow = Omit<SceneFacts['syncs'][number], 'isRestored'> & { restored: unknown };

/** Reads what is known of a scene. Writes nothing. */
export function readScene(db: Database, sceneId: number): SceneFacts {
  const job = db
    .prepare(
      `SELECT state, due_at_ms AS dueAtMs, last_error_type AS errorType, last_error_message AS message
       FROM jobs WHERE scene_id = ?`,
    )
    .get(sceneId) as SceneFacts['job'];
  const deadLetter = db
    .prepare(
      `SELECT coalesce(error_type, 'Unknown') AS errorType, coalesce(error_message, '') AS message
       FROM dead_letters WHERE scene_id = ? AND recovered_at IS NULL`,
    )
    .get(sceneId) as SceneFacts['deadLetter'];
  const syncs = db.prepare(
    `SELECT server_id AS serverId, rating_key AS ratingKey, synced_at_ms AS syncedAtMs,
       scene_updated_at AS sceneUpdatedAt, iif(json_valid(written), written ->> '$.restored', NULL) AS restored
     FROM scene_syncs WHERE scene_id = ? ORDER BY server_id, rating_key`,
  );
  const shared = db.prepare(
    `SELECT server_id AS serverId, rating_key AS ratingKey, owner_id AS ownerId
     FROM item_scenes JOIN item_owners USING (server_id, rating_key)
     WHERE scene_id = ? AND owner_id IS NOT scene_id AND decided_at_ms > 0 ORDER BY server_id, rating_key`,
  );
  return {
    ...(job ? { job } : {}),
    ...(deadLetter ? { deadLetter } : {}),
    syncs: (syncs.all(sceneId) as SyncRow[]).map(({ restored, ...sync }) => ({
      ...sync,
      isRestored: restored === 1,
    })),
    shared: shared.all(sceneId) as SceneFacts['shared'],
  };
}
