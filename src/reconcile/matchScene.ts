import type { FileHolder } from '../plex/PathIndex.ts';
import type { PathMap } from '../plex/pathMap.ts';
import { type FileMatch, rankByFile } from '../plex/rankByFile.ts';
import type { SceneSync } from '../queue/Job.ts';
import type { Scene } from '../stash/Scene.ts';

/** Which item is a scene's. */
export type SceneMatch =
  | { outcome: 'item'; ratingKey: string }
  | { outcome: 'none' }
  /** Several fit equally well, or nothing but the file's name speaks for one; a sync would refuse to guess (W-55, W-01). */
  | { outcome: 'ambiguous'; ratingKeys: string[] };

/**
 * Finds a scene's item among listed ones by the rules of a sync: the item of the last sync while it holds the very file by
 * which it was found, else the one whose file fits best.
 *
 * @param candidates items with a file of the name of one of the scene's, or of the last sync's file.
 */
export function matchScene(
  scene: Scene,
  previous: SceneSync | undefined,
  candidates: readonly FileHolder[],
  { map, isStrict }: { map: PathMap; isStrict: boolean },
): SceneMatch {
  const known = previous && knownItem(previous, candidates);
  if (known && isSure(rankByFile(scene.files, [known], map))) {
    return { outcome: 'item', ratingKey: known.ratingKey };
  }
  const match = rankByFile(scene.files, candidates, map);
  switch (match.outcome) {
    case 'match':
      return isStrict && !isSure(match)
        ? { outcome: 'ambiguous', ratingKeys: [match.item.ratingKey] }
        : { outcome: 'item', ratingKey: match.item.ratingKey };
    case 'ambiguous':
      return isStrict
        ? { outcome: 'ambiguous', ratingKeys: match.items.map(({ ratingKey }) => ratingKey) }
        : { outcome: 'item', ratingKey: match.found.item.ratingKey };
    case 'none':
    case 'otherFile':
      return { outcome: 'none' };
  }
}

function isSure(match: FileMatch<FileHolder>): boolean {
  return match.outcome === 'match' && match.confidence === 'high';
}

/** The item of the last sync with nothing but the file by which it was found, if it still has it. */
function knownItem(
  { ratingKey, written }: SceneSync,
  candidates: readonly FileHolder[],
): FileHolder | undefined {
  const item = candidates.find((candidate) => candidate.ratingKey === ratingKey);
  const files = item?.files.filter(({ path }) => path === written.file) ?? [];
  return item && files.length > 0 ? { ...item, files } : undefined;
}
