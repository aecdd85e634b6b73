import type { FileHolder } from '../plex/PathIndex.ts';
import type { PathMap } from '../plex/pathMap.ts';
import { type FoundByFile, rankByFile } from '../plex/rankByFile.ts';
import type { SceneSync } from '../queue/Job.ts';
import { chooseItems } from '../scene/chooseItems.ts';
import type { Scene } from '../stash/Scene.ts';

/** Which items are a scene's. */
export interface SceneMatch {
  ratingKeys: string[];
  /**
   * Several fit equally well, or nothing but a file's name speaks for one; a sync would refuse to guess (W-55, W-01). Other items may be
   * certain all the same.
   */
  isAmbiguous: boolean;
}

/** What decides beside the files. */
export interface MatchRules {
  map: PathMap;
  /** Rating keys of the items that the user has chosen for the scene, the latest choice first. */
  chosen: readonly string[];
  isStrict: boolean;
  isOneSection: boolean;
}

/**
 * Finds a scene's items among listed ones by the rules of a sync: the items of the last sync while they hold the very file by
 * which they were found, and what the files say beside them.
 *
 * @param candidates items with a file of the name of one of the scene's, or of the last syncs' files.
 */
export function matchScene(
  scene: Scene,
  previous: readonly SceneSync[],
  candidates: readonly FileHolder[],
  { map, chosen, isStrict, isOneSection }: MatchRules,
): SceneMatch {
  const known = previous.flatMap((sync) => knownItem(sync, scene, candidates, { map, chosen }) ?? []);
  const [only] = known;
  // One file in one library has one item.
  if (only && isOneSection && scene.files.length === 1 && chosen.length === 0) {
    return { ratingKeys: [only.item.ratingKey], isAmbiguous: false };
  }
  const match = rankByFile(scene.files, candidates, map, chosen);
  const { found, doubts } = chooseItems(match, known, { isStrict });
  return { ratingKeys: found.map(({ item }) => item.ratingKey), isAmbiguous: doubts.length > 0 };
}

/** The item of the last sync, if it still has the file by which it was found, and that is the scene's. */
function knownItem(
  { ratingKey, written }: SceneSync,
  { files: wanted }: Scene,
  candidates: readonly FileHolder[],
  { map, chosen }: Pick<MatchRules, 'map' | 'chosen'>,
): FoundByFile<FileHolder> | undefined {
  const item = candidates.find((candidate) => candidate.ratingKey === ratingKey);
  const files = item?.files.filter(({ path }) => path === written.file) ?? [];
  if (!item || files.length === 0) return undefined;
  const match = rankByFile(wanted, [{ ...item, files }], map, chosen);
  return match.outcome === 'match' && match.confidence !== 'low' ? { ...match, item } : undefined;
}
