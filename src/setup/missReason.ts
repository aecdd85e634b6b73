import { counted } from '../log/counted.ts';
import { mayHold, type PlexSection } from '../plex/PlexSection.ts';
import type { PathMap } from '../plex/pathMap.ts';
import type { LookedUpScene } from './lookUpScenes.ts';
import type { SceneMatch } from './matchScene.ts';

/** The reason of a scene that the proposed map would find. */
export const FOUND_BY_PROPOSAL =
  'Plex and Stash see its file in different folders: the proposed path_map finds it.';

/**
 * Why a scene of a sample has no item, and what helps: a sentence; undefined when it has one.
 *
 * @param places with the best map that is known, for where the file should be.
 */
export function missReason(
  { scene: { files }, elsewhere, isCertain }: LookedUpScene,
  match: SceneMatch,
  { map, synced }: { map: PathMap; synced: readonly PlexSection[] },
): string | undefined {
  if ('found' in match) return undefined;
  if (match.kind === 'ambiguous') {
    return match.items.length > 1
      ? `${counted(match.items.length, 'item')} may hold its file: correct path_map, remove the double in Plex, or switch strict_matching off.`
      : 'Nothing but its name says that a file in Plex is its own: enter path_map, or switch strict_matching off.';
  }
  if (match.isOtherFile) {
    return 'Plex has a file of its name, but of another size or in another folder: let Plex scan it again, or correct path_map.';
  }
  const [other] = elsewhere;
  if (other) {
    return `Its item is in the library "${other.section.title}", which is not synced: add that to plex_library.`;
  }
  const [file] = files;
  const expected = file && (map.stashToPlex(file.path) ?? file.path);
  const home = expected && synced.find((section) => mayHold(section, expected));
  const doubt = isCertain ? '' : ' (as far as its file filter tells)';
  return home
    ? `Plex has no item of its name yet${doubt}: let Plex scan the library "${home.title}".`
    : `Plex has no item of its name${doubt}, and no folder of a synced library is that of the file: add it to a library, or correct path_map.`;
}
