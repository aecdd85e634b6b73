import type { Shortened } from './Shortened.ts';
import { sanitizeLine } from './sanitizeText.ts';

/** A clean text, with what had to be cut of it. */
export interface CutText {
  text: string;
  shortened: Shortened[];
}

/** A field of one line, or a name. @param limit in code points. */
export function cutLine(field: string, raw: string | null, limit: number): CutText {
  const whole = sanitizeLine(raw, 0);
  return cutText(field, whole, whole.length > limit ? sanitizeLine(whole, limit) : whole);
}

/** What is left of a text, and that it is not all. */
export function cutText(field: string, whole: string, text: string): CutText {
  if (text === whole) return { text, shortened: [] };
  const [total, kept] = [[...whole].length, [...text].length];
  return { text, shortened: [{ field, loss: 'characters', total, kept }] };
}
