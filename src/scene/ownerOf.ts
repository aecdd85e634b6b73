import { comparablePath } from '../plex/filePath.ts';
import type { PlexFile } from '../plex/PlexItem.ts';

/** A scene with files in an item. */
export interface OwnerCandidate {
  sceneId: number;
  /** Those of the item's files that are the scene's, as Plex sees them. */
  files: readonly string[];
  /** When the user chose the item for the scene; left out: he did not. */
  chosenAtMs?: number;
}

/**
 * The one scene that writes to an item (A2): the one whose file is the first of the item's files that belongs to any scene. Where that
 * is the file of several, it is the scene with the largest file in the item, then the one that had the item before, then the oldest.
 * A scene for which the user chose the item goes before all others, the latest one first.
 * What lies below a folder `Plex Versions` is a copy that Plex made, and owns nothing.
 *
 * @param files all of the item's, in Plex's order.
 * @param formerId the owner until now.
 * @returns undefined when no scene may own the item.
 */
export function ownerOf(
  files: readonly PlexFile[],
  candidates: readonly OwnerCandidate[],
  formerId: number | undefined,
): number | undefined {
  const originals = files.filter(({ path }) => !isPlexVersion(path));
  const chosen = candidates
    .filter(({ files: own }) => originals.some(({ path }) => own.includes(path)))
    .flatMap(({ sceneId, chosenAtMs }) => (chosenAtMs === undefined ? [] : { sceneId, chosenAtMs }))
    .sort((left, right) => right.chosenAtMs - left.chosenAtMs || left.sceneId - right.sceneId);
  if (chosen[0]) return chosen[0].sceneId;
  for (const { path } of originals) {
    const owners = candidates.filter((candidate) => candidate.files.includes(path));
    if (owners.length > 0) return preferred(owners, originals, formerId);
  }
  return undefined;
}

function preferred(
  candidates: readonly OwnerCandidate[],
  originals: readonly PlexFile[],
  formerId: number | undefined,
): number | undefined {
  const largest = (candidate: OwnerCandidate) =>
    Math.max(...originals.map(({ path, sizeBytes = 0 }) => (candidate.files.includes(path) ? sizeBytes : 0)));
  const most = Math.max(...candidates.map(largest));
  const ids = candidates.filter((candidate) => largest(candidate) === most).map(({ sceneId }) => sceneId);
  return formerId !== undefined && ids.includes(formerId) ? formerId : Math.min(...ids);
}

/** Whether a file is a version that Plex made of another one ("optimized"). */
export function isPlexVersion(path: string): boolean {
  return comparablePath(path)
    .components.slice(0, -1)
    .some((folder) => folder.toLowerCase() === 'plex versions');
}
