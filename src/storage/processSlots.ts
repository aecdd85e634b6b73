import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type ExclusiveLock, tryExclusiveLock } from './exclusiveLock.ts';
import { errorCode, StorageError } from './StorageError.ts';

/** The right to do expensive work, for at most so many processes at once; recording an event never needs one (W1). */
export interface ProcessSlots {
  /**
   * Takes a slot until it is released or this process ends, however it ends.
   *
   * @returns undefined when all are held.
   * @throws StorageError when a slot's file cannot be used at all, which is not the same as "held" (W24).
   */
  acquire(): ExclusiveLock | undefined;
  /**
   * How many slots are held by others; those taken through this object do not count (W26). Looking never takes a slot (W52).
   *
   * @throws StorageError as {@link ProcessSlots.acquire}.
   */
  liveCount(): number;
}

/** Looking at a slot keeps it from being taken for less than a millisecond. */
const LOOK_PATIENCE_MS = 100;
/** Another name than the original's `proc_slot.<n>`: such files may be left over and are no databases. */
const SLOT_NAME = /^slot\.(\d+)\.lock$/;

/**
 * The slots in `folder`, which is created on demand.
 *
 * @param max how many there are, at least 1.
 */
export function createProcessSlots(folder: string, max: number): ProcessSlots {
  const own = new Map<number, ExclusiveLock>();
  const pathOf = (slot: number) => join(folder, `slot.${slot}.lock`);

  const acquireWithin = (waitMs: number): ExclusiveLock | undefined => {
    for (let slot = 0; slot < max; slot += 1) {
      if (own.has(slot)) continue;
      const lock = tryExclusiveLock(pathOf(slot), waitMs);
      if (!lock) continue;
      own.set(slot, lock);
      return {
        release() {
          if (own.get(slot) === lock) own.delete(slot);
          lock.release();
        },
      };
    }
    return undefined;
  };
  return {
    acquire: () => acquireWithin(0) ?? acquireWithin(LOOK_PATIENCE_MS),
    liveCount() {
      if (!existsSync(folder)) return 0;
      const used = namesIn(folder)
        .map((name) => Number(SLOT_NAME.exec(name)?.[1] ?? Number.NaN))
        .filter((slot) => slot < max && !own.has(slot));
      return used.filter((slot) => isHeld(pathOf(slot))).length;
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw StorageError.from(error, `The folder ${folder} cannot be read`);
  }
}

/** Whether somebody has the exclusive lock, found out by a shared one: those who look do not see each other. */
function isHeld(path: string): boolean {
  let db: BetterSqlite3.Database | undefined;
  try {
    db = new BetterSqlite3(path, { readonly: true, timeout: 0 });
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (errorCode(error).startsWith('SQLITE_BUSY')) return true;
    throw StorageError.from(error, `The lock file ${path} cannot be used`);
  } finally {
    db?.close();
  }
}
