import { encode } from '../plex/queryString.ts';

/**
 * What no text may have (A1): control characters but line breaks and tabs, which become blanks; what turns the direction of all
 * text behind it; byte-order marks; halves of a character. Joiners and direction marks stay: words and emoji are made of them.
 */
const HARMFUL = /(?![\t-\r\u0085])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** Blanks that somebody chose on purpose, such as a non-breaking one, are not among them (A8). */
const BLANKS = /[ \t-\r\u0085\u2028\u2029]+/g;
/** What shows nothing by itself. */
const UNSEEN = /[\s\p{Default_Ignorable_Code_Point}]/u;
/** A cut moves back to the last blank, or to the beginning of a joined character, only if that keeps this share of the limit. */
const KEPT_SHARE = 0.8;

/** Text for a field of one line: line breaks and tabs become a blank (W-28). Limit in code points, 0 for none. */
export function sanitizeLine(text: string | null | undefined, limit: number): string {
  // NFC after the removal, which may bring a letter and its accent together.
  const plain = (text ?? '').replace(HARMFUL, '').normalize('NFC');
  return cut(trimmed(plain.replace(BLANKS, ' ')), limit);
}

/** Text of several lines: line breaks stay, at most one empty line in a row (W-28). Limit in code points. */
export function sanitizeParagraphs(text: string | null | undefined, limit: number): string {
  const lines = (text ?? '').split(/\r\n|[\n\r\u0085\u2028\u2029]/).map((line) => sanitizeLine(line, 0));
  const joined = lines.join('\n').replace(/\n{3,}/g, '\n\n');
  return cut(joined.trim(), limit);
}

/** The beginning of a text whose percent-encoded form is at most `maxBytes` long, cut at a blank where one is near. */
export function cutToEncodedLength(text: string, maxBytes: number): string {
  // Nearly every text fits, and one look at the whole is much quicker than one at each character.
  if (encode(text).length <= maxBytes) return text;
  let bytes = 0;
  let kept = 0;
  for (const character of text) {
    bytes += encode(character).length;
    if (bytes > maxBytes) return cut(text, kept);
    kept += 1;
  }
  return text;
}

/** Without outer blanks, and without what shows nothing behind the last one: of a text that shows nothing, nothing is left. */
function trimmed(text: string): string {
  let end = text.length;
  for (let last = lastCharacter(text); UNSEEN.test(last); last = lastCharacter(text.slice(0, end)))
    end -= last.length;
  if (end === 0) return '';
  const [joined = ''] = text.slice(end).split(/\s/, 1);
  return (text.slice(0, end) + joined).trimStart();
}

/** Of one code unit or two; empty for an empty text. */
function lastCharacter(text: string): string {
  return /.$/su.exec(text.slice(-2))?.[0] ?? '';
}

/** @param limit in code points; 0 for none. */
function cut(text: string, limit: number): string {
  if (limit <= 0 || text.length <= limit) return text;
  const characters = [...text];
  if (characters.length <= limit) return text;
  const kept = characters.slice(0, limit);
  const lastBlank = kept.lastIndexOf(' ');
  if (lastBlank > limit * KEPT_SHARE) return trimmed(kept.slice(0, lastBlank).join(''));
  const hard = kept.join('');
  const start = new Intl.Segmenter().segment(text).containing(hard.length)?.index ?? hard.length;
  const isNear = [...hard.slice(0, start)].length >= limit * KEPT_SHARE;
  return trimmed(isNear ? hard.slice(0, start) : hard);
}
