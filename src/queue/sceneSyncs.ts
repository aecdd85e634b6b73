import type { Database } from '../storage/openDatabase.ts';
import type { SceneSync, WrittenMemory } from './Job.ts';

/** In place of a server's id: the Python plugin synced the scene, and did not note to which item of which server. */
export const UNKNOWN_SERVER = '';

/** What is known to be in Plex, one row per scene and item; writing one touches no other (W16, W45). */
export interface SceneSyncs {
  /** Writes one row, whatever the scene's other items are. */
  save(sceneId: number, sync: SceneSync, nowMs: number): boolean;
  /** All rows of a scene, in a lasting order. */
  load(sceneId: number): SceneSync[];
  /** The same of many scenes in one look; a scene without rows is not in it. */
  loadMany(sceneIds: readonly number[]): Map<number, SceneSync[]>;
  /** The items alone: an index has them, so that saving does not read what it writes. */
  items(sceneId: number): Pick<SceneSync, 'serverId' | 'ratingKey'>[];
  /** An item of another scene that was synced: the next one by its id, else the one before. */
  another(sceneId: number): (SceneSync & { sceneId: number }) | undefined;
  remove(sceneId: number, item: Pick<SceneSync, 'serverId' | 'ratingKey'>): void;
}

/** The table `scene_syncs` of an open database. */
export function createSceneSyncs(db: Database): SceneSyncs {
  const save = db.prepare(
    `INSERT INTO scene_syncs
       (scene_id, scene_updated_at, synced_at_ms, server_id, section_key, rating_key, written)
     VALUES (@sceneId, @sceneUpdatedAt, @nowMs, @serverId, @sectionKey, @ratingKey, @written)
     ON CONFLICT (scene_id, server_id, rating_key) DO UPDATE SET
       scene_updated_at = excluded.scene_updated_at, synced_at_ms = excluded.synced_at_ms,
       section_key = excluded.section_key, written = excluded.written`,
  );
  const columns = `scene_updated_at AS sceneUpdatedAt, server_id AS serverId, section_key AS sectionKey,
    rating_key AS ratingKey, written`;
  const load = db.prepare(
    `SELECT ${columns} FROM scene_syncs WHERE scene_id = ? ORDER BY server_id, rating_key`,
  );
  const loadMany = db.prepare(
    `SELECT scene_id AS sceneId, ${columns} FROM scene_syncs
     WHERE scene_id IN (SELECT value FROM json_each(?)) ORDER BY scene_id, server_id, rating_key`,
  );
  const items = db.prepare(
    'SELECT server_id AS serverId, rating_key AS ratingKey FROM scene_syncs WHERE scene_id = ?',
  );
  const neighbour = (comparison: '>' | '<', direction: 'ASC' | 'DESC') => `SELECT * FROM (
    SELECT scene_id AS sceneId, ${columns} FROM scene_syncs
    WHERE scene_id ${comparison} @sceneId AND scene_updated_at IS NOT NULL AND rating_key <> ''
    ORDER BY scene_id ${direction} LIMIT 1)`;
  const another = db.prepare(`${neighbour('>', 'ASC')} UNION ALL ${neighbour('<', 'DESC')} LIMIT 1`);
  const remove = db.prepare(
    'DELETE FROM scene_syncs WHERE scene_id = @sceneId AND server_id = @serverId AND rating_key = @ratingKey',
  );
  return {
    save: (sceneId, sync, nowMs) =>
      save.run({ ...sync, written: JSON.stringify(sync.written), sceneId, nowMs }).changes === 1,
    load: (sceneId) =>
      (load.all(sceneId) as (Omit<SceneSync, 'written'> & { written: string })[]).map((row) => ({
        ...row,
        written: parseWritten(row.written),
      })),
    loadMany(sceneIds) {
      const rows = loadMany.all(JSON.stringify(sceneIds)) as (Omit<SceneSync, 'written'> & {
        sceneId: number;
        written: string;
      })[];
      const found = new Map<number, SceneSync[]>();
      for (const { sceneId, ...row } of rows) {
        const sync = { ...row, written: parseWritten(row.written) };
        const before = found.get(sceneId);
        if (before) before.push(sync);
        else found.set(sceneId, [sync]);
      }
      return found;
    },
    items: (sceneId) => items.all(sceneId) as Pick<SceneSync, 'serverId' | 'ratingKey'>[],
    another: (sceneId) => {
      const row = another.get({ sceneId }) as
        | (Omit<SceneSync, 'written'> & { sceneId: number; written: string })
        | undefined;
      return row && { ...row, written: parseWritten(row.written) };
    },
    remove: (sceneId, { serverId, ratingKey }) => void remove.run({ sceneId, serverId, ratingKey }),
  };
}

/** Nothing is known to be ours when the memory cannot be read; then nothing is taken away from an item. */
export function parseWritten(text: string): WrittenMemory {
  try {
    const written: unknown = JSON.parse(text);
    return typeof written === 'object' && written !== null && !Array.isArray(written) ? written : {};
  } catch {
    return {};
  }
}

/**
 * Notes that a scene was synced at a time, by whoever; what is known of it already stays.
 *
 * @returns whether that was new.
 */
export function noteFormerSync(syncs: SceneSyncs, sceneId: number, syncedAtMs: number): boolean {
  if (syncs.load(sceneId).length > 0) return false;
  const nowhere = { serverId: UNKNOWN_SERVER, sectionKey: '', ratingKey: '' };
  return syncs.save(sceneId, { ...nowhere, sceneUpdatedAt: null, written: {} }, syncedAtMs);
}
