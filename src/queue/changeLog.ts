import type { Database } from '../storage/openDatabase.ts';
import { enqueueScenes } from './enqueueScenes.ts';
import { createHeldBack } from './heldBack.ts';

/** How far Stash's scenes were looked through for changes. */
export interface ChangeCursor {
  /** Stash's time, in milliseconds since the epoch, and the offset from UTC in which Stash wrote it. */
  atMs: number;
  utcOffsetMinutes: number;
  /** What changed before is left alone: it was so when the plugin came. */
  sinceMs: number;
}

/** A scene as Stash has it now. */
export interface SceneChange {
  sceneId: number;
  /** As Stash gave it. */
  updatedAt: string;
  updatedAtMs: number;
  /** A scene that was never synced has nothing to sync. */
  isBare: boolean;
  /** The gate that holds it back. */
  gate?: string;
}

/** The last portion of a look moves the cursor. */
export interface CursorMove extends Pick<ChangeCursor, 'atMs' | 'utcOffsetMinutes'> {
  /** Looks from now on begin here or later: what was noticed before need not be known any more. */
  forgetBeforeMs: number;
}

/** What is known of the changes in Stash that no hook tells. */
export interface ChangeLog {
  /** Undefined before the first look. */
  cursor(): ChangeCursor | undefined;
  /** The first look. */
  start(cursor: ChangeCursor): void;
  /**
   * Queues, as a bulk, those changes that are news: they were not noticed before, the last sync of the scene saw another version, and no
   * job is going to read it anyway. Those that a gate holds back are noted instead. In one transaction, which also moves the cursor where
   * `move` says so.
   *
   * @param changes without doubles. @param dueAtMs when their turn may come. @returns how many scenes were queued.
   */
  queueNews(changes: readonly SceneChange[], dueAtMs: number, move?: CursorMove): number;
}

/** The change log of an open database. */
export function createChangeLog(db: Database): ChangeLog {
  const read = db.prepare(
    `SELECT at_ms AS atMs, utc_offset_minutes AS utcOffsetMinutes, since_ms AS sinceMs FROM change_cursor`,
  );
  const start = db.prepare(
    `INSERT INTO change_cursor (id, at_ms, utc_offset_minutes, since_ms)
     VALUES (1, @atMs, @utcOffsetMinutes, @sinceMs) ON CONFLICT (id) DO NOTHING`,
  );
  const move = db.prepare('UPDATE change_cursor SET at_ms = @atMs, utc_offset_minutes = @utcOffsetMinutes');
  const forget = db.prepare('DELETE FROM noticed_changes WHERE updated_at_ms < @forgetBeforeMs');
  const news = db.prepare(
    `SELECT sceneId, updatedAt, updatedAtMs, gate, EXISTS (SELECT 1 FROM jobs WHERE scene_id = sceneId) AS isQueued
     FROM (SELECT value ->> 'sceneId' AS sceneId, value ->> 'updatedAt' AS updatedAt,
             value ->> 'updatedAtMs' AS updatedAtMs, value ->> 'isBare' AS isBare,
             value ->> 'gate' AS gate FROM json_each(?))
     WHERE NOT EXISTS (SELECT 1 FROM noticed_changes WHERE scene_id = sceneId
         AND (updated_at = updatedAt OR (updated_at = '' AND updated_at_ms >= updatedAtMs)))
       AND iif(EXISTS (SELECT 1 FROM scene_syncs WHERE scene_id = sceneId),
         -- All items have it or none, but for those in libraries that the settings leave out at present.
         NOT EXISTS (SELECT 1 FROM scene_syncs WHERE scene_id = sceneId AND scene_updated_at IS updatedAt),
         NOT isBare)`,
  );
  const notice = db.prepare(
    `INSERT INTO noticed_changes (scene_id, updated_at, updated_at_ms) VALUES (@sceneId, @updatedAt, @updatedAtMs)
     ON CONFLICT (scene_id) DO UPDATE SET updated_at = excluded.updated_at, updated_at_ms = excluded.updated_at_ms`,
  );
  const held = createHeldBack(db);
  type News = Omit<SceneChange, 'isBare' | 'gate'> & { gate: string | null; isQueued: 0 | 1 };

  return {
    cursor: () => read.get() as ChangeCursor | undefined,
    start: (cursor) => {
      start.run(cursor);
    },
    queueNews: (changes, dueAtMs, cursor) =>
      db
        .transaction(() => {
          const found = news.all(JSON.stringify(changes)) as News[];
          for (const { isQueued, gate, ...change } of found) {
            notice.run(change);
            if (gate !== null && !isQueued) held.hold([change.sceneId], gate, dueAtMs);
          }
          if (cursor) {
            move.run(cursor);
            forget.run(cursor);
          }
          const ids = found.flatMap(({ sceneId, isQueued, gate }) =>
            isQueued || gate !== null ? [] : [sceneId],
          );
          return ids.length === 0 ? 0 : enqueueScenes(db, ids, dueAtMs).queued;
        })
        .immediate(),
  };
}
