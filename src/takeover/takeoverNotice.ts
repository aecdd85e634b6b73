import type { Database } from '../storage/openDatabase.ts';

/** The same sentence is said again after so long. */
const REPEAT_MS = 86_400_000;

/** What is in the way of a take-over, as a sentence; undefined when nothing is. */
export function takeoverNotice(db: Database): string | undefined {
  return db.prepare('SELECT text FROM takeover_notice').pluck().get() as string | undefined;
}

/**
 * Notes what is in the way.
 *
 * @returns whether the user has to be told now: not every process says the same again.
 */
export function noteTakeoverObstacle(db: Database, text: string, nowMs: number): boolean {
  const told = db.prepare('SELECT text, told_at_ms AS toldAtMs FROM takeover_notice').get() as
    | { text: string; toldAtMs: number }
    | undefined;
  // A time in the future means that the clock was set back (W25).
  if (told?.text === text && Math.abs(nowMs - told.toldAtMs) < REPEAT_MS) return false;
  db.prepare('INSERT OR REPLACE INTO takeover_notice (id, text, told_at_ms) VALUES (1, ?, ?)').run(
    text,
    nowMs,
  );
  return true;
}

/** Nothing is in the way any more. */
export function clearTakeoverNotice(db: Database): void {
  if (takeoverNotice(db) !== undefined) db.prepare('DELETE FROM takeover_notice').run();
}
