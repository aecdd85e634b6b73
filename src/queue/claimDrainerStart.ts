import type { Database } from '../storage/openDatabase.ts';

/**
 * How long a promise to start a drainer is believed. A started drainer takes its lock well within this time;
 * a promise whose process was killed holds nobody up for longer.
 */
export const START_CLAIM_MS = 2_000;

/**
 * Claims the right to start a drainer, so that a herd of simultaneous hooks starts one (W50).
 *
 * @returns true for exactly one of several concurrent callers. A claim from the future (the clock was set
 * back) is void (W25).
 */
export function claimDrainerStart(db: Database, nowMs: number): boolean {
  const claim = db.prepare(
    `UPDATE drainer SET start_claimed_at_ms = @nowMs
     WHERE start_claimed_at_ms NOT BETWEEN @nowMs - ${START_CLAIM_MS} + 1 AND @nowMs`,
  );
  return claim.run({ nowMs }).changes === 1;
}

/** Ends the claim: the drainer runs and holds its lock, from here on the lock says that it is alive. */
export function clearDrainerStartClaim(db: Database): void {
  db.prepare('UPDATE drainer SET start_claimed_at_ms = 0 WHERE start_claimed_at_ms <> 0').run();
}
