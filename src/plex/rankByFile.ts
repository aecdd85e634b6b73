import { comparablePath, comparePaths } from './filePath.ts';
import type { PlexFile, PlexItem } from './PlexItem.ts';

/** A file that is looked for, as Stash knows it. */
export interface WantedFile {
  path: string;
  sizeBytes?: number;
}

/** What a look-up by file came to. */
export type FileMatch =
  | { outcome: 'none' }
  | { outcome: 'match'; item: PlexItem }
  /** Several items fit equally well, or the only one fits by its bare name alone and another size. */
  | { outcome: 'ambiguous'; items: PlexItem[] };

/** Ranks of how well a file agrees: equal path, a folder in common, the bare name. */
const WHOLE = Number.POSITIVE_INFINITY;
const NO_MATCH = 0;
const BARE_NAME = 1;

/**
 * Picks the item that holds one of a scene's files (W-01, W-07). An equal path decides; otherwise the longest
 * agreeing end of the paths, because the two servers often see one folder under different mounts. A bare file
 * name counts as sure only when the sizes do not contradict it.
 *
 * @param items candidates, each once.
 */
export function rankByFile(wanted: readonly WantedFile[], items: readonly PlexItem[]): FileMatch {
  const ranked = items.map((item) => ({ item, rank: bestRank(wanted, item.files) }));
  const best = Math.max(NO_MATCH, ...ranked.map(({ rank }) => rank));
  if (best === NO_MATCH) return { outcome: 'none' };
  const winners = ranked.filter(({ rank }) => rank === best).map(({ item }) => item);
  const [item] = winners;
  const isSure = best > BARE_NAME || winners.every(({ files }) => !contradictsSize(wanted, files));
  if (item && winners.length === 1 && isSure) return { outcome: 'match', item };
  return { outcome: 'ambiguous', items: winners };
}

/** Whether an item still holds one of the files, by at least the bare name (W-05). */
export function holdsFile(wanted: readonly WantedFile[], item: PlexItem): boolean {
  return bestRank(wanted, item.files) > NO_MATCH;
}

function bestRank(wanted: readonly WantedFile[], files: readonly PlexFile[]): number {
  const ranks = wanted.flatMap((file) => {
    const path = comparablePath(file.path);
    return files.map((candidate) => {
      const { tail, whole } = comparePaths(path, comparablePath(candidate.path));
      return whole ? WHOLE : tail;
    });
  });
  return Math.max(NO_MATCH, ...ranks);
}

/** Both sizes are known for a file of that name, and they differ. */
function contradictsSize(wanted: readonly WantedFile[], files: readonly PlexFile[]): boolean {
  const pairs = wanted.flatMap((file) =>
    files
      .filter(({ path }) => comparePaths(comparablePath(file.path), comparablePath(path)).tail > 0)
      .map(({ sizeBytes }) => [file.sizeBytes, sizeBytes] as const),
  );
  return pairs.length > 0 && pairs.every(([left, right]) => left && right && left !== right);
}
