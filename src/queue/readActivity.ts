import type { Database } from '../storage/openDatabase.ts';
import { HOUR_MS, MINUTE_MS, type SceneEvent, type ThroughputSpan } from './activityLog.ts';

/** What is kept of the drain's doings. */
export interface Activity {
  /** The newest first. */
  events: SceneEvent[];
  /** Minutes and hours in which anything happened, each the newest first. */
  minutes: ThroughputSpan[];
  hours: ThroughputSpan[];
}

/** Reads the newest `limit` events, the last hour by minutes and the last `hours` by hours. Writes nothing. */
export function readActivity(
  db: Database,
  { limit, hours, nowMs }: { limit: number; hours: number; nowMs: number },
): Activity {
  const events = db.prepare(
    `SELECT at_ms AS atMs, scene_id AS sceneId, outcome, text FROM recent_events ORDER BY id DESC LIMIT ?`,
  );
  const spans = db.prepare(
    `SELECT begins_at_ms AS beginsAtMs, synced, failed, edits, edits_took_ms AS editsTookMs FROM throughput
     WHERE span_ms = @spanMs AND begins_at_ms BETWEEN @fromMs AND @nowMs ORDER BY begins_at_ms DESC`,
  );
  const since = (spanMs: number, ageMs: number) =>
    spans.all({ spanMs, fromMs: nowMs - ageMs, nowMs }) as ThroughputSpan[];
  return {
    events: events.all(limit) as SceneEvent[],
    minutes: since(MINUTE_MS, HOUR_MS),
    hours: since(HOUR_MS, hours * HOUR_MS),
  };
}
