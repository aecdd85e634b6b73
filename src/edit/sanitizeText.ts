import { encode } from '../plex/queryString.ts';

/** Typographic characters and what Plex's search understands better. */
const PLAIN: Readonly<Record<string, string>> = {
  '\u201c': '"',
  '\u201d': '"',
  '\u2018': "'",
  '\u2019': "'",
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
};

/** A cut moves back to the last blank only if that keeps at least this share of the limit. */
const WORD_BOUNDARY_SHARE = 0.8;

/** Text for a field of one line: line breaks and tabs become a blank (W-28). Limit in code points, 0 for none. */
export function sanitizeLine(text: string | null | undefined, limit: number): string {
  // The byte-order mark counts as white space, but has to vanish like the other format characters.
  const spaced = (text ?? '').replaceAll('\ufeff', '').replace(/[\s\u0085]+/g, ' ');
  return cut(plain(spaced).replace(/\s+/g, ' ').trim(), limit);
}

/** Text of several lines: line breaks stay, at most one empty line in a row (W-28). Limit in code points. */
export function sanitizeParagraphs(text: string | null | undefined, limit: number): string {
  const lines = (text ?? '').split(/\r\n|[\n\r\u0085\u2028\u2029]/).map((line) => sanitizeLine(line, 0));
  const joined = lines.join('\n').replace(/\n{3,}/g, '\n\n');
  return cut(joined.trim(), limit);
}

/** The beginning of a text whose percent-encoded form is at most `maxBytes` long, cut at a blank where one is near. */
export function cutToEncodedLength(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = 0;
  for (const character of text) {
    bytes += encode(character).length;
    if (bytes > maxBytes) return cut(text, kept);
    kept += 1;
  }
  return text;
}

/** NFC, without control and format characters, with plain quotes, dashes and dots. */
function plain(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      // After the removal, which may bring a letter and its accent together.
      .normalize('NFC')
      .replace(/[\u201c\u201d\u2018\u2019\u2013\u2014\u2026]/g, (character) => PLAIN[character] ?? character)
  );
}

/** @param limit in code points; 0 for none. */
function cut(text: string, limit: number): string {
  const characters = [...text];
  if (limit <= 0 || characters.length <= limit) return text;
  const kept = characters.slice(0, limit);
  const lastBlank = kept.lastIndexOf(' ');
  return (lastBlank > limit * WORD_BOUNDARY_SHARE ? kept.slice(0, lastBlank) : kept).join('').trimEnd();
}
