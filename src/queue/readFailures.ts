import type { Database } from '../storage/openDatabase.ts';

/** Scenes that were given up for one reason; entries that were queued again are not among them. */
export interface FailedClass {
  /** Name of the error class; `Unknown` for entries taken over without one. */
  errorType: string;
  count: number;
  firstFailedAtMs: number;
  lastFailedAtMs: number;
}

/** One of them. */
export interface FailedScene {
  /** Null for an entry that was taken over without its scene. */
  sceneId: number | null;
  deadLetterId: number;
  message: string;
  /** Hand-outs before it was given up. */
  attempts: number;
  failedAtMs: number;
}

const CURRENT = 'recovered_at IS NULL';
const FAILED_AT_MS = "CAST(strftime('%s', failed_at) AS INTEGER) * 1000";

/** All classes, the largest first. Writes nothing. */
export function readFailedClasses(db: Database): FailedClass[] {
  const rows = db.prepare(
    `SELECT coalesce(error_type, 'Unknown') AS errorType, count(*) AS count,
       CAST(strftime('%s', min(failed_at)) AS INTEGER) * 1000 AS firstFailedAtMs,
       CAST(strftime('%s', max(failed_at)) AS INTEGER) * 1000 AS lastFailedAtMs
     FROM dead_letters WHERE ${CURRENT} GROUP BY error_type ORDER BY count DESC, errorType`,
  );
  return rows.all() as FailedClass[];
}

/** A part of a class, the newest first. Writes nothing. */
export function readFailedScenes(
  db: Database,
  errorType: string,
  { offset, limit }: { offset: number; limit: number },
): FailedScene[] {
  const rows = db.prepare(
    `SELECT scene_id AS sceneId, id AS deadLetterId, coalesce(error_message, '') AS message,
       coalesce(retry_count, 0) AS attempts, ${FAILED_AT_MS} AS failedAtMs
     FROM dead_letters WHERE ${CURRENT} AND coalesce(error_type, 'Unknown') = @errorType
     ORDER BY failed_at DESC, id DESC LIMIT @limit OFFSET @offset`,
  );
  return rows.all({ errorType, offset, limit }) as FailedScene[];
}

/** Scenes that are not written because another scene owns their item, by their ids. Writes nothing. */
export function readSharedScenes(db: Database, { offset, limit }: { offset: number; limit: number }) {
  const shared = `item_scenes JOIN item_owners USING (server_id, rating_key)
    WHERE owner_id IS NOT scene_id AND decided_at_ms > 0`;
  const rows = db.prepare(
    `SELECT scene_id AS sceneId, owner_id AS ownerId, rating_key AS ratingKey, title FROM ${shared}
     ORDER BY scene_id, server_id, rating_key LIMIT @limit OFFSET @offset`,
  );
  return {
    total: db.prepare(`SELECT count(*) FROM ${shared}`).pluck().get() as number,
    scenes: rows.all({ offset, limit }) as SharedRow[],
  };
}

interface SharedRow {
  sceneId: number;
  ownerId: number | null;
  ratingKey: string;
  title: string;
}
