import type { PlexItem } from '../plex/PlexItem.ts';
import { rankByFile } from '../plex/rankByFile.ts';
import type { ChosenItem } from '../queue/ChosenItems.ts';
import type { Scene } from '../stash/Scene.ts';
import type { SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';

/** A choice, with its item as Plex has it. */
export interface ChosenInFull {
  item: PlexItem;
  choice: ChosenItem;
}

/** What became of a scene's choices. */
export interface ChosenForScene {
  /** The latest first. */
  items: ChosenInFull[];
  /** Choices that came to nothing, and why, as half a sentence: `is not in Plex any more`. */
  lost: { choice: ChosenItem; reason: string }[];
}

/**
 * The items that the user has chosen for a scene. One that Plex has no more, that waits in its trash or that holds no file of the name of
 * one of the scene's is none of them: it must never be written to, and the choice is to be forgotten. One on another server, or in a
 * library that the settings leave out, may come back, and is neither.
 *
 * @throws PlexError
 */
export async function itemsChosen(
  { knownItem, chosen }: Pick<SceneInput, 'knownItem' | 'chosen'>,
  scene: Scene,
  context: Pick<SceneContext, 'chosen' | 'library' | 'matching'>,
): Promise<ChosenForScene> {
  const result: ChosenForScene = { items: [], lost: [] };
  const choices = chosen ?? context.chosen.ofScene(scene.id);
  if (choices.length === 0) return result;
  const { serverId, sections } = await context.library();
  for (const choice of choices.filter((each) => each.serverId === serverId)) {
    const item = await knownItem(choice.ratingKey);
    const reason = reasonAgainst(item, scene, choice, context);
    if (reason !== undefined) result.lost.push({ choice, reason });
    else if (item && sections.some(({ key }) => key === item.sectionKey)) result.items.push({ item, choice });
  }
  return result;
}

/** Half a sentence; undefined when the item can be the scene's. */
function reasonAgainst(
  item: PlexItem | undefined,
  { files }: Scene,
  { ratingKey }: ChosenItem,
  { matching }: Pick<SceneContext, 'matching'>,
): string | undefined {
  if (!item) return 'is not in Plex any more';
  if (item.isTrashed) return "is in Plex's trash, its file is missing";
  const match = rankByFile(files, [item], matching.map, [ratingKey]);
  return match.outcome === 'match' ? undefined : "holds no file of the name of one of the scene's";
}
