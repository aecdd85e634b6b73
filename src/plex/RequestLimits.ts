import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';

/** `query`: everything behind the `?` of an edit. `ids`: a path that ends with a list of ids. */
export type LimitedPart = 'query' | 'ids';

/** How long requests to one server may be, as far as anything was refused. */
export interface RequestLimit {
  /** Most bytes that get through; undefined: no limit is known. */
  bytes(part: LimitedPart): number | undefined;
  learn(part: LimitedPart, bytes: number): void;
}

/** The limits of all servers that were found out. */
export interface RequestLimits {
  /** @param address where the server is reached: the limit is that of the way to it. */
  of(address: string): RequestLimit;
}

/** A proxy may have been set up anew; finding the limit out once more costs a few requests. */
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

const KNOWN_FOR_MS = 10_000;

/** Remembers the limits in the database, so that each is found out once and not by every process. */
export function createRequestLimits(db: Database, clock: Clock): RequestLimits {
  const find = db
    .prepare(
      `SELECT bytes FROM request_limits
       WHERE address = @address AND part = @part AND found_at_ms > @sinceMs AND found_at_ms <= @nowMs`,
    )
    .pluck();
  const save = db.prepare('INSERT OR REPLACE INTO request_limits VALUES (@address, @part, @bytes, @nowMs)');
  const read = (address: string, part: LimitedPart) => {
    const nowMs = clock.now();
    const found = find.get({ address, part, nowMs, sinceMs: nowMs - FORGOTTEN_AFTER_MS });
    return found === undefined ? undefined : Number(found);
  };
  return {
    of(address) {
      /** Asked for each edit: what another process has found out meanwhile may come a little later. */
      const known = new Map<LimitedPart, { bytes: number | undefined; readAtMs: number }>();
      return {
        bytes(part) {
          const nowMs = clock.monotonic();
          const last = known.get(part);
          if (last && nowMs - last.readAtMs < KNOWN_FOR_MS) return last.bytes;
          const bytes = read(address, part);
          known.set(part, { bytes, readAtMs: nowMs });
          return bytes;
        },
        learn(part, bytes) {
          save.run({ address, part, bytes, nowMs: clock.now() });
          known.delete(part);
        },
      };
    },
  };
}

/** Remembers limits as long as the client lives. */
export function openRequestLimit(): RequestLimit {
  const known = new Map<LimitedPart, number>();
  return { bytes: (part) => known.get(part), learn: (part, bytes) => void known.set(part, bytes) };
}
