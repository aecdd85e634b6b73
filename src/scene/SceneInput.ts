import type { PlexItem } from '../plex/PlexItem.ts';
import type { ChosenItem } from '../queue/ChosenItems.ts';
import type { ItemPlace, OwnerDecision, SectionItem } from '../queue/ItemOwners.ts';
import type { ItemChange, ItemSnapshot } from '../queue/ItemSnapshot.ts';
import type { SceneSync } from '../queue/Job.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import type { ReadAhead } from './ReadAhead.ts';
import type { Batch } from './readBatch.ts';
import type { SceneContext } from './SceneContext.ts';

/** What is known about a scene before its turn. */
export interface SceneInput {
  sceneId: number;
  /** As read from Stash just now; undefined when it does not exist any more. */
  scene: Scene | undefined;
  /** What the last sync left in items of this server and these libraries. */
  previous: readonly SceneSync[];
  /** The same in libraries of this server that the settings leave out at present: they may come back. */
  elsewhere?: readonly SceneSync[];
  /** The Python plugin synced it, to items that it did not note. */
  wasSyncedByPython?: boolean;
  /** An item of the last sync in full, or undefined when Plex has it no more. */
  knownItem: (ratingKey: string) => Promise<PlexItem | undefined>;
  /** What was read for a whole batch; left out: everything is asked now. */
  readAhead?: ReadAhead;
  /** Rating keys of the only items that it may write to, because other scenes are synced meanwhile; left out: any. */
  onlyItems?: readonly string[];
  /** What the user has chosen for it, the latest choice first; left out: it is looked up. */
  chosen?: readonly ChosenItem[];
  /** Whose some items are, as asked for a whole batch. */
  decisions?: ReadonlyMap<string, OwnerDecision>;
  book: SceneBook;
}

/** Where a sync keeps what it did and found while it goes on. */
export interface SceneBook {
  /** No gate holds the scene back, or it is gone. */
  pass: () => void;
  /**
   * Keeps what was written so far, in case a later step fails: otherwise it would count as the user's for ever.
   *
   * @param change to the item, before it is made: what the item holds is kept with it.
   * @returns when the change may be made: what the item holds is safe.
   */
  remember: (sync: SceneSync, change?: ItemChange) => Promise<void> | void;
  /** What is kept of an item of before the plugin changed it. Left out: nothing is kept of any. */
  snapshot?: (item: ItemPlace) => ItemSnapshot | undefined;
  /** Keeps which scene owns an item. */
  decide: (item: SectionItem, decision: OwnerDecision) => void;
  /** The scene has a file in these items no more. */
  leave: (items: readonly ItemPlace[]) => void;
  /** What the user has chosen came to nothing. */
  dropChoice: (choice: ChosenItem) => void;
}

/** What a batch has of one of its scenes. @throws StashError when Stash could not read it. */
export function batchInput(
  sceneId: number,
  { scenes, syncs, elsewhere, chosen, syncedByPython, items, decisions }: Batch,
  { plex }: Pick<SceneContext, 'plex'>,
): Omit<SceneInput, 'book'> {
  const scene = scenes.get(sceneId);
  if (scene instanceof StashError) throw scene;
  return {
    sceneId,
    scene,
    previous: syncs.get(sceneId) ?? [],
    elsewhere: elsewhere.get(sceneId) ?? [],
    wasSyncedByPython: syncedByPython.has(sceneId),
    async knownItem(ratingKey) {
      const taken = items.take(ratingKey);
      return taken ? taken.item : (await plex.items([ratingKey]))[0];
    },
    readAhead: items,
    chosen: chosen.get(sceneId) ?? [],
    decisions,
  };
}
