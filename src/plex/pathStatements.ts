import type { Database } from '../storage/openDatabase.ts';

/** A file's row. */
export interface IndexedFile {
  ratingKey: string;
  path: string;
  sizeBytes: number | null;
}

/** The statements of the path index; each finds its rows through an index (W-22). */
export function preparePathStatements(db: Database) {
  return {
    section: db.prepare(
      `SELECT id, listing, listed_at_ms AS listedAtMs, scanned_at_secs AS scannedAtSecs
       FROM plex_sections WHERE server_id = @serverId AND section_key = @sectionKey`,
    ),
    addSection: db.prepare(
      'INSERT OR IGNORE INTO plex_sections (server_id, section_key) VALUES (@serverId, @sectionKey)',
    ),
    find: db.prepare(FIND_FILES),
    filesOf: db.prepare(
      `SELECT rating_key AS ratingKey, path, size_bytes AS sizeBytes
       FROM plex_files WHERE section_id = @section AND rating_key = @ratingKey ORDER BY id`,
    ),
    addFile: db.prepare(
      `INSERT INTO plex_files (section_id, rating_key, path, name, size_bytes, listing)
       VALUES (@section, @ratingKey, @path, @name, @sizeBytes, @listing)`,
    ),
    deleteItem: db.prepare('DELETE FROM plex_files WHERE section_id = @section AND rating_key = @ratingKey'),
    filesOnServer: db.prepare(
      `SELECT section_key AS sectionKey, rating_key AS ratingKey, path, size_bytes AS sizeBytes
       FROM plex_sections CROSS JOIN plex_files ON section_id = plex_sections.id
       WHERE server_id = @serverId AND rating_key = @ratingKey`,
    ),
    forget: db.prepare(
      `DELETE FROM plex_files WHERE rating_key = @ratingKey
       AND section_id IN (SELECT id FROM plex_sections WHERE server_id = @serverId)`,
    ),
    // Another listing may be under way in another process: a number only rises.
    seen: db.prepare(
      `UPDATE plex_files SET listing = max(listing, @listing)
       WHERE section_id = @section AND rating_key = @ratingKey`,
    ),
    count: db.prepare(
      `SELECT count(DISTINCT rating_key) AS items FROM plex_files WHERE section_id =
         (SELECT id FROM plex_sections WHERE server_id = @serverId AND section_key = @sectionKey)`,
    ),
    countSeen: db.prepare(
      `SELECT count(DISTINCT rating_key) AS items FROM plex_files
       WHERE section_id = @section AND listing >= @listing`,
    ),
    begin: db.prepare(
      `UPDATE plex_sections SET listing = listing + 1
       WHERE server_id = @serverId AND section_key = @sectionKey RETURNING listing`,
    ),
    deleteUnseen: db.prepare('DELETE FROM plex_files WHERE section_id = @section AND listing < @listing'),
    end: db.prepare(
      'UPDATE plex_sections SET listed_at_ms = @nowMs, scanned_at_secs = @scannedAtSecs WHERE id = @section',
    ),
  };
}

/** Look-up by name; ordered by item. */
export const FIND_FILES = `
  SELECT rating_key AS ratingKey, path, size_bytes AS sizeBytes FROM plex_files
  WHERE section_id = @section AND name IN (SELECT value FROM json_each(@names))
  ORDER BY CAST(rating_key AS INTEGER), id`;
