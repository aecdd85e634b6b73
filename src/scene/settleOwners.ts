import type { FoundByFile } from '../plex/rankByFile.ts';
import type { OwnerDecision } from '../queue/ItemOwners.ts';
import type { Scene } from '../stash/Scene.ts';
import { decideOwners, type OwnerContext } from './decideOwners.ts';
import { knownOwnership, type OwnedItem } from './knownOwnership.ts';
import type { SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';
import { type SharedItem, sharedText } from './SharedItem.ts';

/** An item that a scene writes to. */
export interface OwnedFind extends FoundByFile {
  /** Others have or had a file in it: what they wrote there is the plugin's own. */
  mayInherit: boolean;
}

/** A scene's items, by whether it is the one that writes to them. */
export interface SettledItems {
  owned: OwnedFind[];
  shared: SharedItem[];
}

/**
 * Tells the items that a scene owns from those that are another's (A2). An ordinary item costs nothing; for one in which others may have
 * files Stash is asked, unless that was decided before or for the whole batch.
 *
 * @throws StashError
 */
export async function settleOwners(
  found: readonly FoundByFile[],
  scene: Scene,
  { decisions, book, readAhead }: SceneInput,
  context: SceneContext,
): Promise<SettledItems> {
  const { serverId } = await context.library();
  const about = { ...context, map: context.matching.map };
  const settled: SettledItems = { owned: [], shared: [] };
  for (const each of found) {
    const item = { ...each.item, title: context.names.name(each.item.title) };
    const place = { serverId, ratingKey: item.ratingKey };
    const known = knownOwnership(item, scene, serverId, about);
    let decision = known.owner === 'decided' ? known.decision : undefined;
    if (known.owner === 'open') {
      const before = context.owners.decision(place)?.ownerId;
      decision = await decisionNow(item, scene, serverId, decisions, about);
      book.decide({ ...place, sectionKey: item.sectionKey }, decision);
      if (decision.sceneIds.length > 1 && decision.ownerId !== before)
        context.log.info(decidedText({ ...decision, ratingKey: item.ratingKey }));
    }
    if (!decision || decision.ownerId === scene.id) {
      settled.owned.push({ ...each, mayInherit: decision !== undefined });
      continue;
    }
    const shared = { ...place, title: item.title, ownerId: decision.ownerId };
    settled.shared.push(shared);
    readAhead?.giveBack(each.item);
    context.log.debug(`Scene ${scene.id} is not written to Plex: ${sharedText(shared)}.`);
  }
  return settled;
}

const MAX_NAMED = 20;

/** Said when it is decided: once, as long as nothing changes. */
function decidedText({ ownerId, sceneIds, ratingKey, title }: OwnerDecision & { ratingKey: string }): string {
  const more = sceneIds.length > MAX_NAMED ? ` and ${sceneIds.length - MAX_NAMED} more` : '';
  const scenes = `${sceneIds.slice(0, MAX_NAMED).join(', ')}${more}`;
  const outcome =
    ownerId === undefined ? 'none of them owns it' : `scene ${ownerId} owns it, the others are not written`;
  return `Plex item ${ratingKey} "${title}" has files of scenes ${scenes}: ${outcome}.`;
}

/** The batch's decision, if it was made for the item as it is, else a new one. */
async function decisionNow(
  item: OwnedItem,
  scene: Scene,
  serverId: string,
  decisions: SceneInput['decisions'],
  context: OwnerContext,
): Promise<OwnerDecision> {
  const ofBatch = decisions?.get(item.ratingKey);
  if (ofBatch?.sceneIds.includes(scene.id)) return ofBatch;
  const [decision] = (await decideOwners([{ item, scenes: [scene] }], serverId, context)).values();
  return decision as OwnerDecision;
}
