import { durably } from '../storage/durably.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { ItemPlace, SectionItem } from './ItemOwners.ts';
import type { ItemSnapshot } from './ItemSnapshot.ts';
import type { WrittenMemory } from './Job.ts';
import { packSnapshot, unpackSnapshot } from './packSnapshot.ts';
import { parseWritten } from './sceneSyncs.ts';

/** An item that the plugin has changed and that can be restored. */
export interface UndoEntry extends SectionItem {
  /** The scenes that were written to it, the first one first. */
  sceneIds: number[];
  firstChangedAtMs: number;
  lastChangedAtMs: number;
  /** Rises with every change. */
  revision: number;
}

/** Which items are meant: all, or those that fulfil every condition given. */
export interface UndoSelection {
  sceneIds?: readonly number[];
  ratingKeys?: readonly string[];
  /** Changed by the plugin at this time or later, in milliseconds since the epoch. */
  changedSinceMs?: number;
}

/** What items held before the plugin changed them, one row per item of a server. */
export interface UndoLog {
  /** What is kept of an item; undefined for nothing that can be read. */
  snapshot(item: ItemPlace): ItemSnapshot | undefined;
  /** Keeps it in the place of what was kept. */
  save(item: SectionItem, sceneId: number, snapshot: ItemSnapshot, nowMs: number): void;
  /**
   * Puts a snapshot in the place of the one that is kept, unless the item was changed meanwhile; for good, as {@link durably}.
   *
   * @returns the entry as it is then; undefined when nothing was done.
   */
  keep(entry: UndoEntry, snapshot: ItemSnapshot): UndoEntry | undefined;
  /** By the time of the last change, the newest first. */
  select(selection: UndoSelection): UndoEntry[];
  /**
   * Ends the restoring of an item: what is left of its snapshot stays, or all goes, and what the plugin remembers of having written to it
   * becomes what `forget` makes of it; all in one transaction. Nothing is done when the item was changed again meanwhile.
   *
   * @returns whether it was done.
   */
  settle(
    entry: UndoEntry,
    rest: ItemSnapshot | undefined,
    forget: (written: WrittenMemory) => WrittenMemory,
  ): boolean;
  /** Forgets items whose last change is older. @returns how many. */
  deleteOlderThan(timeMs: number): number;
}

/** The table `undo_items` of an open database. */
export function createUndoLog(db: Database): UndoLog {
  const sql = prepareUndoStatements(db);
  return {
    snapshot({ serverId, ratingKey }) {
      const bytes = sql.snapshot.get({ serverId, ratingKey }) as Buffer | undefined;
      return bytes && unpackSnapshot(bytes);
    },
    save: ({ serverId, ratingKey, sectionKey }, sceneId, snapshot, nowMs) =>
      void sql.save.run({
        serverId,
        ratingKey,
        sectionKey,
        sceneId,
        nowMs,
        snapshot: packSnapshot(snapshot),
      }),
    select({ sceneIds, ratingKeys, changedSinceMs }) {
      const rows = sql.select.all({
        sceneIds: sceneIds ? JSON.stringify(sceneIds) : null,
        ratingKeys: ratingKeys ? JSON.stringify(ratingKeys) : null,
        sinceMs: changedSinceMs ?? null,
      }) as (Omit<UndoEntry, 'sceneIds'> & { sceneIds: string })[];
      return rows
        .map((row) => ({ ...row, sceneIds: JSON.parse(row.sceneIds) as number[] }))
        .sort((left, right) => right.lastChangedAtMs - left.lastChangedAtMs);
    },
    keep(entry, snapshot) {
      const { serverId, ratingKey, revision } = entry;
      const row = { serverId, ratingKey, revision, snapshot: packSnapshot(snapshot) };
      const isKept = durably(db, () => sql.keepRest.run(row)).changes === 1;
      return isKept ? { ...entry, revision: revision + 1 } : undefined;
    },
    settle: ({ serverId, ratingKey, revision }, rest, forget) =>
      db
        .transaction(() => {
          const item = { serverId, ratingKey };
          const { changes } = rest
            ? sql.keepRest.run({ ...item, revision, snapshot: packSnapshot(rest) })
            : sql.remove.run({ ...item, revision });
          if (changes === 0) return false;
          for (const { sceneId, written } of sql.syncs.all(item) as { sceneId: number; written: string }[]) {
            const memory = JSON.stringify(forget(parseWritten(written)));
            sql.saveWritten.run({ ...item, sceneId, written: memory });
          }
          const left = sql.bequest.get(item) as string | null | undefined;
          if (left) sql.saveBequest.run({ ...item, written: JSON.stringify(forget(parseWritten(left))) });
          return true;
        })
        .immediate(),
    deleteOlderThan: (timeMs) => sql.deleteOlder.run(timeMs).changes,
  };
}

function prepareUndoStatements(db: Database) {
  const item = 'rating_key = @ratingKey AND server_id = @serverId';
  const inList = (list: string) => `(SELECT value FROM json_each(@${list}))`;
  return {
    snapshot: db.prepare(`SELECT snapshot FROM undo_items WHERE ${item}`).pluck(),
    save: db.prepare(
      `INSERT INTO undo_items
         (rating_key, server_id, section_key, scene_ids, first_changed_at_ms, last_changed_at_ms, snapshot)
       VALUES (@ratingKey, @serverId, @sectionKey, json_array(@sceneId), @nowMs, @nowMs, @snapshot)
       ON CONFLICT (rating_key, server_id) DO UPDATE SET
         section_key = excluded.section_key, last_changed_at_ms = excluded.last_changed_at_ms,
         revision = revision + 1, snapshot = excluded.snapshot,
         scene_ids = iif(@sceneId IN (SELECT value FROM json_each(scene_ids)), scene_ids,
           json_insert(scene_ids, '$[#]', @sceneId))`,
    ),
    select: db.prepare(
      `SELECT server_id AS serverId, rating_key AS ratingKey, section_key AS sectionKey, scene_ids AS sceneIds,
         first_changed_at_ms AS firstChangedAtMs, last_changed_at_ms AS lastChangedAtMs, revision
       FROM undo_items
       WHERE (@sinceMs IS NULL OR last_changed_at_ms >= @sinceMs)
         AND (@ratingKeys IS NULL OR rating_key IN ${inList('ratingKeys')})
         AND (@sceneIds IS NULL OR EXISTS (
           SELECT 1 FROM json_each(scene_ids) WHERE value IN ${inList('sceneIds')}))`,
    ),
    remove: db.prepare(`DELETE FROM undo_items WHERE ${item} AND revision = @revision`),
    keepRest: db.prepare(
      `UPDATE undo_items SET snapshot = @snapshot, revision = revision + 1 WHERE ${item} AND revision = @revision`,
    ),
    syncs: db.prepare(`SELECT scene_id AS sceneId, written FROM scene_syncs WHERE ${item}`),
    saveWritten: db.prepare(
      `UPDATE scene_syncs SET written = @written WHERE scene_id = @sceneId AND ${item}`,
    ),
    // What scenes left that have the item no more, for the next owner.
    bequest: db.prepare(`SELECT written FROM item_owners WHERE ${item}`).pluck(),
    saveBequest: db.prepare(`UPDATE item_owners SET written = @written WHERE ${item}`),
    deleteOlder: db.prepare('DELETE FROM undo_items WHERE last_changed_at_ms < ?'),
  };
}
