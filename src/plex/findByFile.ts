import { baseName, comparablePath, comparePaths } from './filePath.ts';
import type { PlexClient } from './PlexClient.ts';
import type { PlexItem } from './PlexItem.ts';
import type { PlexSection } from './PlexSection.ts';
import { type FileMatch, rankByFile, type WantedFile } from './rankByFile.ts';

/**
 * Looks a scene's files up in sections. "None" is only ever the result of complete, successful look-ups (W-10):
 * any failed request is thrown.
 *
 * @returns listing rows, good for identity only; read the item in full before editing it.
 * @throws PlexError
 */
export async function findByFile(
  plex: PlexClient,
  sections: readonly PlexSection[],
  wanted: readonly WantedFile[],
): Promise<FileMatch> {
  const candidates = new Map<string, PlexItem>();
  for (const { key } of sections) {
    for (const { path } of wanted) {
      for (const row of await rowsHolding(plex, key, path)) candidates.set(row.ratingKey, row);
    }
  }
  return rankByFile(wanted, [...candidates.values()]);
}

/** Asks Plex's file filter, and walks the section where the filter's answer does not settle it. */
async function rowsHolding(plex: PlexClient, sectionKey: string, path: string): Promise<PlexItem[]> {
  const name = baseName(path);
  const hint = await plex.rowsByFile(sectionKey, longestPiece(name));
  const isComplete = hint.items.length >= hint.totalSize;
  if (isComplete && isPlain(name) && hint.items.every((row) => mentions(row, name))) return hint.items;
  // A comma was cut away, or Plex may compare other letters than we do: only a clear hit counts.
  if (isComplete && hint.items.some((row) => isClearHit(row, path))) return hint.items;
  const rows: PlexItem[] = [];
  for await (const row of plex.allRows(sectionKey)) {
    if (row.files.some((file) => folded(baseName(file.path)) === folded(name))) rows.push(row);
  }
  return rows;
}

/** A comma is an "or" in a filter and cannot be escaped: the longest piece between commas, or all when there is none. */
function longestPiece(name: string): string {
  return name.split(',').reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

/** Without commas, and the same in every Unicode normal form: the filter's answer can be believed, an empty one too. */
function isPlain(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
  return /^[\u0000-\u007f]*$/.test(name) && !name.includes(',');
}

/** Whether a row is there because of the filter, and not because Plex ignored it. */
function mentions({ files }: PlexItem, name: string): boolean {
  return files.some(({ path }) => folded(path).includes(folded(name)));
}

/** More than the bare name agrees. */
function isClearHit({ files }: PlexItem, path: string): boolean {
  const wanted = comparablePath(path);
  return files.some((file) => {
    const { tail, whole } = comparePaths(wanted, comparablePath(file.path));
    return whole || tail > 1;
  });
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
