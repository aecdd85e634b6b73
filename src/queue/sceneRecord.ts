import type { Database } from '../storage/openDatabase.ts';
import { type ChosenItem, createChosenItems } from './ChosenItems.ts';
import { createItemOwners, type ItemOwners } from './ItemOwners.ts';
import type { WrittenMemory } from './Job.ts';
import { parseWritten, UNKNOWN_SERVER } from './sceneSyncs.ts';

/** A sync that made one of the scene's items right. */
export interface RecordedSync {
  serverId: string;
  ratingKey: string;
  /** When the item was last right, whether or not anything had to be written. */
  syncedAtMs: number;
  written: WrittenMemory;
}

/** A job of a scene. */
export interface RecordedJob {
  isRunning: boolean;
  dueAtMs: number;
  /** Hand-outs since the last event. */
  attempts: number;
  lastErrorType: string | null;
  lastErrorMessage: string | null;
}

/** How a scene was given up. */
export interface RecordedFailure {
  errorType: string;
  message: string;
  attempts: number;
  failedAtMs: number;
  /** How often since it last succeeded. */
  times: number;
}

/** What the plugin's own files know of a scene. */
export interface SceneRecord {
  syncs: RecordedSync[];
  /** When the Python plugin synced it; undefined when it did not. */
  syncedByPythonAtMs: number | undefined;
  job: RecordedJob | undefined;
  failure: RecordedFailure | undefined;
  choices: ChosenItem[];
  /** Items in which it has a file, and that another scene owns (undefined: none may), as was decided last. */
  shared: { ratingKey: string; title: string; ownerId: number | undefined }[];
}

/** Reads everything that is kept of one scene; no request. */
export function sceneRecord(db: Database, sceneId: number): SceneRecord {
  const owners = createItemOwners(db);
  const rows = db
    .prepare(
      `SELECT server_id AS serverId, rating_key AS ratingKey, synced_at_ms AS syncedAtMs, written
       FROM scene_syncs WHERE scene_id = ? ORDER BY synced_at_ms DESC`,
    )
    .all(sceneId) as (Omit<RecordedSync, 'written'> & { written: string })[];
  const job = db
    .prepare(
      `SELECT state = 'running' AS running, due_at_ms AS dueAtMs, attempts, last_error_type AS lastErrorType,
         last_error_message AS lastErrorMessage FROM jobs WHERE scene_id = ?`,
    )
    .get(sceneId) as (Omit<RecordedJob, 'isRunning'> & { running: number }) | undefined;
  const failure = db
    .prepare(
      `SELECT coalesce(error_type, 'Unknown') AS errorType, coalesce(error_message, 'no message') AS message,
         coalesce(retry_count, 0) AS attempts, unixepoch(failed_at) * 1000 AS failedAtMs, failure_count AS times
       FROM dead_letters WHERE scene_id = ? AND recovered_at IS NULL`,
    )
    .get(sceneId) as RecordedFailure | undefined;
  return {
    syncs: rows
      .filter(({ serverId }) => serverId !== UNKNOWN_SERVER)
      .map((row) => ({ ...row, written: parseWritten(row.written) })),
    syncedByPythonAtMs: rows.find(({ serverId }) => serverId === UNKNOWN_SERVER)?.syncedAtMs,
    job: job && {
      isRunning: job.running === 1,
      dueAtMs: job.dueAtMs,
      attempts: job.attempts,
      lastErrorType: job.lastErrorType,
      lastErrorMessage: job.lastErrorMessage,
    },
    failure,
    choices: createChosenItems(db, owners).ofScene(sceneId),
    shared: sharedItems(owners, sceneId),
  };
}

function sharedItems(owners: ItemOwners, sceneId: number): SceneRecord['shared'] {
  return owners.itemsOf(sceneId).flatMap((item) => {
    const decision = owners.decision(item);
    if (!decision || decision.decidedAtMs === 0 || decision.ownerId === sceneId) return [];
    return [{ ratingKey: item.ratingKey, title: decision.title, ownerId: decision.ownerId }];
  });
}
