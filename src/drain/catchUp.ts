import type { Settings } from '../config/settings.ts';
import type { Logger } from '../log/logger.ts';
import type { ChangeCursor, ChangeLog, CursorMove, SceneChange } from '../queue/changeLog.ts';
import type { GateLookup, Gates } from '../scene/gates/openGates.ts';
import { reasonToSkip } from '../scene/reasonToSkip.ts';
import type { Scene } from '../stash/Scene.ts';
import type { StashClient } from '../stash/StashClient.ts';
import { StashError } from '../stash/StashError.ts';
import { parseStoredTime, type StoredTime, textBelow } from '../stash/storedTime.ts';
import type { Clock } from '../time/clock.ts';

export interface CatchUpContext {
  clock: Clock;
  log: Logger;
  changes: ChangeLog;
  /** This machine's offset from UTC at a time; Stash runs here and writes its times in it. */
  utcOffsetMinutes?: (atMs: number) => number;
}

/** What a look works with, as the settings are now. */
export interface CatchUpWork {
  settings: Pick<Settings, 'enabled' | 'sync_master'>;
  stash: Pick<StashClient, 'newestUpdate' | 'scenePages'>;
  gates: GateLookup;
}

/** Between the end of a look and the next one, for each request that it took. */
export const LOOK_INTERVAL_MS = 60_000;
/** A time stamp is made before its transaction is committed, which may have to wait for others; a machine's clock is put right by seconds. */
const OVERLAP_MS = 5 * 60_000;
/** Summer time ends by so much. */
const HOUR_MS = 3_600_000;
/** Stash stores whole seconds: a job that is due a second later reads whatever else happens within the second that was looked at. */
const SETTLE_MS = 1_000;
/** An imported scene may carry a time from the future, and must not move the cursor there. */
const AHEAD_MS = 60_000;
const PAGE_SIZE = 500;

/**
 * Finds changes in Stash that fire no hook (merge, auto-tag, generated cover, import, moved files) by `updated_at`, and queues the scenes
 * whose version is not the one that was synced last (matching addendum A5), unless a gate holds them back: at its first call and then at most once a minute, in one
 * request while there is no news. The very first look of an installation only notes how far Stash is. Nothing that is in its way is in
 * the way of a drain: it is tried again a minute later. Never throws.
 *
 * Each version of a scene is noticed once, whatever becomes of its job, so looks may overlap. The cursor is Stash's own time; between
 * looks it goes on as this machine's time does, so that a bulk is not read again and again.
 */
export function createCatchUp(context: CatchUpContext): (work: CatchUpWork) => Promise<void> {
  const { clock, log, changes } = context;
  let nextLookAt = Number.NEGATIVE_INFINITY;
  /** The last look of this process: when it began, and where it left the cursor. */
  let last: { beganAt: number; atMs: number } | undefined;
  let isToldOfRefusal = false;

  const tell = (error: unknown) => {
    const message = `Changes without a hook could not be looked for: ${error instanceof Error ? error.message : String(error)}`;
    if (isToldOfRefusal || !(error instanceof StashError) || error.kind !== 'rejected') log.debug(message);
    else log.warn(message);
    isToldOfRefusal ||= error instanceof StashError && error.kind === 'rejected';
  };
  return async (work) => {
    const { enabled, sync_master } = work.settings;
    if (!enabled || !sync_master || clock.monotonic() < nextLookAt) return;
    let requests = 1;
    const beganAt = clock.monotonic();
    try {
      const cursor = changes.cursor();
      if (cursor) {
        // Another process that looked since has moved the cursor itself.
        const elapsedMs = last?.atMs === cursor.atMs ? beganAt - last.beganAt : 0;
        const looked = await look(cursor, elapsedMs, work, context);
        last = { beganAt, atMs: looked.atMs };
        requests = looked.requests;
      } else {
        const first = await firstCursor(work, context);
        changes.start(first);
        last = { beganAt, atMs: first.atMs };
      }
    } catch (error) {
      tell(error);
    }
    nextLookAt = clock.monotonic() + requests * LOOK_INTERVAL_MS;
  };
}

/** Whatever is in Stash now, up to the second of its newest change, is of the past. */
async function firstCursor({ stash }: CatchUpWork, { clock }: CatchUpContext): Promise<ChangeCursor> {
  const newest = parseStoredTime((await stash.newestUpdate()) ?? null);
  // An empty Stash: whatever comes is news.
  if (!newest) return { atMs: 0, utcOffsetMinutes: 0, sinceMs: 0 };
  const atMs = Math.min(newest.atMs, clock.now());
  return { atMs, utcOffsetMinutes: newest.utcOffsetMinutes, sinceMs: (Math.floor(atMs / 1000) + 1) * 1000 };
}

/**
 * @param elapsedMs since the last look of this process: Stash was at the cursor then, at least, and is so much further now.
 * @returns how many requests it took, and where the cursor is now.
 */
async function look(
  cursor: ChangeCursor,
  elapsedMs: number,
  { stash, gates: lookup }: CatchUpWork,
  context: CatchUpContext,
): Promise<{ requests: number; atMs: number }> {
  const { clock, log, changes } = context;
  const gates = await lookup();
  const nowMs = clock.now();
  // A clock that was set back: what is done now is below the cursor.
  const fromMs = Math.max(
    Math.min(cursor.atMs, nowMs) - OVERLAP_MS,
    cursor.sinceMs > nowMs ? 0 : cursor.sinceMs,
  );
  const aboveUpdatedAt = textBelow(lowestForm(fromMs, cursor, context));
  const passedMs = Math.min(cursor.atMs + elapsedMs, nowMs);
  const beganAt = clock.monotonic();
  let newest: StoredTime = cursor;
  let requests = 0;
  let queued = 0;
  const queue = (news: readonly SceneChange[], move?: CursorMove) => {
    queued += changes.queueNews(news, clock.now() + SETTLE_MS, move);
  };
  try {
    let held: SceneChange[] | undefined;
    for await (const page of stash.scenePages({ select: 'whole', aboveUpdatedAt, pageSize: PAGE_SIZE })) {
      if (held) queue(held);
      requests += 1;
      held = page.scenes.flatMap((scene) => {
        const time = parseStoredTime(scene.updatedAt);
        if (!time || time.atMs < fromMs) return [];
        if (time.atMs > newest.atMs && time.atMs <= nowMs + AHEAD_MS) newest = time;
        return [changeOf(scene, time, gates)];
      });
    }
    // What changed during the look may lie in a page that was passed: the newest change says where Stash was when it ended.
    const atMs = Math.round(Math.max(newest.atMs - (clock.monotonic() - beganAt), passedMs));
    // Killed before this, the next look begins again.
    queue(held ?? [], {
      atMs,
      utcOffsetMinutes: newest.utcOffsetMinutes,
      forgetBeforeMs: Math.min(atMs - OVERLAP_MS, fromMs),
    });
    return { requests, atMs };
  } finally {
    if (queued > 0) log.info(`${queued} scenes that changed in Stash without a hook were queued.`);
  }
}

function changeOf(scene: Scene, { atMs }: StoredTime, gates: Gates): SceneChange {
  const hold = gates.hold(scene);
  return {
    sceneId: scene.id,
    updatedAt: scene.updatedAt ?? '',
    updatedAtMs: atMs,
    isBare: reasonToSkip(scene, true, false) !== undefined,
    ...(hold ? { gate: hold.gate } : {}),
  };
}

/**
 * The instant in the offset in which it sorts lowest: of the one that Stash wrote last, and of this machine's. Where they differ, summer
 * time has just ended, or Stash's time zone is not known here, and then its summer time may have ended unseen.
 */
function lowestForm(
  fromMs: number,
  { utcOffsetMinutes: known }: ChangeCursor,
  { clock, utcOffsetMinutes = localOffsetMinutes }: CatchUpContext,
): StoredTime {
  const own = utcOffsetMinutes(clock.now());
  const atMs = own === known ? fromMs : fromMs - HOUR_MS;
  return { atMs, utcOffsetMinutes: Math.min(own, known) };
}

function localOffsetMinutes(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset();
}
