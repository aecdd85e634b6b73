import type { FileHolder } from '../plex/PathIndex.ts';
import type { PathMap } from '../plex/pathMap.ts';
import { type FoundByFile, rankByFile, type WantedFile } from '../plex/rankByFile.ts';
import { chooseItems } from '../scene/chooseItems.ts';

/** A scene's files, and the items that have a file of such a name. */
export interface SceneCandidates {
  files: readonly WantedFile[];
  /** Of the libraries that are synced, in their order. */
  items: readonly FileHolder[];
  /** The user has chosen these among several. */
  isChosen?: boolean;
}

/**
 * How a scene finds its item. `path`: by its whole path. `name`: by the end of its path or by name and size. `ambiguous`: a file of
 * its name is there, and is not certainly its own. `none`: it has no item.
 */
export type SceneMatch =
  | { kind: 'path' | 'name'; found: FoundByFile<FileHolder> }
  | { kind: 'ambiguous'; items: readonly FileHolder[] }
  /** There is another file of that name: of another size, or one that `path_map` puts elsewhere. */
  | { kind: 'none'; isOtherFile: boolean };

/** What a sync would come to with these candidates. @param isStrict the setting `strict_matching` */
export function matchScene(
  { files, items, isChosen = false }: SceneCandidates,
  map: PathMap,
  isStrict: boolean,
): SceneMatch {
  const match = rankByFile(files, items, map);
  const { found, doubts } = chooseItems(match, [], { isStrict: isStrict && !isChosen });
  const [best] = found;
  if (best) return { kind: best.agreement === 'tail' ? 'name' : 'path', found: best };
  const [doubt] = doubts;
  if (doubt) return { kind: 'ambiguous', items: doubt.items };
  return { kind: 'none', isOtherFile: match.outcome === 'otherFile' };
}

const RANKS: Readonly<Record<SceneMatch['kind'], number>> = { path: 3, name: 2, ambiguous: 1, none: 0 };

/** Above 0 when the first is the surer one. */
export function compareMatches(left: SceneMatch, right: SceneMatch): number {
  return RANKS[left.kind] - RANKS[right.kind];
}
