import type { Database } from '../storage/openDatabase.ts';

/** One hook of a mutation of several scenes. */
export interface BulkHook {
  /** The same for all hooks of the mutation. */
  input: unknown;
  /** Place of the hook's scene among those of the mutation; hooks come in this order. */
  position: number;
}

/** Hooks follow one another in milliseconds; what came so long ago was another mutation. */
const BELIEVED_MS = 10 * 60_000;

/**
 * Finds out whether an earlier hook of the same mutation has recorded all of its scenes already: one with the same input and a lower
 * place was the last that came. The same edit done again begins at its first place, and so is never taken for the former one. A
 * time in the future means that the clock was set back: it is not believed (W25).
 *
 * @returns true when there is nothing left to record; otherwise call {@link beginBulk} in the transaction that records.
 */
export function continuesBulk(db: Database, hook: BulkHook, nowMs: number): boolean {
  const advance = db.prepare(
    `UPDATE bulk_hooks SET position = @position, seen_at_ms = @nowMs
     WHERE input_hash = @hash AND position < @position AND seen_at_ms BETWEEN @nowMs - ${BELIEVED_MS} AND @nowMs`,
  );
  const run = () => advance.run({ position: hook.position, hash: hashOf(hook), nowMs }).changes === 1;
  // What is taken in with other events is flushed with them.
  if (db.inTransaction) return run();
  // Lost in a power cut, it costs a repetition: no reason to pay for a flush.
  db.pragma('synchronous = NORMAL');
  const isContinued = run();
  db.pragma('synchronous = FULL');
  return isContinued;
}

/** Notes that this hook records all scenes of its mutation. */
export function beginBulk(db: Database, hook: BulkHook, nowMs: number): void {
  db.prepare(`DELETE FROM bulk_hooks WHERE seen_at_ms NOT BETWEEN @nowMs - ${BELIEVED_MS} AND @nowMs`).run({
    nowMs,
  });
  db.prepare(
    'INSERT OR REPLACE INTO bulk_hooks (input_hash, position, seen_at_ms) VALUES (@hash, @position, @nowMs)',
  ).run({
    hash: hashOf(hook),
    position: hook.position,
    nowMs,
  });
}

/** Loaded here: the module takes 5 ms, and only hooks of many scenes need it. */
function hashOf({ input }: BulkHook): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}
