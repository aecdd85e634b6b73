import type { Database } from '../storage/openDatabase.ts';
import { enqueueScenes } from './enqueueScenes.ts';
import type { WrittenMemory } from './Job.ts';
import { prepareOwnerStatements } from './ownerStatements.ts';
import { recordSceneChange } from './recordSceneChange.ts';
import { parseWritten } from './sceneSyncs.ts';

/** An item of one server; rating keys mean something there only. */
export interface ItemPlace {
  serverId: string;
  ratingKey: string;
}

/** The same with its library. */
export interface SectionItem extends ItemPlace {
  sectionKey: string;
}

/** Which scene writes to an item in which several may have files. */
export interface OwnerDecision {
  /** Undefined: none of them may. */
  ownerId: number | undefined;
  /** The scenes among which was decided, the owner included. */
  sceneIds: readonly number[];
  /** Fingerprint of the item's files at the decision. */
  filesKey: string;
  /** The item's title as it may be shown. */
  title: string;
}

/** A decision as it is kept. */
export interface KeptDecision extends OwnerDecision {
  /** Milliseconds since the epoch; 0 when the owner has left and nobody has decided since. */
  decidedAtMs: number;
}

/** A scene that has a file in an item which is another scene's. */
export interface SharedScene {
  sceneId: number;
  /** Null: no scene may write to it. */
  ownerId: number | null;
  ratingKey: string;
  title: string;
}

/** Who owns the items that several scenes share (A2). Nothing is kept of an ordinary item. */
export interface ItemOwners {
  decision(item: ItemPlace): KeptDecision | undefined;
  /** Whether anything was ever decided, here or by the user's choice: where not, nobody has to ask for each scene. */
  isAny(): boolean;
  /** Items about which was decided with the scene among others. */
  itemsOf(sceneId: number): SectionItem[];
  /** Other scenes that were synced to the item, or for which it was chosen. */
  otherHolders(item: ItemPlace, sceneId: number): number[];
  /** What others wrote to the item that a scene takes over; undefined when nobody did since the scene itself has. */
  inheritance(item: ItemPlace, sceneId: number): WrittenMemory | undefined;
  /**
   * Keeps a decision. A new owner that has not written to the item since is queued, unless it is the one that is being synced.
   *
   * @param bySceneId the scene whose turn it is: it needs no job more; undefined: nobody's.
   */
  decide(item: SectionItem, decision: OwnerDecision, bySceneId: number | undefined, nowMs: number): void;
  /** A scene has the item no more: if it was the owner, the others are queued, and the first one's turn decides. @returns those. */
  leave(sceneId: number, item: ItemPlace, nowMs: number): number[];
  /** A scene has nothing to do with the item any more, and nobody has to act on that: it is on a server that is not in use. */
  drop(sceneId: number, item: ItemPlace): void;
  /** What a scene has written to an item it gives up is kept for the next owner. */
  bequeath(sceneId: number, item: ItemPlace): void;
  /** Scenes that are not written because their item is another's, by their ids, and how many there are. */
  shared(limit: number): { total: number; scenes: SharedScene[] };
}

/** The tables `item_owners` and `item_scenes` of an open database. */
export function createItemOwners(db: Database): ItemOwners {
  const sql = prepareOwnerStatements(db);
  const sceneIdsOf = (item: ItemPlace) => sql.sceneIds.all(item) as number[];

  const owners: ItemOwners = {
    decision({ serverId, ratingKey }) {
      const item = { serverId, ratingKey };
      const row = sql.decision.get(item) as
        | (Omit<KeptDecision, 'ownerId' | 'sceneIds'> & { ownerId: number | null })
        | undefined;
      return row && { ...row, ownerId: row.ownerId ?? undefined, sceneIds: sceneIdsOf(item) };
    },
    isAny: () => sql.isAny.get() === 1,
    itemsOf: (sceneId) => sql.itemsOf.all(sceneId) as SectionItem[],
    otherHolders: ({ serverId, ratingKey }, sceneId) => [
      ...new Set(sql.otherHolders.all({ serverId, ratingKey, sceneId }) as number[]),
    ],
    inheritance({ serverId, ratingKey }, sceneId) {
      const text = sql.inheritance.get({ serverId, ratingKey, sceneId }) as string | null | undefined;
      return typeof text === 'string' ? parseWritten(text) : undefined;
    },
    decide({ serverId, ratingKey, sectionKey }, { ownerId, sceneIds, filesKey, title }, bySceneId, nowMs) {
      const item = { serverId, ratingKey };
      const before = owners.decision(item);
      sql.decide.run({ ...item, sectionKey, ownerId: ownerId ?? null, filesKey, title, nowMs });
      sql.dropScenes.run(item);
      for (const sceneId of sceneIds) sql.addScene.run({ ...item, sceneId });
      if (ownerId === undefined || ownerId === bySceneId || ownerId === before?.ownerId) return;
      const isItsOwn =
        sql.isSynced.get({ ...item, sceneId: ownerId }) &&
        !sql.otherHolders.get({ ...item, sceneId: ownerId });
      // One that waits already decides by itself at its turn.
      if (before?.ownerId !== undefined || !isItsOwn) enqueueScenes(db, [ownerId], nowMs);
    },
    leave(sceneId, { serverId, ratingKey }, nowMs) {
      const item = { serverId, ratingKey };
      const before = owners.decision(item);
      sql.dropScene.run({ ...item, sceneId });
      if (!before) return [];
      const others = sceneIdsOf(item);
      if (others.length === 0) sql.forget.run(item);
      if (others.length === 0 || before.ownerId !== sceneId) return [];
      owners.bequeath(sceneId, item);
      sql.reopen.run(item);
      for (const other of others) recordSceneChange(db, other, nowMs);
      return others;
    },
    drop(sceneId, { serverId, ratingKey }) {
      const item = { serverId, ratingKey };
      sql.dropScene.run({ ...item, sceneId });
      if (sceneIdsOf(item).length === 0) sql.forget.run(item);
    },
    bequeath: (sceneId, { serverId, ratingKey }) => void sql.bequeath.run({ serverId, ratingKey, sceneId }),
    shared: (limit) => ({
      total: sql.countShared.get() as number,
      scenes: sql.shared.all(limit) as SharedScene[],
    }),
  };
  return owners;
}
