import type { Logger } from '../log/logger.ts';
import {
  type ActivityLog,
  beginOf,
  MAX_EVENTS,
  MINUTE_MS,
  type SceneEvent,
  type ThroughputSpan,
} from '../queue/activityLog.ts';
import type { Clock } from '../time/clock.ts';

/** What a process tells of its doings, for the page inside Stash. Nothing here throws, and nothing of it matters to a job. */
export interface Activity {
  /** A scene's turn has ended. */
  ended(event: Omit<SceneEvent, 'atMs'>): void;
  /** Plex took an edit. */
  edited(tookMs: number): void;
  /** Stores what is not stored yet: at the end of a pass. */
  save(): void;
}

export interface ActivityOptions {
  store: ActivityLog;
  clock: Clock;
  log: Logger;
}

/** Between two savings, so that a fast drain does not pay for each scene. */
const SAVE_INTERVAL_MS = 1_000;
/** Minutes that could not be stored; on a disk that stays full the oldest are lost. */
const MAX_MINUTES = 60;

/** Collects, and stores once a second at most while scenes end. */
export function createActivity({ store, clock, log }: ActivityOptions): Activity {
  let events: SceneEvent[] = [];
  let minutes: ThroughputSpan[] = [];
  let savedAt = Number.NEGATIVE_INFINITY;

  const thisMinute = (): ThroughputSpan => {
    const beginsAtMs = beginOf(clock.now(), MINUTE_MS);
    const last = minutes.at(-1);
    if (last?.beginsAtMs === beginsAtMs) return last;
    const minute = { beginsAtMs, synced: 0, failed: 0, edits: 0, editsTookMs: 0 };
    minutes = [...minutes, minute].slice(-MAX_MINUTES);
    return minute;
  };
  const save = (): void => {
    if (events.length === 0 && minutes.length === 0) return;
    savedAt = clock.monotonic();
    try {
      store.add({ events, minutes }, clock.now());
      events = [];
      minutes = [];
    } catch (error) {
      log.debug(`The last events could not be stored: ${String(error)}`);
    }
  };
  return {
    ended(event) {
      events.push({ ...event, atMs: clock.now() });
      if (events.length > 2 * MAX_EVENTS) events = events.slice(-MAX_EVENTS);
      if (event.outcome === 'written' || event.outcome === 'unchanged') thisMinute().synced += 1;
      if (event.outcome === 'failed') thisMinute().failed += 1;
      if (clock.monotonic() - savedAt >= SAVE_INTERVAL_MS) save();
    },
    edited(tookMs) {
      const minute = thisMinute();
      minute.edits += 1;
      minute.editsTookMs += tookMs;
    },
    save,
  };
}
