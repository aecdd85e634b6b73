import type { Database } from '../storage/openDatabase.ts';
import { boundedText } from './boundedText.ts';

/** What became of a scene at the end of a turn. */
export type SceneOutcome = 'written' | 'unchanged' | 'retry' | 'failed' | 'shared' | 'held_back' | 'skipped';

/** One end of a scene's turn. */
export interface SceneEvent {
  /** Milliseconds since the epoch. */
  atMs: number;
  sceneId: number;
  outcome: SceneOutcome;
  /** For the user: the item's title, or why; empty when there is nothing to say. Without secrets. */
  text: string;
}

/** What happened in a span of time. */
export interface Throughput {
  /** Scenes that are in Plex as they are in Stash. */
  synced: number;
  /** Scenes that were given up. */
  failed: number;
  /** Edits that Plex took, and how long it took for all of them. */
  edits: number;
  editsTookMs: number;
}

/** The same with the time at which the span begins, in milliseconds since the epoch. */
export interface ThroughputSpan extends Throughput {
  beginsAtMs: number;
}

/** What a process has to add. */
export interface ActivityEntry {
  /** The oldest first. */
  events: readonly SceneEvent[];
  /** By minute. */
  minutes: readonly ThroughputSpan[];
}

/** How many events are kept, and the longest text of one. */
export const MAX_EVENTS = 200;
const MAX_TEXT_LENGTH = 300;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/** How long minutes and hours are kept. */
const MINUTES_KEPT_MS = HOUR_MS;
const HOURS_KEPT_MS = 35 * 24 * HOUR_MS;

/** Adds to what is kept of the drain's doings. */
export interface ActivityLog {
  /** In one transaction; what is too old goes in it. @throws what SQLite throws; nothing was kept then. */
  add(entry: ActivityEntry, nowMs: number): void;
}

/** The tables `recent_events` and `throughput` of an open database. */
export function createActivityLog(db: Database): ActivityLog {
  const addEvent = db.prepare(
    'INSERT INTO recent_events (at_ms, scene_id, outcome, text) VALUES (@atMs, @sceneId, @outcome, @text)',
  );
  const trimEvents = db.prepare(
    `DELETE FROM recent_events WHERE id <= (SELECT max(id) FROM recent_events) - ${MAX_EVENTS}`,
  );
  const addSpan = db.prepare(
    `INSERT INTO throughput (span_ms, begins_at_ms, synced, failed, edits, edits_took_ms)
     VALUES (@spanMs, @beginsAtMs, @synced, @failed, @edits, @editsTookMs)
     ON CONFLICT (span_ms, begins_at_ms) DO UPDATE SET synced = synced + excluded.synced,
       failed = failed + excluded.failed, edits = edits + excluded.edits,
       edits_took_ms = edits_took_ms + excluded.edits_took_ms`,
  );
  // A span of the future is from before the clock was set back (W25).
  const trimSpans = db.prepare(
    'DELETE FROM throughput WHERE span_ms = @spanMs AND (begins_at_ms < @fromMs OR begins_at_ms > @nowMs)',
  );
  return {
    add({ events, minutes }, nowMs) {
      db.transaction(() => {
        for (const event of events.slice(-MAX_EVENTS)) {
          addEvent.run({ ...event, text: boundedText(event.text, MAX_TEXT_LENGTH) });
        }
        trimEvents.run();
        for (const minute of minutes) {
          addSpan.run({ ...minute, spanMs: MINUTE_MS });
          addSpan.run({ ...minute, spanMs: HOUR_MS, beginsAtMs: beginOf(minute.beginsAtMs, HOUR_MS) });
        }
        trimSpans.run({ spanMs: MINUTE_MS, fromMs: nowMs - MINUTES_KEPT_MS, nowMs });
        trimSpans.run({ spanMs: HOUR_MS, fromMs: nowMs - HOURS_KEPT_MS, nowMs });
      }).immediate();
    },
  };
}

/** When the span of that length began to which a time belongs. */
export function beginOf(atMs: number, spanMs: number): number {
  return Math.floor(atMs / spanMs) * spanMs;
}
