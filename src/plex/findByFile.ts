import { baseName } from './filePath.ts';
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
  const names = [...new Set(wanted.map(({ path }) => baseName(path)))];
  const candidates = new Map<string, PlexItem>();
  for (const { key } of sections) {
    for (const name of names) {
      for (const row of await rowsHolding(plex, key, name)) candidates.set(row.ratingKey, row);
    }
  }
  return rankByFile(wanted, [...candidates.values()]);
}

/** Asks Plex's file filter, and walks the section where the filter cannot be trusted. */
async function rowsHolding(plex: PlexClient, sectionKey: string, name: string): Promise<PlexItem[]> {
  // A comma is an "or" in a filter and cannot be escaped: ask for the longest piece, compare here.
  const piece = name
    .split(',')
    .reduce((longest, part) => (part.length > longest.length ? part : longest), '');
  if (piece.trim() !== '') {
    const { items, totalSize } = await plex.rowsByFile(sectionKey, piece);
    const isWholeAnswer = items.length >= totalSize;
    const isFiltered = items.every(({ files }) =>
      files.some(({ path }) => path.normalize('NFC').includes(piece.normalize('NFC'))),
    );
    if (isWholeAnswer && isFiltered && items.length > 0) return items;
    if (isWholeAnswer && items.length === 0 && isPlain(piece)) return [];
  }
  // The filter was ignored, gave too much, or may compare other letters than we do: look at every row.
  const rows: PlexItem[] = [];
  for await (const row of plex.allRows(sectionKey)) {
    if (row.files.some(({ path }) => sameName(baseName(path), name))) rows.push(row);
  }
  return rows;
}

/** ASCII: the same in every Unicode normal form, so that an empty answer can be believed. */
function isPlain(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
  return /^[\u0000-\u007f]*$/.test(text);
}

function sameName(left: string, right: string): boolean {
  return left.normalize('NFC').toLowerCase() === right.normalize('NFC').toLowerCase();
}
