import { baseName, splitPath } from './filePath.ts';
import type { PlexClient } from './PlexClient.ts';
import type { PlexItem } from './PlexItem.ts';
import type { PlexSection } from './PlexSection.ts';
import type { PathMap } from './pathMap.ts';
import { rankByFile, type WantedFile } from './rankByFile.ts';

/** What Plex's file filter says about one file in one section. */
export interface FilterAnswer {
  /** Rows of the listing; their files are to be compared. */
  rows: PlexItem[];
  /** Whether that is all the section holds of the file, or enough to tell which item it is. */
  isComplete: boolean;
  /** Rows came that have nothing to do with the file: this Plex takes no notice of the filter. */
  isIgnored: boolean;
}

/**
 * Asks Plex's own filter for a file: one request, for a whole section. The filter is documented nowhere (plex-http-api.md 3.4),
 * so its answer is believed only where no reading of it could hide the file: it may match by substring or by equality, in
 * some letter case and normal form, take a comma for an "or", or be ignored.
 *
 * @throws PlexError
 */
export async function askFileFilter(
  plex: Pick<PlexClient, 'rowsByFile'>,
  section: PlexSection,
  file: WantedFile,
  map: PathMap,
): Promise<FilterAnswer> {
  const name = baseName(file.path);
  const piece = longestPiece(name);
  const { items: rows, totalSize } = await plex.rowsByFile(section.key, piece);
  const isIgnored = rows.length > 0 && !rows.some((row) => mentions(row, piece));
  if (totalSize === undefined || rows.length < totalSize) return { rows, isComplete: false, isIgnored };
  const isBelieved = isPlain(name) && !isCaseOpen(file, section) && rows.every((row) => mentions(row, name));
  return { rows, isComplete: isBelieved || isClearHit(file, rows, map), isIgnored };
}

/** A comma cannot be escaped: the longest piece between commas, or all when there is none. */
function longestPiece(name: string): string {
  return name.split(',').reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

/** Without commas, and the same in every Unicode normal form. */
function isPlain(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
  return /^[\u0000-\u007f]*$/.test(name) && !name.includes(',');
}

/** Whether a name in another letter case may mean the file: where one of the servers runs on Windows. */
function isCaseOpen({ path }: WantedFile, { locations }: PlexSection): boolean {
  return [path, ...locations].some((place) => splitPath(place).ignoresCase);
}

/** Whether a row is there because of the filter, and not because Plex ignored it. */
function mentions({ files }: PlexItem, name: string): boolean {
  return files.some(({ path }) => folded(path).includes(folded(name)));
}

/** More than the bare name agrees. */
function isClearHit(file: WantedFile, rows: readonly PlexItem[], map: PathMap): boolean {
  const match = rankByFile([file], rows, map);
  return match.outcome === 'match' && (match.agreement !== 'tail' || match.tail > 1);
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
