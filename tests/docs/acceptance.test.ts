import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const TESTS = fileURLToPath(new URL('..', import.meta.url));
const REPLACED = readFileSync(new URL('../../docs/acceptance.md', import.meta.url), 'utf8');

/** Acceptance cases of the reliability core: how many each group has. */
const CASES = {
  Q: 11,
  TS: 3,
  DLQ: 8,
  ERR: 9,
  RT: 7,
  CB: 14,
  HC: 3,
  OH: 7,
  RS: 10,
  RC: 1,
  RL: 7,
  ST: 9,
  WK: 19,
  PG: 3,
  DT: 6,
  TK: 3,
  DR: 5,
  DI: 2,
};
const WEAKNESSES = 59;
/** Of the specification of matching and reconciliation: weaknesses, and the sections of its acceptance cases. */
const MATCHING_WEAKNESSES = Array.from(
  { length: 70 },
  (_, index) => `W-${String(index + 1).padStart(2, '0')}`,
);
const MATCHING_SECTIONS = Array.from({ length: 23 }, (_, index) => `18.${index + 1}`);

/** IDs in parentheses at the end of a title, and what `it.each` puts behind them. */
function idsInTitles(): Set<string> {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.test.ts'),
  );
  const titles = files.flatMap((name) => {
    const text = readFileSync(join(TESTS, name), 'utf8');
    return [...text.matchAll(/\(((?:(?:[A-Z]{1,3}-\d+|W\d+|A\d+|18\.\d+)(?:, )?)+)\)[^'"`]{0,40}['"`]/g)].map(
      ([, ids]) => ids ?? '',
    );
  });
  return new Set(titles.flatMap((ids) => ids.split(', ')));
}

describe('what the tests cover', () => {
  const found = idsInTitles();
  const isReplaced = (id: string) => new RegExp(`\\b${id.replace('.', '\\.')}\\b`).test(REPLACED);

  it('is every weakness of the reliability core', () => {
    const ids = Array.from({ length: WEAKNESSES }, (_, index) => `W${index + 1}`);
    expect(ids.filter((id) => !found.has(id))).toEqual([]);
  });

  it('is every weakness of matching and reconciliation', () => {
    expect(MATCHING_WEAKNESSES.filter((id) => !found.has(id))).toEqual([]);
  });

  it('is every section of their acceptance cases, or it is listed as replaced', () => {
    expect(MATCHING_SECTIONS.filter((id) => !found.has(id) && !isReplaced(id))).toEqual([]);
  });

  it('is every acceptance case of the reliability core, or it is listed as replaced', () => {
    const ids = Object.entries(CASES).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}-${index + 1}`),
    );
    expect(ids.filter((id) => !found.has(id) && !isReplaced(id))).toEqual([]);
  });
});
