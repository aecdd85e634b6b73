import { formerExtent, syncExtent } from '../edit/syncExtent.ts';
import { certainObstacle } from '../failures/obstacles.ts';
import { SyncError } from '../failures/SyncError.ts';
import { verdict } from '../failures/verdict.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { MatchConfidence } from '../plex/rankByFile.ts';
import type { ItemChange } from '../queue/ItemSnapshot.ts';
import type { SceneItems, SceneSync, WrittenMemory } from '../queue/Job.ts';
import { checkPlexHealth } from '../resilience/checkPlexHealth.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import { findItems, type SceneFind } from './findItems.ts';
import type { GateHold } from './gates/Gate.ts';
import { reasonToSkip } from './reasonToSkip.ts';
import type { SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';
import type { SharedItem } from './SharedItem.ts';
import { type OwnedFind, settleOwners } from './settleOwners.ts';
import { syncItem } from './syncItem.ts';

/** How a scene's sync ended well. */
export type SyncOutcome =
  /**
   * Every item that the scene owns is equal to it. `changed` names what was written, nothing when all was right already; `shared`: items
   * in which it has a file as well, and that were left alone because they are another scene's.
   */
  | {
      outcome: 'synced';
      /** It owns at least one. */
      items: SceneItems;
      changed: string[];
      confidence: MatchConfidence;
      shared: SharedItem[];
    }
  /** All of its items are another scene's: nothing was written, and nothing is to be tried again (A2). */
  | { outcome: 'shared'; items: SceneItems; shared: SharedItem[] }
  /** A gate holds the scene back: nothing was written, what a former sync wrote stays. */
  | { outcome: 'heldBack'; hold: GateHold }
  /** There is nothing to sync. */
  | { outcome: 'skipped'; reason: string };

/**
 * Makes a scene's Plex items equal to it (A3): one read of each item (here, or in the caller's batch), one PUT, one upload and one
 * selection per changed image. Safe to repeat at any time.
 *
 * An item at which Plex fails keeps no other one back. The worst of the ends is the scene's: what stands in the way of everything, then
 * what is worth another try, and only when nothing else is left, what is given up.
 *
 * @throws PlexError, StashError, SyncError, UnforeseenItem
 */
export async function syncScene(input: SceneInput, context: SceneContext): Promise<SyncOutcome> {
  const { scene, previous, elsewhere = [], wasSyncedByPython = false } = input;
  if (context.settings.sync_master) {
    const hold = scene && (await context.gates()).hold(scene);
    if (hold) return { outcome: 'heldBack', hold };
    input.book.pass();
  }
  const reason = reasonToSkip(scene, context.settings.sync_master, previous.length > 0 || wasSyncedByPython);
  if (!scene || reason !== undefined) return { outcome: 'skipped', reason: reason ?? '' };

  const { serverId } = await context.library();
  const { found, doubt } = await findOrLeave(input, scene, context);
  const { owned, shared } = await settleOwners(found, scene, input, context);
  const failures: unknown[] = doubt ? [doubt] : [];
  const syncs: SceneSync[] = [];
  const changed = new Set<string>();
  for (const [index, each] of owned.entries()) {
    try {
      const result = await syncOne(each, scene, serverId, input, context);
      for (const field of result.changed) changed.add(field);
      syncs.push(result.sync);
    } catch (error) {
      failures.push(error);
      if (index < owned.length - 1 && !(await isOneItems(error, context))) break;
    }
  }
  if (failures.length > 0) {
    // What was written is kept; Stash's version is in Plex only when all items have it.
    for (const sync of syncs) input.book.remember({ ...sync, sceneUpdatedAt: formerVersion(sync, input) });
    throw worst(failures, scene, context);
  }
  const items = { syncs, shared, kept: elsewhere };
  if (owned.length === 0) return { outcome: 'shared', items, shared };
  return {
    outcome: 'synced',
    items,
    changed: [...changed],
    confidence: leastOf(owned),
    shared,
  };
}

/** A guess among the items makes the whole a guess; a choice is told unless there is one. */
function leastOf(owned: readonly OwnedFind[]): MatchConfidence {
  const has = (level: MatchConfidence) => owned.some(({ confidence }) => confidence === level);
  return (['low', 'chosen'] as const).find(has) ?? 'high';
}

/** When nothing holds the scene's files any more, the items that it owned are free for others (A2). */
async function findOrLeave(input: SceneInput, scene: Scene, context: SceneContext): Promise<SceneFind> {
  try {
    return await findItems(input, scene, context);
  } catch (error) {
    if (error instanceof SyncError && error.kind === 'notInPlex') {
      const { serverId, sections } = await context.library();
      const inScope = new Set(sections.map(({ key }) => key));
      const lost = context.owners
        .itemsOf(scene.id)
        .filter((item) => item.serverId === serverId && inScope.has(item.sectionKey));
      if (lost.length > 0) input.book.leave(lost);
    }
    throw error;
  }
}

async function syncOne(
  { item, path: file, mayInherit }: OwnedFind,
  scene: Scene,
  serverId: string,
  { previous, wasSyncedByPython, book }: SceneInput,
  context: SceneContext,
): Promise<{ sync: SceneSync; changed: string[] }> {
  const place = { serverId, sectionKey: item.sectionKey, ratingKey: item.ratingKey };
  const former = previous.find(isSameItem(place));
  // What another scene wrote to an item that is taken over is the plugin's as well, and nothing else is.
  const inherited = mayInherit ? context.owners.inheritance(place, scene.id) : undefined;
  const { sceneUpdatedAt } = former ?? { sceneUpdatedAt: null };
  const written = inherited ?? former?.written ?? {};
  // A restored item is so no more once its scene is synced, whatever comes of it.
  const { restored: _restored, ...memory } = written;
  const extent = syncExtent(scene, formerExtent(previous) ?? (wasSyncedByPython ? {} : undefined));
  const complete = (
    { onlyTitle: _, ...written }: WrittenMemory,
    wrote = former?.written.wrote,
  ): WrittenMemory => ({
    ...written,
    file,
    ...(extent === 'title' ? { onlyTitle: true } : {}),
    ...(wrote ? { wrote } : {}),
  });
  const keep = (written: WrittenMemory, change?: ItemChange) =>
    book.remember({ ...place, sceneUpdatedAt, written: complete(written) }, change);
  const { snapshot } = book;
  const undo = snapshot ? { kept: () => snapshot(place) } : {};
  const { changed, memory: after } = await syncItem({ scene, item, extent, memory, keep, ...undo }, context);
  const wrote = changed.length > 0 ? { atMs: context.clock.now(), fields: changed } : undefined;
  return { changed, sync: { ...place, sceneUpdatedAt: scene.updatedAt, written: complete(after, wrote) } };
}

function isSameItem({ serverId, ratingKey }: Pick<SceneSync, 'serverId' | 'ratingKey'>) {
  return (sync: Pick<SceneSync, 'serverId' | 'ratingKey'>) =>
    sync.serverId === serverId && sync.ratingKey === ratingKey;
}

function formerVersion(sync: SceneSync, { previous }: SceneInput): string | null {
  return previous.find(isSameItem(sync))?.sceneUpdatedAt ?? null;
}

/** Whether a failure says nothing about the scene's other items. */
async function isOneItems(error: unknown, { plex, clock }: SceneContext): Promise<boolean> {
  if (error instanceof SyncError) return true;
  if (certainObstacle(error)) return false;
  if (!(error instanceof PlexError)) return error instanceof StashError;
  return error.kind !== 'unavailable' || (await checkPlexHealth(plex, clock)).healthy;
}

/** What stands in the way of everything comes first, then what is worth another try. */
function severity(error: unknown, { settings }: SceneContext): number {
  return certainObstacle(error) ? 3 : SEVERITY[verdict(error, settings).action];
}

const SEVERITY = { retry: 2, bury: 1, drop: 0 } as const;

/** The end that is the scene's; the others are told of here. */
function worst(failures: readonly unknown[], { id }: Scene, context: SceneContext): unknown {
  const { log } = context;
  const [first, ...others] = failures.toSorted(
    (left, right) => severity(right, context) - severity(left, context),
  );
  for (const error of others)
    log.warn(`Another Plex item of scene ${id}: ${error instanceof Error ? error.message : error}`);
  return first;
}
