import { randomUUID } from 'node:crypto';
import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';
import type { JobFailure, SceneSync, TakenJob, WaitingJob } from './Job.ts';

/** Well above the longest back-off (600 s). */
const LONGEST_DELAY_MS = 3_600_000;
/** Longest text of an error that is kept (W47). */
const MAX_MESSAGE_LENGTH = 1_000;
const MAX_STACK_LENGTH = 4_000;

/** Most hand-outs of a job, whatever became of them; well above the attempts that any class of failure gets. */
export const MAX_HAND_OUTS = 40;

/** What became of jobs that a dead process left behind. */
export interface Orphans {
  released: number;
  buried: number;
}

/** How many jobs are in which state. */
export interface JobCounts {
  /** Waiting and due now. */
  due: number;
  /** Waiting for a later time. */
  waiting: number;
  running: number;
  deadLetters: number;
}

/**
 * The jobs, seen from the one who works them off. Taking a job is one statement, finishing it is
 * compare-and-set on the claim: who finishes late, after the job was taken over, changes nothing.
 */
export interface JobStore {
  /** Makes jobs due whose time lies further ahead than any delay: the clock was set back (W25). @returns how many. */
  healDueTimes(): number;
  /** The next jobs that are due, in order; none is taken by this. */
  peekDue(limit: number): WaitingJob[];
  /** Takes a peeked job, or undefined when it changed meanwhile: what was read for it may be out of date. */
  take(job: WaitingJob): TakenJob | undefined;
  /** The scene is in Plex as `sync` says, or (without it) nothing has to be done for it. */
  complete(job: TakenJob, sync?: SceneSync): boolean;
  /** Tries the job again after `delayMs`. */
  retry(job: TakenJob, delayMs: number, failure: JobFailure): boolean;
  /** Keeps what was written so far, while the job goes on; what was known of Stash's version stays. */
  remember(job: TakenJob, sync: SceneSync): boolean;
  /**
   * Returns the job, behind all that are due: the attempt was not its fault and does not count, but it may be this scene
   * alone that a server cannot cope with, and the others must get their turn.
   */
  giveBack(job: TakenJob): boolean;
  /** Parks the job among the dead letters and ends it, in one transaction (W6). */
  bury(job: TakenJob, failure: JobFailure): boolean;
  /**
   * Returns jobs that a dead process left behind; one that has been handed out {@link MAX_HAND_OUTS} times is parked
   * instead, because it may be what kills the processes (W14). Only for the holder of the drain lock.
   */
  releaseOrphans(): Orphans;
  /** Removes dead letters older than `days`. @returns how many. */
  purgeDeadLetters(days: number): number;
  /** Earliest time at which a waiting job is due, in milliseconds since the epoch. */
  nextDueAtMs(): number | undefined;
  counts(): JobCounts;
  /** What is known to be in Plex for a scene. */
  sceneSync(sceneId: number): SceneSync | undefined;
}

/** A job store on an open database. */
export function createJobStore(db: Database, clock: Clock): JobStore {
  const sql = prepareStatements(db);
  // Process ids come back; a store does not.
  const owner = `${process.pid}-${randomUUID()}`;

  /** Ends a claim: the row goes, or stays to run once more when an event came in meanwhile. */
  const end = (job: TakenJob): boolean => {
    if (sql.deleteTaken.run(job).changes === 1) return true;
    sql.rerun.run({ ...job, nowMs: clock.now() });
    return false;
  };
  const saveSync = ({ sceneId }: TakenJob, sync: SceneSync): boolean => {
    const written = JSON.stringify(sync.written);
    return sql.saveSync.run({ ...sync, written, sceneId, nowMs: clock.now() }).changes === 1;
  };
  const endWith = (job: TakenJob, effect: () => void): boolean =>
    db
      .transaction(() => {
        if (!sql.isClaimed.get(job)) return false;
        effect();
        end(job);
        return true;
      })
      .immediate();

  return {
    healDueTimes: () =>
      sql.healDueTimes.run({ nowMs: clock.now(), latestMs: clock.now() + LONGEST_DELAY_MS }).changes,
    peekDue: (limit) => sql.peekDue.all({ nowMs: clock.now(), limit }) as WaitingJob[],
    take: (job) =>
      sql.take.get({ ...job, claimId: randomUUID(), owner, nowMs: clock.now() }) as TakenJob | undefined,
    complete: (job, sync) =>
      endWith(job, () => {
        if (!sync) return;
        saveSync(job, sync);
        sql.resolveDeadLetters.run(job.sceneId);
      }),
    retry: (job, delayMs, failure) => {
      const dueAtMs = Math.round(clock.now() + delayMs);
      return sql.retry.run({ ...job, dueAtMs, nowMs: clock.now(), ...bounded(failure) }).changes === 1;
    },
    remember: (job, sync) =>
      db.transaction(() => Boolean(sql.isClaimed.get(job)) && saveSync(job, sync)).immediate(),
    giveBack: (job) => sql.giveBack.run({ ...job, nowMs: clock.now() }).changes === 1,
    bury: (job, failure) =>
      endWith(job, () => {
        const jobData = JSON.stringify({ scene_id: job.sceneId, enqueued_at: job.enqueuedAtMs / 1000 });
        sql.bury.run({ ...job, ...bounded(failure), jobData });
      }),
    releaseOrphans: () =>
      db
        .transaction(() => {
          const limit = { limit: MAX_HAND_OUTS, owner };
          sql.buryOrphans.run({ ...limit, message: `No attempt came to an end in ${MAX_HAND_OUTS} starts.` });
          const buried = sql.deleteOrphans.run(limit).changes;
          return { buried, released: sql.releaseOrphans.run({ owner }).changes };
        })
        .immediate(),
    purgeDeadLetters: (days) => sql.purge.run({ days, nowSecs: Math.floor(clock.now() / 1000) }).changes,
    nextDueAtMs: () => {
      const { dueAtMs } = sql.nextDue.get() as { dueAtMs: number | null };
      if (dueAtMs === null) return undefined;
      return dueAtMs > clock.now() + LONGEST_DELAY_MS ? clock.now() : dueAtMs;
    },
    counts: () => sql.counts.get({ nowMs: clock.now() }) as JobCounts,
    sceneSync: (sceneId) => {
      const row = sql.loadSync.get(sceneId) as (Omit<SceneSync, 'written'> & { written: string }) | undefined;
      return row && { ...row, written: JSON.parse(row.written) };
    },
  };
}

function bounded({ type, message, stack }: JobFailure) {
  return {
    type,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    stack: stack?.slice(0, MAX_STACK_LENGTH) ?? null,
  };
}

/** Every statement of the store; each goes through an index. */
function prepareStatements(db: Database) {
  const claimed = "id = @id AND claim_id = @claimId AND state = 'running'";
  const release = "state = 'pending', claim_id = NULL, lease_owner = NULL, leased_at_ms = NULL";
  return {
    healDueTimes: db.prepare(
      "UPDATE jobs SET due_at_ms = @nowMs WHERE state = 'pending' AND due_at_ms > @latestMs",
    ),
    peekDue: db.prepare(
      `SELECT id, scene_id AS sceneId, revision FROM jobs
       WHERE state = 'pending' AND due_at_ms <= @nowMs ORDER BY due_at_ms, id LIMIT @limit`,
    ),
    take: db.prepare(
      `UPDATE jobs SET state = 'running', claim_id = @claimId, lease_owner = @owner, leased_at_ms = @nowMs,
         attempts = attempts + 1
       WHERE id = @id AND state = 'pending' AND revision = @revision AND due_at_ms <= @nowMs
       RETURNING id, scene_id AS sceneId, revision, claim_id AS claimId, attempts,
         enqueued_at_ms AS enqueuedAtMs, last_error_type AS lastErrorType, failures`,
    ),
    isClaimed: db.prepare(`SELECT 1 FROM jobs WHERE ${claimed}`),
    deleteTaken: db.prepare(`DELETE FROM jobs WHERE ${claimed} AND revision = @revision`),
    rerun: db.prepare(
      `UPDATE jobs SET ${release}, attempts = 0, failures = 0, due_at_ms = @nowMs WHERE ${claimed}`,
    ),
    // An event that came in meanwhile is new work: due at once, with a fresh count.
    retry: db.prepare(
      `UPDATE jobs SET ${release}, last_error_message = @message,
         failures = iif(last_error_type IS @type, failures, 0) + 1, last_error_type = @type,
         due_at_ms = iif(revision = @revision, @dueAtMs, @nowMs),
         attempts = iif(revision = @revision, attempts, 0)
       WHERE ${claimed}`,
    ),
    giveBack: db.prepare(
      `UPDATE jobs SET ${release}, due_at_ms = @nowMs,
         attempts = iif(revision = @revision, max(attempts - 1, 0), 0)
       WHERE ${claimed}`,
    ),
    buryOrphans: db.prepare(
      `INSERT INTO dead_letters (job_id, scene_id, job_data, error_type, error_message, retry_count)
       SELECT id, scene_id, json_object('scene_id', scene_id, 'enqueued_at', enqueued_at_ms / 1000.0),
         'ProcessKilled', @message, attempts
       FROM jobs WHERE state = 'running' AND attempts >= @limit AND lease_owner <> @owner`,
    ),
    deleteOrphans: db.prepare(
      "DELETE FROM jobs WHERE state = 'running' AND attempts >= @limit AND lease_owner <> @owner",
    ),
    // A job of this very process was left over because the queue could not be written: no fault of the job.
    releaseOrphans: db.prepare(
      `UPDATE jobs SET ${release}, attempts = iif(lease_owner = @owner, max(attempts - 1, 0), attempts)
       WHERE state = 'running'`,
    ),
    nextDue: db.prepare("SELECT min(due_at_ms) AS dueAtMs FROM jobs WHERE state = 'pending'"),
    counts: db.prepare(
      `SELECT (SELECT count(*) FROM jobs WHERE state = 'pending' AND due_at_ms <= @nowMs) AS due,
         (SELECT count(*) FROM jobs WHERE state = 'pending' AND due_at_ms > @nowMs) AS waiting,
         (SELECT count(*) FROM jobs WHERE state = 'running') AS running,
         (SELECT count(*) FROM dead_letters) AS deadLetters`,
    ),
    bury: db.prepare(
      `INSERT INTO dead_letters
         (job_id, scene_id, job_data, error_type, error_message, stack_trace, retry_count)
       VALUES (@id, @sceneId, @jobData, @type, @message, @stack, @attempts)`,
    ),
    // failed_at is UTC text with whole seconds.
    purge: db.prepare(
      "DELETE FROM dead_letters WHERE failed_at < datetime(@nowSecs - @days * 86400, 'unixepoch')",
    ),
    resolveDeadLetters: db.prepare('DELETE FROM dead_letters WHERE scene_id = ?'),
    saveSync: db.prepare(
      `INSERT OR REPLACE INTO scene_syncs
         (scene_id, scene_updated_at, synced_at_ms, server_id, section_key, rating_key, written)
       VALUES (@sceneId, @sceneUpdatedAt, @nowMs, @serverId, @sectionKey, @ratingKey, @written)`,
    ),
    loadSync: db.prepare(
      `SELECT scene_updated_at AS sceneUpdatedAt, server_id AS serverId, section_key AS sectionKey,
         rating_key AS ratingKey, written FROM scene_syncs WHERE scene_id = ?`,
    ),
  };
}
