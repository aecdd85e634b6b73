import { join } from 'node:path';
import type { SceneItems, SceneSync } from '../../src/queue/Job.ts';
import { createJobStore, type JobStore } from '../../src/queue/JobStore.ts';
import { type Database, openDatabase } from '../../src/storage/openDatabase.ts';
import { systemClock } from '../../src/time/clock.ts';

/** A queue of a known size, all of its scenes synced before. */
export interface QueueStore {
  size: number;
  /** As a hook opens it. */
  durable: Database;
  /** As everybody else opens it. */
  db: Database;
  jobs: JobStore;
  close(): void;
}

/** In which order jobs come due: as they came, like events, or in none, like retries. */
export type DueOrder = 'arrival' | 'none';

/** What the sync of a scene leaves behind. */
export const SYNC: SceneSync = {
  sceneUpdatedAt: '2024-05-01T10:00:00+02:00',
  serverId: 'a'.repeat(40),
  sectionKey: '1',
  ratingKey: '123456',
  written: { file: '/media/films/A film (2024)/A film.mkv', posterHash: 'b'.repeat(64) },
};

/** The scene has this one item. */
export const SYNCED: SceneItems = { syncs: [SYNC], shared: [] };

/** A prime, so that its multiples visit the scenes of a store in no order and none twice. */
const STRIDE = 611_953;

/** Numbers of scenes of which none comes twice for turns from 0 to half of the size, spread over the whole store. */
export const sceneOf = {
  /** Has a job that waits. */
  waiting: (turn: number, size: number) => 4 * spread(turn, size) + 4,
  /** Has no job. */
  fresh: (turn: number, size: number) => 4 * spread(turn, size) + 1,
  /** Has no job, and is none of the above. */
  otherFresh: (turn: number, size: number) => 4 * spread(turn, size) + 3,
};

function spread(turn: number, size: number): number {
  return (turn * STRIDE) % (size / 2);
}

/** Fills and opens a store in `folder`. */
export function openQueueStore(folder: string, size: number, order: DueOrder): QueueStore {
  const path = join(folder, `${size}-${order}.db`);
  fill(path, size, order);
  const durable = openDatabase(path, { durability: 'full' });
  const db = openDatabase(path, { durability: 'normal' });
  return {
    size,
    durable,
    db,
    jobs: createJobStore(db, systemClock),
    close() {
      durable.close();
      db.close();
    },
  };
}

/** Jobs for the even numbers up to twice the size: one half due, the other half in ten to fifty minutes. */
function fill(path: string, size: number, order: DueOrder): void {
  const db = openDatabase(path, { durability: 'normal' });
  try {
    db.pragma('cache_size = -500000');
    const numbers =
      'WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @size)';
    const scattered = `n * ${STRIDE} % @size`;
    const rank = order === 'arrival' ? 'n' : scattered;
    const params = { ...SYNC, written: JSON.stringify(SYNC.written), size, nowMs: systemClock.now() };
    db.transaction(() => {
      db.prepare(
        `${numbers} INSERT INTO jobs (scene_id, due_at_ms, enqueued_at_ms)
         SELECT 2 * n,
           CAST(@nowMs + iif(n % 2, ${rank} * 2400000 / @size - 3000000, ${scattered} * 2400000 / @size + 600000) AS INTEGER),
           @nowMs - 3600000
         FROM numbers`,
      ).run(params);
      db.prepare(
        `${numbers} INSERT INTO scene_syncs
           (scene_id, scene_updated_at, synced_at_ms, server_id, section_key, rating_key, written)
         SELECT 2 * n, @sceneUpdatedAt, @nowMs, @serverId, @sectionKey, @ratingKey, @written FROM numbers`,
      ).run(params);
    })();
  } finally {
    db.close();
  }
}
