import type { Database } from '../storage/openDatabase.ts';

/**
 * Ids of the Plex servers that the plugin has met: those in whose libraries it has looked for files; where that was forgotten, those to
 * which something was synced. No request.
 */
export function knownServers(db: Database): string[] {
  const of = (table: 'plex_sections' | 'scene_syncs') =>
    db
      .prepare(`SELECT DISTINCT server_id FROM ${table} WHERE server_id <> '' ORDER BY server_id`)
      .pluck()
      .all() as string[];
  const met = of('plex_sections');
  return met.length > 0 ? met : of('scene_syncs');
}
