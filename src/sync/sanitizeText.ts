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

/** Text for a field of one line: line breaks and tabs become a blank (W-28). Limit in code points. */
export function sanitizeLine(text: string | null | undefined, limit: number): string {
  return cut(
    plain((text ?? '').replace(/\s+/g, ' '))
      .replace(/\s+/g, ' ')
      .trim(),
    limit,
  );
}

/** Text of several lines: line breaks stay, at most one empty line in a row (W-28). Limit in code points. */
export function sanitizeParagraphs(text: string | null | undefined, limit: number): string {
  const lines = (text ?? '').split(/\r\n|[\n\r\u2028\u2029]/).map((line) => sanitizeLine(line, 0));
  return cut(
    lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    limit,
  );
}

/** NFC, without control and format characters, with plain quotes, dashes and dots. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/[\u201c\u201d\u2018\u2019\u2013\u2014\u2026]/g, (character) => PLAIN[character] ?? character);
}

/** @param limit in code points; 0 for none. */
function cut(text: string, limit: number): string {
  const characters = [...text];
  if (limit <= 0 || characters.length <= limit) return text;
  const kept = characters.slice(0, limit);
  const lastBlank = kept.lastIndexOf(' ');
  return (lastBlank > limit * WORD_BOUNDARY_SHARE ? kept.slice(0, lastBlank) : kept).join('').trimEnd();
}
