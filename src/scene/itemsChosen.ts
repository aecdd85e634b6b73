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

/**
 * The items that the user has chosen for a scene, in full, the latest choice first. One that Plex has no more, that waits in its trash
 * or that holds no file of the name of one of the scene's is none of them: it is never written to, and the choice is forgotten. One on
 * another server, or in a library that the settings leave out, may come back.
 *
 * @throws PlexError
 */
export async function itemsChosen(
  { knownItem, book }: Pick<SceneInput, 'knownItem' | 'book'>,
  scene: Scene,
  context: Pick<SceneContext, 'chosen' | 'library' | 'matching' | 'log' | 'names'>,
): Promise<ChosenInFull[]> {
  const choices = context.chosen.ofScene(scene.id);
  if (choices.length === 0) return [];
  const { serverId, sections } = await context.library();
  const items: ChosenInFull[] = [];
  for (const choice of choices.filter((each) => each.serverId === serverId)) {
    const item = await knownItem(choice.ratingKey);
    const reason = reasonAgainst(item, scene, choice, context);
    if (reason !== undefined) {
      book.dropChoice(choice);
      context.log.warn(
        `Scene ${scene.id}: Plex item ${choice.ratingKey}, which was chosen for it, ${reason}. The choice is forgotten.`,
      );
    } else if (item && sections.some(({ key }) => key === item.sectionKey)) items.push({ item, choice });
  }
  return items;
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
