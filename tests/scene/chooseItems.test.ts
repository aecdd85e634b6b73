import { describe, expect, it } from 'vitest';
import type { FileHolder } from '../../src/plex/PathIndex.ts';
import { createPathMap } from '../../src/plex/pathMap.ts';
import { type FoundByFile, rankByFile } from '../../src/plex/rankByFile.ts';
import { chooseItems } from '../../src/scene/chooseItems.ts';

const item = (ratingKey: string, sectionKey: string, ...paths: string[]): FileHolder => ({
  ratingKey,
  sectionKey,
  files: paths.map((path) => ({ path })),
});

/** Keys of the items that are chosen, and of those in doubt. */
function choose(paths: string[], items: FileHolder[], knownKeys: string[] = [], isStrict = true) {
  const wanted = paths.map((path) => ({ path }));
  const map = createPathMap([]);
  const known = knownKeys.map((key) => {
    const own = items.find(({ ratingKey }) => ratingKey === key) as FileHolder;
    return rankByFile(wanted, [own], map) as { outcome: 'match' } & FoundByFile<FileHolder>;
  });
  const { found, doubts } = chooseItems(rankByFile(wanted, items, map), known, { isStrict });
  const keys = (some: FileHolder[]) => some.map(({ ratingKey }) => ratingKey);
  return { found: keys(found.map((each) => each.item)), doubts: doubts.map((doubt) => keys(doubt.items)) };
}

const [one, two] = ['/p/x/a.mp4', '/p/x/b.mp4'];

describe('the items of a scene', () => {
  it('are one in each library and one for each file (A3)', () => {
    const items = [item('1', 's', one), item('2', 't', one), item('3', 's', two)];
    expect(choose([one, two], items)).toEqual({ found: ['1', '2', '3'], doubts: [] });
  });

  it('are one where an item holds several of its files (W-07)', () => {
    expect(choose([one, two], [item('1', 's', two, one)])).toEqual({ found: ['1'], doubts: [] });
  });

  it('are not the two of one library for one file: that one is in doubt, the others are certain (W-06)', () => {
    const items = [item('1', 's', one), item('2', 't', one), item('3', 't', one), item('4', 's', two)];
    expect(choose([one, two], items)).toEqual({ found: ['1', '4'], doubts: [['2', '3']] });
    expect(choose([one, two], items, [], false).found).toEqual(['1', '4', '2']);
  });

  it('are not those that nothing but a name speaks for, where one is certain (W-01)', () => {
    const items = [item('1', 's', one), item('2', 's', '/q/y/b.mp4')];
    expect(choose([one, two], items)).toEqual({ found: ['1'], doubts: [] });
    expect(choose([two], [item('2', 's', '/q/y/b.mp4')])).toEqual({ found: [], doubts: [['2']] });
  });

  it('stay those of the last sync, whatever else has the same file in their library (W-05)', () => {
    const items = [item('1', 's', one), item('2', 's', one), item('3', 't', one)];
    expect(choose([one], items, ['2'])).toEqual({ found: ['2', '3'], doubts: [] });
    expect(choose([one], items)).toEqual({ found: ['3'], doubts: [['1', '2']] });
  });
});
