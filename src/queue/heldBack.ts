import type { Database } from '../storage/openDatabase.ts';
import { enqueueScenes } from './enqueueScenes.ts';
import { createItemOwners, type ItemOwners } from './ItemOwners.ts';

/** A scene that a gate held back when somebody last looked at it. */
export interface HeldScene {
  /** Short name of the gate. */
  gate: string;
  /** Since when this gate has held it back. */
  heldAtMs: number;
}

/** Scenes that gates hold back, as far as anybody has looked at them since. */
export interface HeldBack {
  /**
   * Notes that a gate holds scenes back. Items that they share with others are the others' now, who are queued. What they know of these
   * items stays, for they may pass again before anybody else has written there.
   */
  hold(sceneIds: readonly number[], gate: string, nowMs: number): void;
  /** No gate holds these scenes back any more. */
  release(sceneIds: readonly number[]): void;
  gateOf(sceneId: number): HeldScene | undefined;
  /** How many scenes each gate holds back; one that holds back none is left out. */
  countByGate(): Record<string, number>;
  /**
   * Queues every scene that is held back, as a bulk, when the gates are not those under which they were held: events came for them that
   * nobody would follow otherwise. In portions: a hook waits for one at most, and who is killed in between begins again.
   *
   * @param key the same text for the same gates; empty: all are open. @returns how many scenes have a new job.
   */
  requeueWhenChanged(key: string, nowMs: number): number;
}

const PORTION_SIZE = 1_000;

/** The tables `held_back` and `gates_in_force` of an open database. */
export function createHeldBack(
  db: Database,
  owners: Pick<ItemOwners, 'isAny' | 'itemsOf' | 'leave'> = createItemOwners(db),
): HeldBack {
  const sql = {
    hold: db.prepare(
      `INSERT INTO held_back (scene_id, gate, held_at_ms) SELECT value, @gate, @nowMs FROM json_each(@ids)
       WHERE true ON CONFLICT (scene_id) DO UPDATE SET gate = excluded.gate, held_at_ms = excluded.held_at_ms
       WHERE gate <> excluded.gate`,
    ),
    isAny: db.prepare('SELECT EXISTS (SELECT 1 FROM held_back)').pluck(),
    areAny: db
      .prepare('SELECT EXISTS (SELECT 1 FROM held_back WHERE scene_id IN (SELECT value FROM json_each(?)))')
      .pluck(),
    release: db.prepare('DELETE FROM held_back WHERE scene_id IN (SELECT value FROM json_each(?))'),
    gateOf: db.prepare('SELECT gate, held_at_ms AS heldAtMs FROM held_back WHERE scene_id = ?'),
    countByGate: db.prepare('SELECT gate, count(*) AS scenes FROM held_back GROUP BY gate ORDER BY gate'),
    key: db.prepare('SELECT key FROM gates_in_force').pluck(),
    next: db.prepare('SELECT scene_id FROM held_back WHERE scene_id > ? ORDER BY scene_id LIMIT ?').pluck(),
    setKey: db.prepare(
      'INSERT INTO gates_in_force (id, key) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET key = excluded.key',
    ),
  };
  const isNew = (key: string) => ((sql.key.get() as string | undefined) ?? '') !== key;
  const handOver = (sceneId: number, nowMs: number) => {
    for (const item of owners.itemsOf(sceneId)) owners.leave(sceneId, item, nowMs);
  };
  return {
    hold: (sceneIds, gate, nowMs) =>
      db
        .transaction(() => {
          sql.hold.run({ ids: JSON.stringify(sceneIds), gate, nowMs });
          if (owners.isAny()) for (const sceneId of sceneIds) handOver(sceneId, nowMs);
        })
        .immediate(),
    release(sceneIds) {
      // Nearly always there is nothing: looking locks nothing.
      if (sql.isAny.get() === 0) return;
      const ids = JSON.stringify(sceneIds);
      if (sql.areAny.get(ids) === 1) sql.release.run(ids);
    },
    gateOf: (sceneId) => sql.gateOf.get(sceneId) as HeldScene | undefined,
    countByGate: () =>
      Object.fromEntries(
        (sql.countByGate.all() as { gate: string; scenes: number }[]).map(({ gate, scenes }) => [
          gate,
          scenes,
        ]),
      ),
    requeueWhenChanged(key, nowMs) {
      if (!isNew(key)) return 0;
      let queued = 0;
      for (let last = 0; ; ) {
        const portion = sql.next.all(last, PORTION_SIZE) as number[];
        queued += enqueueScenes(db, portion, nowMs).queued;
        last = portion.at(-1) ?? last;
        if (portion.length < PORTION_SIZE) break;
      }
      sql.setKey.run(key);
      return queued;
    },
  };
}
