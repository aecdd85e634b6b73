import type { Database } from '../storage/openDatabase.ts';

/** What a run keeps of an item that was listed. */
export interface ListedItem {
  ratingKey: string;
  sectionKey: string;
  fingerprint: string;
  /** It has something of what a sync writes; see `isFilled`. */
  isFilled: boolean;
  title: string;
  /** Several scenes may have files in it: it has several, or a copy that Plex made. */
  isShareable: boolean;
}

/**
 * What a run remembers of 100 000 items and scenes: temporary tables, on disk and of this connection only, so that memory
 * does not grow with the library and other processes wait for nothing.
 */
export interface RunTables {
  putItems(items: readonly ListedItem[]): void;
  /** Takes a library's items out again. */
  dropSection(sectionKey: string): void;
  item(ratingKey: string): ListedItem | undefined;
  /** Gives an item to the first scene that asks for it. @returns false when another one has it. */
  claimItem(ratingKey: string, sceneId: number): boolean;
  /** Notes scenes that Stash has. @returns those that are new to this run. */
  see(sceneIds: readonly number[]): number[];
  /** The next scenes that were seen, the highest numbers first, below `belowId`. */
  seenBelow(belowId: number, limit: number): number[];
  /** Scenes of which something was synced before `beforeMs`, or is remembered, and that were not seen. */
  unseen(beforeMs: number): number[];
  /** Empties the tables, at the end of the run. */
  close(): void;
}

/** SQLite would keep up to 16 MB of each file in memory; the operating system has it at hand as well. */
const CACHE_KIB = 2_000;

/** The tables on a connection; empty, whatever an earlier run left. */
export function openRunTables(db: Database): RunTables {
  const cacheSize = Number(db.pragma('main.cache_size', { simple: true }));
  db.pragma(`main.cache_size = -${CACHE_KIB}`);
  db.pragma(`temp.cache_size = -${CACHE_KIB}`);
  db.exec(`
    CREATE TEMP TABLE IF NOT EXISTS listed_items (
      rating_key TEXT PRIMARY KEY, section_key TEXT NOT NULL, fingerprint TEXT NOT NULL, is_filled INTEGER NOT NULL,
      title TEXT NOT NULL, is_shareable INTEGER NOT NULL,
      -- The scene whose item it is in this run.
      scene_id INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS seen_scenes (scene_id INTEGER PRIMARY KEY) STRICT;
  `);
  const sql = {
    putItem: db.prepare(
      'INSERT OR REPLACE INTO temp.listed_items VALUES (@ratingKey, @sectionKey, @fingerprint, @filled, @title, @shareable, NULL)',
    ),
    dropSection: db.prepare('DELETE FROM temp.listed_items WHERE section_key = ?'),
    item: db.prepare(
      `SELECT rating_key AS ratingKey, section_key AS sectionKey, fingerprint, is_filled AS filled,
         title, is_shareable AS shareable
       FROM temp.listed_items WHERE rating_key = ?`,
    ),
    claimItem: db.prepare(
      `UPDATE temp.listed_items SET scene_id = @sceneId
       WHERE rating_key = @ratingKey AND (scene_id IS NULL OR scene_id = @sceneId)`,
    ),
    see: db.prepare('INSERT OR IGNORE INTO temp.seen_scenes VALUES (?)'),
    seenBelow: db
      .prepare('SELECT scene_id FROM temp.seen_scenes WHERE scene_id < ? ORDER BY scene_id DESC LIMIT ?')
      .pluck(),
    unseen: db.prepare(UNSEEN).pluck(),
  };
  const clear = () => db.exec('DELETE FROM temp.listed_items; DELETE FROM temp.seen_scenes;');
  clear();
  return {
    putItems: (items) =>
      db.transaction(() => {
        for (const { isFilled, isShareable, ...item } of items)
          sql.putItem.run({ ...item, filled: isFilled ? 1 : 0, shareable: isShareable ? 1 : 0 });
      })(),
    dropSection: (sectionKey) => void sql.dropSection.run(sectionKey),
    item: (ratingKey) => {
      const row = sql.item.get(ratingKey) as
        | (Omit<ListedItem, 'isFilled' | 'isShareable'> & { filled: number; shareable: number })
        | undefined;
      if (!row) return undefined;
      const { filled, shareable, ...item } = row;
      return { ...item, isFilled: filled === 1, isShareable: shareable === 1 };
    },
    claimItem: (ratingKey, sceneId) => sql.claimItem.run({ ratingKey, sceneId }).changes === 1,
    see: (sceneIds) => db.transaction(() => sceneIds.filter((id) => sql.see.run(id).changes === 1))(),
    seenBelow: (belowId, limit) => sql.seenBelow.all(belowId, limit) as number[],
    unseen: (beforeMs) => sql.unseen.all({ beforeMs }) as number[],
    close() {
      clear();
      db.pragma(`main.cache_size = ${cacheSize}`);
    },
  };
}

const UNSEEN = `
  SELECT scene_id FROM (
    SELECT scene_id FROM main.scene_syncs WHERE synced_at_ms < @beforeMs
    UNION SELECT scene_id FROM main.verified_scenes WHERE verified_at_ms < @beforeMs
    UNION SELECT scene_id FROM main.item_scenes
    UNION SELECT scene_id FROM main.chosen_items WHERE chosen_at_ms < @beforeMs
    UNION SELECT scene_id FROM main.held_back WHERE held_at_ms < @beforeMs
    UNION SELECT scene_id FROM main.reconcile_attempts WHERE last_at_ms < @beforeMs
  ) WHERE scene_id NOT IN (SELECT scene_id FROM temp.seen_scenes)`;
