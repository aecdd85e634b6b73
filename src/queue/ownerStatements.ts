import type { Database } from '../storage/openDatabase.ts';

/** Every statement about the owners of items; those that ask for one scene or item go through an index (W44). */
export function prepareOwnerStatements(db: Database) {
  const item = 'server_id = @serverId AND rating_key = @ratingKey';
  // Decided at 0: still to be decided, its scenes are queued.
  const shared = `item_scenes JOIN item_owners USING (server_id, rating_key)
    WHERE owner_id IS NOT scene_id AND decided_at_ms > 0`;
  return {
    decision: db.prepare(
      `SELECT owner_id AS ownerId, files_key AS filesKey, title, decided_at_ms AS decidedAtMs
       FROM item_owners WHERE ${item}`,
    ),
    sceneIds: db.prepare(`SELECT scene_id FROM item_scenes WHERE ${item} ORDER BY scene_id`).pluck(),
    itemsOf: db.prepare(
      `SELECT server_id AS serverId, rating_key AS ratingKey, section_key AS sectionKey
       FROM item_scenes JOIN item_owners USING (server_id, rating_key) WHERE scene_id = ?`,
    ),
    isSynced: db.prepare(`SELECT 1 FROM scene_syncs WHERE ${item} AND scene_id = @sceneId`),
    otherHolders: db
      .prepare(
        `SELECT scene_id FROM scene_syncs WHERE ${item} AND scene_id <> @sceneId
         UNION ALL SELECT scene_id FROM chosen_items WHERE ${item} AND scene_id <> @sceneId`,
      )
      .pluck(),
    inheritance: db
      .prepare(
        // The newest one's: SQLite takes the other columns from the row of the maximum.
        `WITH own AS (SELECT synced_at_ms AS own_at_ms FROM scene_syncs WHERE ${item} AND scene_id = @sceneId)
         SELECT coalesce(written,
           (SELECT written FROM item_owners WHERE ${item} AND NOT EXISTS (SELECT 1 FROM own))), max(synced_at_ms)
         FROM scene_syncs WHERE ${item} AND scene_id <> @sceneId
           AND synced_at_ms > coalesce((SELECT own_at_ms FROM own), -1)`,
      )
      .pluck(),
    decide: db.prepare(
      `INSERT INTO item_owners (server_id, rating_key, section_key, title, owner_id, files_key, decided_at_ms)
       VALUES (@serverId, @ratingKey, @sectionKey, @title, @ownerId, @filesKey, @nowMs)
       ON CONFLICT (server_id, rating_key) DO UPDATE SET section_key = excluded.section_key,
         title = excluded.title, owner_id = excluded.owner_id, files_key = excluded.files_key, decided_at_ms = excluded.decided_at_ms`,
    ),
    addScene: db.prepare('INSERT OR IGNORE INTO item_scenes VALUES (@sceneId, @serverId, @ratingKey)'),
    dropScenes: db.prepare(`DELETE FROM item_scenes WHERE ${item}`),
    dropScene: db.prepare(`DELETE FROM item_scenes WHERE ${item} AND scene_id = @sceneId`),
    forget: db.prepare(`DELETE FROM item_owners WHERE ${item}`),
    reopen: db.prepare(`UPDATE item_owners SET owner_id = NULL, decided_at_ms = 0 WHERE ${item}`),
    bequeath: db.prepare(
      `UPDATE item_owners SET written =
         coalesce((SELECT written FROM scene_syncs WHERE ${item} AND scene_id = @sceneId), written)
       WHERE ${item}`,
    ),
    isAny: db
      .prepare('SELECT EXISTS (SELECT 1 FROM item_owners) OR EXISTS (SELECT 1 FROM chosen_items)')
      .pluck(),
    countShared: db.prepare(`SELECT count(*) FROM ${shared}`).pluck(),
    shared: db.prepare(
      `SELECT scene_id AS sceneId, owner_id AS ownerId, rating_key AS ratingKey, title FROM ${shared}
       ORDER BY scene_id, server_id, rating_key LIMIT ?`,
    ),
  };
}
