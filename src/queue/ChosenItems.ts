import type { Database } from '../storage/openDatabase.ts';
import { createItemOwners, type ItemOwners, type ItemPlace } from './ItemOwners.ts';
import { recordSceneChange } from './recordSceneChange.ts';

/** An item that the user has chosen for a scene, where matching could not tell or was wrong. */
export interface ChosenItem extends ItemPlace {
  chosenAtMs: number;
}

/** A scene for which an item was chosen. */
export interface Chooser {
  sceneId: number;
  chosenAtMs: number;
}

/**
 * What the user has chosen (issue of several items that may hold a file). A scene may have several: one for each file that is in doubt.
 * Which file one is about is seen when it is honoured; of two for the same file the later one counts.
 */
export interface ChosenItems {
  /** Of a scene, the latest first; on any server. */
  ofScene(sceneId: number): ChosenItem[];
  /** The same of many scenes in one look; a scene without a choice is not in it. */
  ofScenes(sceneIds: readonly number[]): Map<number, ChosenItem[]>;
  /** The scenes for which the item was chosen, the latest choice first. */
  choosers(item: ItemPlace): Chooser[];
  /** Remembers a choice and queues the scene, which leaves the dead letters; whose the item is, is decided anew. */
  choose(sceneId: number, item: ItemPlace, nowMs: number): void;
  /**
   * Forgets a scene's choices, on one server or everywhere, and queues it and those who may get such an item back.
   *
   * @returns how many there were.
   */
  forget(sceneId: number, serverId: string | undefined, nowMs: number): number;
  /** Takes away a choice that came to nothing, unless it was made again meanwhile. @returns whether it was there. */
  drop(sceneId: number, choice: ChosenItem): boolean;
}

/** The table `chosen_items` of an open database. */
export function createChosenItems(
  db: Database,
  owners: Pick<ItemOwners, 'leave'> = createItemOwners(db),
): ChosenItems {
  const item = 'server_id = @serverId AND rating_key = @ratingKey';
  const sql = {
    ofScene: db.prepare(
      `SELECT server_id AS serverId, rating_key AS ratingKey, chosen_at_ms AS chosenAtMs
       FROM chosen_items WHERE scene_id = ?`,
    ),
    ofScenes: db.prepare(
      `SELECT scene_id AS sceneId, server_id AS serverId, rating_key AS ratingKey, chosen_at_ms AS chosenAtMs
       FROM chosen_items WHERE scene_id IN (SELECT value FROM json_each(?))`,
    ),
    choosers: db.prepare(
      `SELECT scene_id AS sceneId, chosen_at_ms AS chosenAtMs FROM chosen_items WHERE ${item}`,
    ),
    choose: db.prepare(
      'INSERT OR REPLACE INTO chosen_items VALUES (@sceneId, @serverId, @ratingKey, @nowMs)',
    ),
    reopen: db.prepare(`UPDATE item_owners SET decided_at_ms = 0 WHERE ${item}`),
    // It gets another try; what becomes of it decides about the entry (W32).
    recover: db.prepare(
      `UPDATE dead_letters SET recovered_at = datetime(@nowSecs, 'unixepoch')
       WHERE scene_id = @sceneId AND recovered_at IS NULL`,
    ),
    // Without it the item of the last sync is not known again by itself: what spoke for it was the choice.
    unknow: db.prepare(
      `UPDATE scene_syncs SET written = iif(json_valid(written), json_remove(written, '$.file'), '{}')
       WHERE scene_id = @sceneId AND ${item}`,
    ),
    drop: db.prepare(
      `DELETE FROM chosen_items WHERE scene_id = @sceneId AND ${item} AND chosen_at_ms = @chosenAtMs`,
    ),
  };
  const ofScene = (sceneId: number) => (sql.ofScene.all(sceneId) as ChosenItem[]).sort(byTime);
  const drop = (sceneId: number, { serverId, ratingKey, chosenAtMs }: ChosenItem) =>
    sql.drop.run({ sceneId, serverId, ratingKey, chosenAtMs }).changes === 1;
  const tryAgain = (sceneId: number, nowMs: number) => {
    sql.recover.run({ sceneId, nowSecs: Math.floor(nowMs / 1000) });
    recordSceneChange(db, sceneId, nowMs);
  };
  return {
    ofScene,
    ofScenes(sceneIds) {
      const found = new Map<number, ChosenItem[]>();
      const rows = sql.ofScenes.all(JSON.stringify(sceneIds)) as (ChosenItem & { sceneId: number })[];
      for (const { sceneId, ...choice } of rows.sort(byTime))
        found.set(sceneId, [...(found.get(sceneId) ?? []), choice]);
      return found;
    },
    choosers: ({ serverId, ratingKey }) =>
      (sql.choosers.all({ serverId, ratingKey }) as Chooser[]).sort(byTime),
    choose: (sceneId, { serverId, ratingKey }, nowMs) =>
      db
        .transaction(() => {
          // A later choice is the later one, also when the clock stood still.
          const latestMs = ofScene(sceneId)[0]?.chosenAtMs ?? 0;
          sql.choose.run({ sceneId, serverId, ratingKey, nowMs: Math.max(nowMs, latestMs + 1) });
          sql.reopen.run({ serverId, ratingKey });
          tryAgain(sceneId, nowMs);
        })
        .immediate(),
    forget: (sceneId, serverId, nowMs) =>
      db
        .transaction(() => {
          const choices = ofScene(sceneId).filter(
            (choice) => serverId === undefined || choice.serverId === serverId,
          );
          for (const choice of choices) {
            drop(sceneId, choice);
            sql.unknow.run({ sceneId, serverId: choice.serverId, ratingKey: choice.ratingKey });
            owners.leave(sceneId, choice, nowMs);
          }
          if (choices.length > 0) tryAgain(sceneId, nowMs);
          return choices.length;
        })
        .immediate(),
    drop,
  };
}

/** The latest first; a scene or item has few of them. */
function byTime(left: { chosenAtMs: number }, right: { chosenAtMs: number }): number {
  return right.chosenAtMs - left.chosenAtMs;
}
