import type { FileHolder } from '../plex/PathIndex.ts';
import type { Doubt, FileMatch, FoundByFile } from '../plex/rankByFile.ts';

/** The items of a scene, and what is in doubt beside them. */
export interface ItemChoice<Item extends FileHolder> {
  found: FoundByFile<Item>[];
  /** Files of the scene that several items may have, or one by its bare name only, where strict matching forbids to guess. */
  doubts: Doubt<Item>[];
}

/**
 * Puts together which items are a scene's (A3): those of the last sync, as long as they hold the very file by which they were found, and
 * what a look-up adds to them. A library in which such an item has a file has no other one for it. Where the user has chosen an item,
 * one of the last sync stays for the same file only if the look-up names it as well.
 *
 * @param known items of the last sync.
 * @param match what a look-up by all files came to; its items may be among the known ones.
 */
export function chooseItems<Item extends FileHolder>(
  match: FileMatch<Item>,
  known: readonly FoundByFile<Item>[],
  { isStrict }: { isStrict: boolean },
): ItemChoice<Item> {
  const matches = match.outcome === 'match' ? [match, ...match.also] : [];
  const ours = withoutDisplaced(known, matches);
  const choice: ItemChoice<Item> = { found: [...ours], doubts: [] };
  const isTaken = ({ item, wanted }: FoundByFile<Item>) =>
    choice.found.some(({ item: { ratingKey } }) => ratingKey === item.ratingKey) ||
    ours.some((own) => own.item.sectionKey === item.sectionKey && own.wanted.path === wanted.path);
  const guess = (doubt: Doubt<Item>) => {
    if (isStrict) choice.doubts.push(doubt);
    else choice.found.push(doubt.found);
  };
  for (const found of matches) {
    if (isTaken(found)) continue;
    if (found.confidence !== 'low') choice.found.push(found);
    // Where something is certain, a bare name says nothing.
    else if (choice.found.length === 0) guess({ items: [found.item], found });
  }
  const doubts = match.outcome === 'match' ? match.doubts : match.outcome === 'ambiguous' ? [match] : [];
  for (const doubt of doubts) {
    const isSettled = doubt.items.some((item) => isTaken({ ...doubt.found, item }));
    if (!isSettled) guess({ items: doubt.items, found: doubt.found });
  }
  return choice;
}

/** The items of the last sync but for those that the user's choice takes the place of. */
function withoutDisplaced<Item extends FileHolder>(
  known: readonly FoundByFile<Item>[],
  matches: readonly FoundByFile<Item>[],
): FoundByFile<Item>[] {
  const chosen = matches.filter(({ confidence }) => confidence === 'chosen');
  return known.filter(
    ({ item: { ratingKey }, wanted }) =>
      matches.some(({ item }) => item.ratingKey === ratingKey) ||
      !chosen.some((found) => found.wanted.path === wanted.path),
  );
}
