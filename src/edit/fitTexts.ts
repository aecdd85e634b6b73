import type { Shortened } from './Shortened.ts';
import { cutToEncodedLength } from './sanitizeText.ts';
import type { WantedItem } from './WantedItem.ts';

const TEXTS = [
  'title',
  'studio',
  'summary',
  'collection',
  'contentRating',
  'originalTitle',
  'titleSort',
] as const;
/** What a request says besides the text: names of parameters, a lock, what takes an old value away. */
const OVERHEAD_BYTES = 120;

/**
 * Cuts the texts of an item to what one request carries, because a text cannot be sent in parts. It makes a difference only where the
 * way to Plex takes less than usual.
 *
 * @param maxQueryBytes most bytes of an edit's query.
 */
export function fitTexts(wanted: WantedItem, maxQueryBytes: number): WantedItem {
  const fitted: WantedItem = { ...wanted };
  const cut: Shortened[] = [];
  for (const field of TEXTS) {
    const text = wanted[field];
    if (text === undefined) continue;
    const kept = cutToEncodedLength(text, maxQueryBytes - OVERHEAD_BYTES);
    if (kept === text) continue;
    fitted[field] = kept;
    const before = wanted.shortened?.find((each) => each.field === field);
    // A collection is counted by names.
    if (field !== 'collection') {
      const total = before?.total ?? [...text].length;
      cut.push({ field, loss: 'characters', total, kept: [...kept].length });
    }
  }
  if (cut.length === 0) return fitted;
  const others = (wanted.shortened ?? []).filter(({ field }) => !cut.some((each) => each.field === field));
  return { ...fitted, shortened: [...others, ...cut] };
}
