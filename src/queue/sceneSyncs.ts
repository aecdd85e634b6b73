import type { Database } from '../storage/openDatabase.ts';
import type { SceneSync, WrittenMemory } from './Job.ts';

/** In place of a server's id: the Python plugin synced the scene, and did not note to which item of which server. */
export const UNKNOWN_SERVER = '';

/** What is known to be in Plex, one row per scene; writing one touches no other (W16, W45). */
export interface SceneSyncs {
  save(sceneId: number, sync: SceneSync, nowMs: number): boolean;
  load(sceneId: number): SceneSync | undefined;
}

/** The table `scene_syncs` of an open database. */
export function createSceneSyncs(db: Database): SceneSyncs {
  const save = db.prepare(
    `INSERT OR REPLACE INTO scene_syncs
       (scene_id, scene_updated_at, synced_at_ms, server_id, section_key, rating_key, written)
     VALUES (@sceneId, @sceneUpdatedAt, @nowMs, @serverId, @sectionKey, @ratingKey, @written)`,
  );
  const load = db.prepare(
    `SELECT scene_updated_at AS sceneUpdatedAt, server_id AS serverId, section_key AS sectionKey,
       rating_key AS ratingKey, written FROM scene_syncs WHERE scene_id = ?`,
  );
  return {
    save: (sceneId, sync, nowMs) =>
      save.run({ ...sync, written: JSON.stringify(sync.written), sceneId, nowMs }).changes === 1,
    load: (sceneId) => {
      const row = load.get(sceneId) as (Omit<SceneSync, 'written'> & { written: string }) | undefined;
      return row && { ...row, written: parseWritten(row.written) };
    },
  };
}

/** Nothing is known to be ours when the memory cannot be read; then nothing is taken away from an item. */
function parseWritten(text: string): WrittenMemory {
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
  if (syncs.load(sceneId)) return false;
  const nowhere = { serverId: UNKNOWN_SERVER, sectionKey: '', ratingKey: '' };
  return syncs.save(sceneId, { ...nowhere, sceneUpdatedAt: null, written: {} }, syncedAtMs);
}
