import type { Database } from '../storage/openDatabase.ts';

/**
 * How long a promise to start a drainer is believed: about as long as one takes to its lock. A surplus drainer ends there
 * and is cheap, while the event of a hook that believes a promise whose process was killed waits for the next one.
 */
export const START_CLAIM_MS = 500;

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

/**
 * Called by a drainer that has its lock: from here on the lock says that one is alive, and nothing is in its way.
 *
 * @returns the number of this start.
 */
export function recordDrainerStart(db: Database): number {
  const start = db.prepare(
    'UPDATE drainer SET start_claimed_at_ms = 0, obstacle = NULL, starts = starts + 1 RETURNING starts',
  );
  return start.pluck().get() as number;
}

/** The number of the last start of a drainer. */
export function lastDrainerStart(db: Database): number {
  return db.prepare('SELECT starts FROM drainer').pluck().get() as number;
}

/** Tells other processes what the drainer waits for: a sentence for the user, or undefined when it works again. */
export function recordObstacle(db: Database, sentence: string | undefined): void {
  db.prepare('UPDATE drainer SET obstacle = @sentence WHERE obstacle IS NOT @sentence').run({
    sentence: sentence ?? null,
  });
}

/** What the drainer waits for; only of interest while one holds the drain lock. */
export function currentObstacle(db: Database): string | undefined {
  return (db.prepare('SELECT obstacle FROM drainer').pluck().get() as string | null | undefined) ?? undefined;
}
