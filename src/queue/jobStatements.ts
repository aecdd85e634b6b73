import type { Database } from '../storage/openDatabase.ts';
import { prepareBurial } from './buryJobs.ts';

/** Every statement of the store about jobs; each goes through an index (W44). */
export function prepareJobStatements(db: Database) {
  const claimed = "id = @id AND claim_id = @claimId AND state = 'running'";
  const release = "state = 'pending', claim_id = NULL, lease_owner = NULL, leased_at_ms = NULL";
  // Both kinds named, so that the index by due time is of use.
  const pending = "state = 'pending' AND in_bulk IN (0, 1)";
  const hopeless = "state = 'running' AND attempts >= @limit AND lease_owner <> @owner";
  return {
    healDueTimes: db.prepare(`UPDATE jobs SET due_at_ms = @nowMs WHERE ${pending} AND due_at_ms > @latestMs`),
    peekDue: db.prepare(
      `SELECT id, scene_id AS sceneId, revision FROM jobs
       WHERE state = 'pending' AND in_bulk = @inBulk AND due_at_ms <= @nowMs ORDER BY due_at_ms, id LIMIT @limit`,
    ),
    take: db.prepare(
      `UPDATE jobs SET state = 'running', claim_id = @claimId, lease_owner = @owner, leased_at_ms = @nowMs,
         attempts = attempts + 1
       WHERE id = @id AND state = 'pending' AND revision = @revision AND due_at_ms <= @nowMs
       RETURNING id, scene_id AS sceneId, revision, claim_id AS claimId, attempts,
         enqueued_at_ms AS enqueuedAtMs, last_error_type AS lastErrorType, failures`,
    ),
    isClaimed: db.prepare(`SELECT 1 FROM jobs WHERE ${claimed}`),
    deleteTaken: db.prepare(`DELETE FROM jobs WHERE ${claimed} AND (revision = @revision OR cleared)`),
    rerun: db.prepare(
      `UPDATE jobs SET ${release}, attempts = 0, failures = 0, due_at_ms = @nowMs WHERE ${claimed}`,
    ),
    dropCleared: db.prepare(`DELETE FROM jobs WHERE ${claimed} AND cleared`),
    // An event that came in meanwhile is new work: due at once, with a fresh count.
    retry: db.prepare(
      `UPDATE jobs SET ${release}, last_error_message = @message,
         failures = iif(revision = @revision, iif(last_error_type IS @type, failures, 0) + 1, 0),
         last_error_type = @type,
         due_at_ms = iif(revision = @revision, @dueAtMs, @nowMs),
         attempts = iif(revision = @revision, attempts, 0)
       WHERE ${claimed}`,
    ),
    giveBack: db.prepare(
      `UPDATE jobs SET ${release}, due_at_ms = iif(revision = @revision, @dueAtMs, @nowMs),
         attempts = iif(revision = @revision, max(attempts - 1, 0), 0),
         failures = iif(revision = @revision, failures, 0)
       WHERE ${claimed}`,
    ),
    defer: db.prepare(
      `UPDATE jobs SET ${release}, due_at_ms = iif(revision = @revision, @dueAtMs, @nowMs),
         attempts = iif(revision = @revision, max(attempts - 1, 0), 0),
         failures = iif(revision = @revision AND last_error_type IS @type, failures, 0),
         last_error_type = @type, last_error_message = @message
       WHERE ${claimed}`,
    ),
    hasten: db.prepare(
      `UPDATE jobs SET due_at_ms = @nowMs WHERE ${pending} AND due_at_ms > @nowMs AND last_error_type = @type`,
    ),
    forgive: db.prepare(
      `UPDATE jobs SET due_at_ms = min(due_at_ms, @nowMs), attempts = max(attempts - 1, 0), failures = max(failures - 1, 0)
       WHERE ${pending} AND scene_id IN (SELECT value FROM json_each(@sceneIds))`,
    ),
    bury: prepareBurial(db, claimed),
    buryOrphans: prepareBurial(db, hopeless),
    deleteOrphans: db.prepare(`DELETE FROM jobs WHERE ${hopeless} RETURNING scene_id`).pluck(),
    dropClearedOrphans: db.prepare("DELETE FROM jobs WHERE state = 'running' AND cleared"),
    // A job of this very process was left over because the queue could not be written: no fault of the job.
    releaseOrphans: db.prepare(
      `UPDATE jobs SET ${release}, attempts = iif(lease_owner = @owner, max(attempts - 1, 0), attempts)
       WHERE state = 'running'`,
    ),
    // Else the next look for changes without a hook would bring them back.
    noticeAll: db.prepare(
      `INSERT OR REPLACE INTO noticed_changes (scene_id, updated_at, updated_at_ms) SELECT scene_id, '', @nowMs FROM jobs`,
    ),
    deleteState: db.prepare('DELETE FROM jobs WHERE state = @state'),
    markCleared: db.prepare("UPDATE jobs SET cleared = 1 WHERE state = 'running'"),
    queuedSceneIds: db
      .prepare('SELECT scene_id FROM jobs WHERE scene_id IN (SELECT value FROM json_each(?))')
      .pluck(),
    nextDue: db.prepare(
      `SELECT min(dueAtMs) AS dueAtMs FROM (
         SELECT min(due_at_ms) AS dueAtMs FROM jobs WHERE state = 'pending' AND in_bulk = 0
         UNION ALL SELECT min(due_at_ms) FROM jobs WHERE state = 'pending' AND in_bulk = 1)`,
    ),
    counts: db.prepare(
      `SELECT (SELECT count(*) FROM jobs WHERE ${pending} AND due_at_ms <= @nowMs) AS due,
         (SELECT count(*) FROM jobs WHERE ${pending} AND due_at_ms > @nowMs) AS waiting,
         (SELECT count(*) FROM jobs WHERE state = 'running') AS running,
         (SELECT count(*) FROM dead_letters WHERE recovered_at IS NULL) AS deadLetters`,
    ),
    resolveDeadLetter: db.prepare('DELETE FROM dead_letters WHERE scene_id = ?'),
  };
}
