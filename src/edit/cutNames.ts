import { type CutText, cutLine } from './cutText.ts';
import { LIMITS } from './limits.ts';
import { fold } from './listEdit.ts';
import type { Shortened } from './Shortened.ts';
import { sanitizeLine } from './sanitizeText.ts';

/** Clean names, with what had to be left out or cut. */
export interface CutNames {
  names: string[];
  shortened: Shortened[];
}

/**
 * Clean names without empties and without doubles, letter case aside (W-34); the first `limit` of them.
 *
 * @param prefix put in front of each name.
 */
export function cutNames(field: string, list: readonly string[], limit: number, prefix = ''): CutNames {
  const byFolded = new Map<string, CutText>();
  let named = 0;
  for (const raw of list) {
    if (prefix !== '' && sanitizeLine(raw, 0) === '') continue;
    const name = cutLine(field, `${prefix}${raw}`, LIMITS.line);
    if (name.text === '') continue;
    named += 1;
    const folded = fold(name.text);
    if (!byFolded.has(folded)) byFolded.set(folded, name);
  }
  const total = byFolded.size;
  const kept = [...byFolded.values()].slice(0, limit);
  const whole = kept.filter(({ shortened }) => shortened.length === 0).length;
  const losses: Shortened[] = [
    { field, loss: 'unnamed', total: list.length, kept: named },
    { field, loss: 'sameName', total: named, kept: total },
    { field, loss: 'cutName', total: kept.length, kept: whole },
    { field, total, kept: kept.length },
  ];
  return {
    names: kept.map(({ text }) => text),
    shortened: losses.filter((loss) => loss.kept < loss.total),
  };
}
